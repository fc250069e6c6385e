"""A POST sent twice is done once."""

import threading
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from muster.kernel.identity import Unit
from muster.kernel.web import forget_answers
from muster.kernel.web.models import StoredAnswer
from tests.api.kernel.conftest import Bench
from tests.factories.mdm import Console, Force

KEY = {"Idempotency-Key": "0c2f6d1e-one"}


def send(somebody: Console, code: str = "NORTH", **headers: str) -> TestResponse:
    return somebody.post("/bench/once", {"code": code}, headers=KEY | headers)


def count(bench: Bench, *codes: str) -> int:
    with bench.kernel.reads() as uow:
        chosen = select(func.count()).select_from(Unit).where(Unit.code.in_(codes))
        return uow.session.scalars(chosen).one()


def test_the_same_request_again_gets_the_same_answer(bench: Bench, force: Force) -> None:
    auditor = bench.console(force.console("A9", "auditor"))
    first, second = send(auditor, "X1"), send(auditor, "X1")
    assert first.status_code == second.status_code == 201
    assert first.data == second.data
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert count(bench, "X1") == 1


def test_a_key_is_one_persons_and_one_bodys(bench: Bench, force: Force) -> None:
    auditor, other = (bench.console(force.console(n, "auditor")) for n in ("A8", "A9"))
    assert send(auditor, "X1").status_code == 201
    reused = send(auditor, "X2")
    assert (reused.status_code, reused.get_json()["code"]) == (422, "idempotency_key_reused")
    assert send(other, "X2").status_code == 201


def test_without_a_key_nothing_is_done(bench: Bench, force: Force) -> None:
    auditor = bench.console(force.console("A9", "auditor"))
    for key in ("", "short", "x" * 256, "with\ttab in it"):
        answer = send(auditor, "X1", **{"Idempotency-Key": key})
        assert (answer.status_code, answer.get_json()["code"]) == (400, "idempotency_key_required")
    assert count(bench, "X1") == 0


def test_a_refused_request_may_be_sent_again_under_its_key(bench: Bench, force: Force) -> None:
    auditor = bench.console(force.console("A9", "auditor"))
    assert send(auditor, "").status_code == 422
    assert send(auditor, "X1").status_code == 201


def test_twins_that_arrive_together_are_done_once(bench: Bench, force: Force) -> None:
    auditor = force.console("A9", "auditor")
    answers: list[TestResponse] = []
    ready = threading.Barrier(4)

    def knock() -> None:
        somebody = Console(bench.app.test_client(), auditor.secret, auditor.officer_id)
        ready.wait()
        answers.append(send(somebody, "X1"))

    twins = [threading.Thread(target=knock) for _ in range(4)]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join()
    assert count(bench, "X1") == 1
    statuses = {answer.status_code for answer in answers}
    assert 201 in statuses
    assert statuses <= {201, 409, 503}
    assert send(bench.console(auditor), "X1").headers["Idempotency-Replayed"] == "true"


def rows(bench: Bench) -> list[Any]:
    with bench.kernel.reads() as uow:
        return list(uow.session.scalars(select(StoredAnswer)))


def test_a_kept_answer_is_sealed_and_forgotten_after_three_days(bench: Bench, force: Force) -> None:
    send(bench.console(force.console("A9", "auditor")), "SEALEDUNIT")
    (row,) = rows(bench)
    assert b"SEALEDUNIT" not in row.sealed
    with bench.kernel.writes() as uow:
        kept = uow.session.scalars(select(StoredAnswer)).one()
        kept.created_at -= timedelta(hours=71)
        forget_answers(uow)
    assert rows(bench)
    with bench.kernel.writes() as uow:
        uow.session.scalars(select(StoredAnswer)).one().created_at -= timedelta(hours=1)
        uow.session.flush()
        forget_answers(uow)
    assert not rows(bench)


def test_an_answer_moved_to_another_person_does_not_open(bench: Bench, force: Force) -> None:
    """Whoever may write to the database still reads nobody else's answers through the API."""
    auditor, thief = force.console("A8", "auditor"), force.console("A9", "auditor")
    send(bench.console(auditor), "X1")
    with bench.kernel.writes() as uow:
        uow.session.scalars(select(StoredAnswer)).one().actor_id = f"officer:{thief.officer_id}"
    answer = send(bench.console(thief), "X1")
    assert answer.status_code == 500
    assert count(bench, "X1") == 1
