"""The dispatch fails closed: no decision, no answer; no record, no answer."""

import pytest
from sqlalchemy import select, text

from muster.kernel.audit.models import ENTRIES
from muster.kernel.db import Mode
from muster.kernel.identity import Unit
from muster.kernel.web.marks import Auth, mark_for
from tests.api.kernel.conftest import Bench
from tests.factories.mdm import Force


def codes(bench: Bench) -> set[str]:
    with bench.kernel.reads() as uow:
        return set(uow.session.scalars(select(Unit.code)))


def outcomes(bench: Bench, action: str) -> list[str]:
    with bench.kernel.reads() as uow:
        chosen = select(ENTRIES.c.outcome).where(ENTRIES.c.action == action)
        return list(uow.session.scalars(chosen))


@pytest.mark.parametrize("path", ["/bench/forgets", "/bench/undeclared"])
def test_a_route_that_decides_nothing_or_something_undeclared_gives_nothing(
    bench: Bench, force: Force, path: str
) -> None:
    auditor = bench.console(force.console("A9", "auditor"))
    answer = auditor.post(path)
    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal_error")
    assert "record" not in answer.get_data(as_text=True)
    assert codes(bench).isdisjoint({"FORGOTTEN", "UNDECLARED"})


def test_an_undeclared_decision_stands_in_the_log_as_failed(bench: Bench, force: Force) -> None:
    bench.console(force.console("A9", "auditor")).post("/bench/undeclared")
    assert outcomes(bench, "audit.entry.list") == ["failed"]


def test_a_declared_decision_is_carried_out_and_recorded(bench: Bench, force: Force) -> None:
    assert bench.console(force.console("A9", "auditor")).post("/bench/decides").status_code == 200
    assert "DECIDED" in codes(bench)
    assert outcomes(bench, "approvals.read") == ["permitted"]


def test_an_officer_whom_nothing_permits_changes_nothing(bench: Bench, force: Force) -> None:
    answer = bench.console(force.console("A9", "officer")).post("/bench/decides")
    assert (answer.status_code, answer.get_json()["rule"]) == (403, "default-deny")
    assert "DECIDED" not in codes(bench)
    assert outcomes(bench, "approvals.read") == ["denied"]


def test_without_the_log_nothing_is_done(bench: Bench, force: Force) -> None:
    auditor = bench.console(force.console("A9", "auditor"))
    with bench.kernel.db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {ENTRIES.name} RENAME TO stolen"))
    answer = auditor.post("/bench/decides")
    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal_error")
    assert "DECIDED" not in codes(bench)


def test_a_stray_exception_says_little_and_changes_nothing(bench: Bench) -> None:
    answer = bench.client.post("/bench/breaks")
    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal_error")
    assert "heron" not in answer.get_data(as_text=True)
    assert codes(bench) == set()


def test_an_idempotent_route_that_only_reads_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="it must write"):
        mark_for(["POST"], Auth.FIELD, mode=Mode.READS, idempotent=True)
