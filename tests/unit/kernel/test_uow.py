"""The unit of work: one order, one commit, and what outlives a refusal."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import DatabaseError

from muster.kernel import observe
from muster.kernel.audit import Entry, EntryTooLarge
from muster.kernel.audit.models import ENTRIES
from muster.kernel.errors import Conflict, DomainError, StaleVersion
from muster.kernel.events.models import OutboxRow
from muster.kernel.identity import PostureChanged, Unit
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.ports import Ports
from muster.kernel.uow import FINISHERS, UnitOfWork


class Refused(DomainError):
    code, status, title = "test_refused", 409, "No."


def unit(code: str) -> Unit:
    return Unit(id=uuid7(), code=code, name=code, path=f"/{code}/")


def entry(**more: Any) -> Entry:
    return Entry(**{"action": "test.act", "outcome": "permitted", "actor_kind": "system"} | more)


def attempt(unit_of_work: UnitOfWork, *works: Callable[[UnitOfWork], object]) -> None:
    """Do all the works in one unit."""
    with unit_of_work as uow:
        for work in works:
            work(uow)


def refuse(uow: UnitOfWork) -> None:
    raise Refused


def add(code: str) -> Callable[[UnitOfWork], object]:
    return lambda uow: uow.session.add(unit(code))


def record(**more: Any) -> Callable[[UnitOfWork], object]:
    return lambda uow: uow.record(entry(**more))


def codes(kernel: Kernel) -> set[str]:
    with kernel.reads() as uow:
        return set(uow.session.scalars(select(Unit.code)))


def logged(kernel: Kernel) -> list[tuple[str, str]]:
    with kernel.reads() as uow:
        chosen = select(ENTRIES.c.action, ENTRIES.c.outcome).where(ENTRIES.c.action == "test.act")
        return [(row.action, row.outcome) for row in uow.session.execute(chosen)]


def test_everything_is_written_in_one_order_and_one_commit(kernel: Kernel) -> None:
    sent: list[str] = []
    ports = Ports()
    ports.answer(FINISHERS, "last", lambda uow: uow.session.execute(text("SELECT 'finish'")))
    event.listen(kernel.db.engine, "before_cursor_execute", lambda *call: sent.append(call[2]))
    event.listen(kernel.db.engine, "commit", lambda _: sent.append("COMMIT"))
    with replace(kernel, ports=ports).writes() as uow:
        uow.record(entry())
        uow.emit(PostureChanged(device_id=uuid7(), tier=2, state="enrolled"))
        uow.before_commit(lambda: uow.session.execute(text("SELECT 'answer'")) and None)
        uow.session.add(unit("NORTH"))
    marks = ["kern_unit", "'answer'", OutboxRow.__tablename__, ENTRIES.name, "'finish'", "COMMIT"]
    places = [next(i for i, sql in enumerate(sent) if mark in sql) for mark in marks]
    assert places == sorted(places)
    assert sent.count("COMMIT") == 1


def test_a_refusal_undoes_the_act_and_keeps_what_must_outlive_it(kernel: Kernel) -> None:
    lost = PostureChanged(device_id=uuid7(), tier=0, state="lost")
    with pytest.raises(Refused):
        attempt(
            kernel.writes(),
            add("GONE"),
            lambda uow: uow.emit(lost),
            lambda uow: uow.afterwards(add("KEPT")),
            refuse,
        )
    assert codes(kernel) == {"KEPT"}
    with kernel.reads() as uow:
        assert not list(uow.session.scalars(select(OutboxRow)))


def test_what_is_kept_for_a_refusal_is_not_written_after_a_success(kernel: Kernel) -> None:
    with kernel.writes() as uow:
        uow.afterwards(add("NEVER"))
    assert codes(kernel) == set()


def test_a_permitted_act_that_failed_stands_in_the_log_as_failed(kernel: Kernel) -> None:
    with pytest.raises(Refused):
        attempt(kernel.writes(), record(), record(outcome="denied"), refuse)
    assert sorted(logged(kernel)) == [("test.act", "denied"), ("test.act", "failed")]


def test_an_act_that_fails_at_its_commit_stands_in_the_log_as_failed(kernel: Kernel) -> None:
    with kernel.writes() as uow:
        uow.session.add(unit("NORTH"))
    with pytest.raises(Conflict):
        attempt(kernel.writes(), record(), add("NORTH"))
    assert logged(kernel) == [("test.act", "failed")]


def test_a_read_leaves_its_audit_row_before_the_answer(kernel: Kernel) -> None:
    with kernel.reads() as uow:
        uow.session.scalars(select(Unit)).all()
        uow.record(entry())
    assert logged(kernel) == [("test.act", "permitted")]


def changes() -> list[Callable[[UnitOfWork], object]]:
    row = {"id": uuid7(), "code": "SLY", "name": "", "path": "/SLY/"}
    return [
        lambda uow: uow.session.add(unit("SLY")),
        lambda uow: (uow.session.add(unit("SLY")), uow.session.flush()),
        lambda uow: uow.session.execute(insert(Unit).values(**row, version=1)),
        lambda uow: uow.emit(PostureChanged(device_id=uuid7(), tier=2, state="enrolled")),
    ]


@pytest.mark.parametrize("change", changes(), ids=["added", "flushed", "by core", "event"])
def test_a_reading_unit_that_changes_rows_is_refused(
    kernel: Kernel, change: Callable[[UnitOfWork], object]
) -> None:
    with pytest.raises(RuntimeError, match="declare it as writes"):
        attempt(kernel.reads(), lambda uow: uow.session.execute(select(Unit)), change)
    assert codes(kernel) == set()


def test_without_its_audit_row_nothing_is_written(kernel: Kernel) -> None:
    with pytest.raises(EntryTooLarge):
        attempt(kernel.writes(), add("UNSEEN"), record(result={"blob": "x" * 70_000}))
    assert codes(kernel) == set()


def test_a_lost_log_refuses_reads_too(kernel: Kernel) -> None:
    with kernel.db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {ENTRIES.name} RENAME TO stolen"))
    with pytest.raises(DatabaseError, match=ENTRIES.name):
        attempt(kernel.reads(), record())


def test_news_that_cannot_be_told_does_not_undo_the_commit(kernel: Kernel) -> None:
    def fail() -> None:
        raise OSError("the line is cut")

    with kernel.writes() as uow:
        uow.session.add(unit("NORTH"))
        uow.record(entry())
        uow.after_commit(fail)
    assert codes(kernel) == {"NORTH"}
    assert logged(kernel) == [("test.act", "permitted")]


def test_of_two_who_change_the_same_row_the_second_is_told(kernel: Kernel) -> None:
    with kernel.writes() as uow:
        uow.session.add(unit("NORTH"))
    first, second = kernel.reads(), kernel.reads()
    one = first.session.scalars(select(Unit)).one()
    two = second.session.scalars(select(Unit)).one()
    for reader in (first, second):
        reader.commit()
    with kernel.writes() as uow:
        uow.session.add(one)
        one.name = "North bureau"
    with pytest.raises(StaleVersion):
        attempt(
            kernel.writes(),
            lambda uow: uow.session.add(two),
            lambda _: setattr(two, "name", "Northern branch"),
        )


def test_a_write_with_its_record_costs_few_statements(kernel: Kernel) -> None:
    observe.counts.set(observe.Counts())
    with kernel.writes() as uow:
        uow.session.add(unit("NORTH"))
        uow.record(entry())
        uow.record(entry())
        uow.emit(PostureChanged(device_id=uuid7(), tier=2, state="enrolled"))
    counts = observe.counts.get()
    assert counts is not None
    assert counts.commits == 1
    assert counts.statements <= 4  # BEGIN by hand on SQLite; row, event, both entries


def test_a_unit_that_asks_nothing_costs_nothing(kernel: Kernel) -> None:
    observe.counts.set(observe.Counts())
    with kernel.reads():
        pass
    assert observe.counts.get() == observe.Counts(0, 0)
