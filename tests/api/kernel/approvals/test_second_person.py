"""Four eyes: what was asked is what is done, by two people who both still may."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import select, update

from muster.kernel import approvals
from muster.kernel.approvals import EXECUTORS, Approval
from muster.kernel.audit.models import ENTRIES
from muster.kernel.errors import DomainError, InvalidInput, NotFound
from muster.kernel.guard import (
    FRAGMENTS,
    Action,
    Attribute,
    Fragment,
    Guard,
    ResourceType,
    Target,
)
from muster.kernel.identity import Actor, Officer, RoleGrant, Unit
from muster.kernel.identity.people import actor_for
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.ports import Ports
from muster.kernel.uow import UnitOfWork
from tests.conftest import House
from tests.factories.mdm import Force

THINGS = Fragment(
    "things",
    [ResourceType("Thing", {"unit": Attribute("Unit")})],
    [Action("thing.burn", "Thing", approval=True), Action("thing.burn.approve", "Thing")],
    """
    @id("thing.admins-burn")
    permit (principal is Officer, action == Action::"thing.burn", resource)
    when { principal.posts has device_admin };
    @id("thing.admins-agree")
    permit (principal is Officer, action == Action::"thing.burn.approve", resource)
    when { principal.posts has device_admin || principal.posts has approver };
    """,
)


@dataclass
class Burning:
    """Carries a burning out: writes a unit as its trace, or fails."""

    fails: bool = False
    done: list[dict[str, Any]] = field(default_factory=list)

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        if "gone" in resource_ids:
            raise NotFound("It burnt already.")
        return [Target("Thing", key, unit="/CITY/NORTH/") for key in resource_ids]

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        uow.session.add(Unit(id=uuid7(), code="ASHES", name="", path="/ASHES/"))
        uow.session.flush()
        if self.fails:
            raise InvalidInput("It does not burn.")
        self.done.append(approval.body)
        return {"ashes": len(approval.resource_ids)}


@dataclass
class Desk:
    """Where things are burnt, and who is there."""

    kernel: Kernel
    force: Force
    burning: Burning
    people: dict[str, Any]

    def actor(self, name: str) -> Actor:
        with self.kernel.reads() as uow:
            return actor_for(uow, self.people[name])

    def ask(self, name: str = "asker", *things: str, **more: Any) -> Any:
        targets = [Target("Thing", key, unit="/CITY/NORTH/") for key in things or ("t-1",)]
        wish = {"body": {"how": "slowly"}, "reason": "court order 7", "label": "File 1"} | more
        with self.kernel.writes() as uow:
            asked = approvals.ask(
                uow, actor_for(uow, self.people[name]), "thing.burn", targets, **wish
            )
            return asked.id

    def approve(self, name: str, approval: Any) -> Approval:
        actor = self.actor(name)
        with self.kernel.writes() as uow:
            return approvals.approve(uow, actor, approval)

    def refused(self, name: str, approval: Any) -> DomainError:
        with pytest.raises(DomainError) as caught:
            self.approve(name, approval)
        return caught.value

    def state(self, approval: Any) -> str:
        with self.kernel.reads() as uow:
            return uow.session.get_one(Approval, approval).state

    def ashes(self) -> int:
        with self.kernel.reads() as uow:
            return len(list(uow.session.scalars(select(Unit).where(Unit.code == "ASHES"))))

    def log(self, action: str) -> list[dict[str, Any]]:
        with self.kernel.reads() as uow:
            chosen = select(ENTRIES.c.canonical).where(ENTRIES.c.action == action)
            return [json.loads(row) for row in uow.session.scalars(chosen.order_by(ENTRIES.c.n))]

    def tamper(self, approval: Any, **values: Any) -> None:
        with self.kernel.writes() as uow:
            uow.session.execute(update(Approval).where(Approval.id == approval).values(**values))


@pytest.fixture
def desk(house: House, force: Force) -> Desk:
    burning, ports = Burning(), Ports()
    ports.answer(EXECUTORS, "thing.burn", burning)
    fragments = [*house.kernel.ports.all(FRAGMENTS).values(), THINGS]
    kernel = replace(house.kernel, ports=ports, guard=Guard(fragments, house.kernel.settings))
    roles = {"asker": "device_admin", "second": "approver", "third": "device_admin"}
    people = {name: force.officer(name, role, pin="") for name, role in roles.items()}
    people["auditor"] = force.officer("auditor", "auditor", pin="")
    return Desk(kernel, force, burning, people)


def test_a_second_person_has_it_done_and_both_are_named(desk: Desk) -> None:
    asked = desk.ask()
    assert (desk.state(asked), desk.ashes()) == ("open", 0)
    done = desk.approve("second", asked)
    assert (done.state, done.decided_by) == ("approved", desk.people["second"])
    assert desk.burning.done == [{"how": "slowly"}]
    (entry,) = desk.log("thing.burn.approve")
    assert entry["actor_id"] == str(desk.people["second"])
    assert entry["result"]["requested_by"] == str(desk.people["asker"])
    assert entry["result"]["ashes"] == 1
    (request,) = desk.log("thing.burn")
    assert request["result"]["approval"] == entry["result"]["approval"] == str(asked)


def test_nobody_approves_their_own_request(desk: Desk) -> None:
    asked = desk.ask()
    refused = desk.refused("asker", asked)
    assert (refused.code, refused.status) == ("second_person_required", 403)
    assert (desk.state(asked), desk.ashes()) == ("open", 0)
    (entry,) = desk.log("thing.burn.approve")
    assert (entry["outcome"], entry["policies"]) == ("denied", ["approvals.never-ones-own"])


def test_who_may_not_be_the_second_person_is_refused(desk: Desk) -> None:
    assert desk.refused("auditor", desk.ask()).code == "not_permitted"
    assert desk.ashes() == 0


def test_a_requester_who_lost_the_role_since_is_not_served(desk: Desk) -> None:
    asked = desk.ask()
    with desk.kernel.writes() as uow:
        grants = select(RoleGrant).where(RoleGrant.officer_id == desk.people["asker"])
        uow.session.delete(uow.session.scalars(grants).one())
        uow.session.get_one(Officer, desk.people["asker"]).epoch += 1
    assert desk.refused("second", asked).code == "requester_not_permitted"
    assert (desk.state(asked), desk.ashes()) == ("open", 0)
    (entry,) = desk.log("thing.burn.approve")
    assert entry["outcome"] == "failed"
    assert entry["result"]["requested_by"] == str(desk.people["asker"])


@pytest.mark.parametrize(
    "change",
    [
        {"body": {"how": "quickly"}},
        {"resource_ids": ["t-2"]},
        {"reason": "another court order"},
        {"label": "File 2"},
        {"action": "thing.bury"},
    ],
)
def test_a_request_that_was_changed_is_not_carried_out(desk: Desk, change: dict[str, Any]) -> None:
    asked = desk.ask()
    desk.tamper(asked, **change)
    assert desk.refused("second", asked).code == "approval_tampered"
    assert (desk.state(asked), desk.ashes()) == ("open", 0)
    assert desk.log("approvals.read")[-1]["result"]["refused"] == "approval_tampered"


def test_a_request_whose_asker_was_swapped_is_not_carried_out(desk: Desk) -> None:
    asked = desk.ask()
    desk.tamper(asked, requested_by=desk.people["third"])
    assert desk.refused("asker", asked).code == "approval_tampered"


def test_a_request_lives_for_a_day(desk: Desk, house: House) -> None:
    asked = desk.ask()
    house.clock.advance(hours=24, seconds=1)
    assert desk.refused("second", asked).code == "approval_closed"
    with desk.kernel.writes() as uow:
        assert approvals.expire(uow) == 1
    assert (desk.state(asked), desk.ashes()) == ("expired", 0)


def test_what_cannot_be_done_leaves_the_request_open(desk: Desk) -> None:
    asked = desk.ask()
    desk.burning.fails = True
    assert desk.refused("second", asked).code == "invalid_input"
    assert (desk.state(asked), desk.ashes()) == ("open", 0)
    assert desk.log("thing.burn.approve")[-1]["outcome"] == "failed"
    desk.burning.fails = False
    assert desk.approve("second", asked).state == "approved"


def test_what_is_gone_meanwhile_is_said_to_be(desk: Desk) -> None:
    assert desk.refused("second", desk.ask("asker", "gone")).code == "not_found"


def test_two_who_agree_at_the_same_moment_have_it_done_once(desk: Desk) -> None:
    asked, ready, codes = desk.ask(), threading.Barrier(2), []
    actors = [desk.actor(name) for name in ("second", "third")]

    def agree(actor: Actor) -> None:
        ready.wait()
        try:
            with desk.kernel.writes() as uow:
                approvals.approve(uow, actor, asked)
            codes.append("done")
        except DomainError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=agree, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["approval_closed", "done"]
    assert desk.burning.done == [{"how": "slowly"}]


def test_a_decided_request_cannot_be_decided_again(desk: Desk) -> None:
    asked = desk.ask()
    desk.approve("second", asked)
    assert desk.refused("third", asked).code == "approval_closed"
    asked = desk.ask()
    with desk.kernel.writes() as uow:
        refused = approvals.refuse(
            uow, actor_for(uow, desk.people["second"]), asked, "not this one"
        )
        assert (refused.state, refused.note) == ("refused", "not this one")
    assert desk.refused("third", asked).code == "approval_closed"


def test_a_request_is_withdrawn_by_its_asker_alone(desk: Desk) -> None:
    asked = desk.ask()

    def withdraw(name: str) -> None:
        actor = desk.actor(name)
        with desk.kernel.writes() as uow:
            approvals.withdraw(uow, actor, asked)

    with pytest.raises(DomainError, match="No access policy"):
        withdraw("third")
    assert desk.state(asked) == "open"
    withdraw("asker")
    assert desk.state(asked) == "cancelled"


@pytest.mark.parametrize("reason", ["", "  no  ", "x" * 1001])
def test_a_request_gives_its_reason(desk: Desk, reason: str) -> None:
    with pytest.raises(InvalidInput):
        desk.ask(reason=reason)


def test_whoever_may_not_do_it_may_not_ask_for_it_either(desk: Desk) -> None:
    with pytest.raises(DomainError, match="No access policy"):
        desk.ask("second")
