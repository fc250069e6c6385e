"""The lease ends with the posture that carries it; streams say when to look, and nothing else."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from muster.kernel.web.streams import HEADER, HELD_BY_FRONT
from muster.ondevice import ManifestError, manifest
from offline_sync.scopes import ScopeGrant, scope_topic
from tests.conftest import House
from tests.factories.sync import City, FieldTerminal, Notes, answered

LEASE, EVENTS = "/sync/v1/lease", "/sync/v1/events"


def verify(house: House, kid: str, algorithm: str, payload: bytes, signature: bytes) -> bool:
    key = house.kernel.keys.verifier("manifest", kid)
    return key.algorithm == algorithm and key.verify(signature, payload)


def test_a_lease_names_what_may_be_held_and_until_when(
    house: House, city: City, terminal: FieldTerminal
) -> None:
    sealed = answered(terminal.call("GET", LEASE))
    lease = manifest.check(
        sealed, lambda *parts: verify(house, *parts), house.clock(), kind="lease"
    )
    assert lease["id"] == str(terminal.id)
    mine = f"personal:{city.officers['N1']}"
    assert lease["collections"]["notes"] == [mine, "unit:NORTH"]
    sealed["manifest"]["officer"] = "somebody else"
    with pytest.raises(ManifestError):
        manifest.check(sealed, lambda *parts: verify(house, *parts), house.clock())


@pytest.mark.parametrize(("judged_hours_ago", "hours_left"), [(0, 12), (20, 4)])
def test_a_lease_never_outlives_the_posture_that_carries_it(
    house: House, terminal: FieldTerminal, judged_hours_ago: int, hours_left: int
) -> None:
    terminal.judged(2, hours_ago=judged_hours_ago)
    lease = answered(terminal.call("GET", LEASE))["manifest"]
    left = datetime.fromisoformat(lease["expires"]) - house.clock()
    assert timedelta() <= timedelta(hours=hours_left) - left < timedelta(minutes=1)


def test_a_refused_terminal_gets_no_lease(terminal: FieldTerminal) -> None:
    terminal.judged(1, "rooted")
    answered(terminal.call("GET", LEASE), 403)


def test_what_was_leased_is_on_record_for_officer_and_terminal(
    house: House, city: City, terminal: FieldTerminal
) -> None:
    answered(terminal.call("GET", LEASE))
    with house.kernel.reads() as uow:
        rows = uow.session.scalars(select(ScopeGrant).where(ScopeGrant.scope == "unit:NORTH"))
        subjects = {(row.subject_kind, row.subject_id) for row in rows}
    assert subjects == {("officer", city.officers["N1"]), ("terminal", terminal.id)}


def test_a_stream_listens_to_ones_own_scopes_and_ends_with_ones_standing(
    house: House, city: City, terminal: FieldTerminal
) -> None:
    opened = terminal.call("GET", EVENTS, environ_overrides={HELD_BY_FRONT: True})
    held = json.loads(opened.headers[HEADER])
    assert scope_topic("unit:NORTH") in held["topics"]
    assert scope_topic("unit:SOUTH") not in held["topics"]
    assert {f"gate:{city.officers['N1']}", f"gate:{city.field_app}"} <= set(held["gates"])


def test_a_change_is_announced_after_the_commit_by_scope_alone(
    house: House, notes: Notes, city: City
) -> None:
    heard: list[bytes] = []
    house.kernel.bus.subscribe([scope_topic("unit:NORTH")], lambda _, text: heard.append(text))
    with house.kernel.writes() as uow:
        notes.write(uow, "a", "the witness is Erika", ["unit:NORTH"])
        assert heard == []
    for _ in range(200):
        if heard:
            break
        house.kernel.bus.wait(0.01)
    (message,) = heard
    told = json.loads(message)
    assert set(told) == {"event", "scopes"}
    assert (told["event"], len(told["scopes"])) == ("RESYNC", 1)
