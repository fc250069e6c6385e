"""The auditor's pages: witnesses, legal holds and the review queue, without scripts."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from muster.kernel.audit import Entry
from muster.kernel.audit.review.draw import draw
from muster.kernel.audit.review.models import ReviewItem
from muster.kernel.audit.witness.cosignature import WitnessKey
from muster.kernel.identity.people import actor_for
from tests.conftest import House
from tests.factories.console import Reader, signed_in
from tests.factories.mdm import Force

REASON = "proceedings 17/2026 are pending"


@pytest.fixture
def item(house: House, force: Force) -> Iterator[UUID]:
    officer = force.officer("204001", unit="NORTH")
    with house.kernel.writes() as uow:
        person = actor_for(uow, officer).person
        assert person is not None
        uow.record(
            Entry(
                action="field.check.run",
                outcome="permitted",
                actor_kind="officer",
                actor_id=officer,
                unit_id=person.unit_id,
                at=uow.now(),
            )
        )
    house.clock.advance(seconds=1)
    draw(house.kernel, {})
    with house.kernel.reads() as uow:
        yield uow.session.scalars(select(ReviewItem.id)).one()


def test_a_hold_is_placed_and_lifted_by_two(force: Force, auditor: Reader) -> None:
    auditor.get("/console/audit/holds")
    assert "Nothing is held" in auditor.page
    form = {"kind": "case", "subject_kind": "", "value": "A2026-7", "reason": REASON}
    assert auditor.post("/console/audit/holds", **form).status_code == 303
    auditor.get("/console/audit/holds")
    assert "A2026-7" in auditor.page
    (lift,) = (one for one in auditor.forms() if one.endswith("/lift"))
    asked = auditor.post(lift, reason="the court has closed it")
    assert asked.status_code == 303
    request = asked.headers["Location"]
    auditor.get(request)
    assert auditor.forms() == {f"{request}/withdraw"}
    second = signed_in(force, "B2", "security_admin")
    second.get(request)
    assert second.post(f"{request}/approve").status_code == 303
    auditor.get("/console/audit/holds?state=lifted")
    assert "A2026-7" in auditor.page


def test_a_hold_on_nobody_is_refused_on_its_page(auditor: Reader) -> None:
    form = {"kind": "officer", "subject_kind": "", "value": "nobody", "reason": REASON}
    answer = auditor.post("/console/audit/holds", **form)
    assert answer.status_code == 422
    assert "no officer of this number" in auditor.page


def test_an_item_is_reviewed(auditor: Reader, item: UUID) -> None:
    auditor.get("/console/audit/reviews")
    assert "Random sample" in auditor.page
    address = f"/console/audit/reviews/{item}"
    auditor.get(address)
    assert auditor.forms() == {f"{address}/decide"}
    short = auditor.post(f"{address}/decide", verdict="explained", reason="no")
    assert short.status_code == 422
    said = {"verdict": "explained", "reason": "dispatched to incident A2026-1"}
    assert auditor.post(f"{address}/decide", **said).status_code == 303
    auditor.get(address)
    assert "dispatched to incident" in auditor.page
    assert auditor.forms() == set()


def test_an_officers_own_chief_does_not_see_the_item(force: Force, item: UUID) -> None:
    chief = signed_in(force, "C1", "auditor", "supervisor")
    chief.get("/console/audit/reviews")
    assert "Nothing waits for review" in chief.page
    assert chief.get(f"/console/audit/reviews/{item}").status_code == 403


@pytest.mark.parametrize("role", ["device_admin", "supervisor"])
def test_others_find_no_such_pages(force: Force, role: str) -> None:
    somebody = signed_in(force, "A1", role)
    for path in ("/console/audit/holds", "/console/audit/reviews"):
        assert somebody.get(path).status_code == 403


def test_the_page_says_how_far_a_witness_has_followed(house: House, auditor: Reader) -> None:
    key = WitnessKey("witness.example/1", bytes(range(32)))
    house.kernel.settings = replace(
        house.kernel.settings, witness_urls=("http://127.0.0.1:9",), witness_keys=(str(key),)
    )
    auditor.get("/console/audit?operation=consultation")
    assert "witness.example/1" in auditor.page
    assert "Not asked yet" in auditor.page
