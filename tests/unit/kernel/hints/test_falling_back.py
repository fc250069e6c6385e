"""A terminal that does not come after its hint is told by its next carrier, and this shows."""

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from muster.kernel import hints
from muster.kernel.hints import CARRIERS, WISHES, HintNotCarried, HintState, Wish
from muster.kernel.identity.models import Device
from muster.kernel.jobs import Worker
from muster.kernel.jobs.models import Job


@dataclass
class Carrier:
    """Notes whom it told."""

    slow: bool = False
    broken: bool = False
    finds: str = "address"
    told: list = field(default_factory=list)

    def carry(self, kernel, device_id, look):
        if self.broken:
            raise HintNotCarried("out of order")
        self.told.append(look)


@dataclass
class Wishes:
    """What the house wishes, the same for every terminal."""

    wish: Wish = field(default_factory=Wish)

    def of(self, uow, device_ids):
        return dict.fromkeys(device_ids, self.wish)


@pytest.fixture
def wishes(bare, jobs_wired):
    hints.wire(bare.ports, SimpleNamespace(mqtt_url="", fcm_credentials=""))
    wishes = Wishes()
    bare.ports.answer(WISHES, "fleet", wishes)
    return wishes


@pytest.fixture
def mqtt(bare, device_id):
    with bare.writes() as uow:
        hints.set_address(uow, device_id, "mqtt", "hash")
        hints.set_address(uow, device_id, "fcm", "token")
    mqtt = Carrier()
    bare.ports.answer(CARRIERS, "mqtt", mqtt)
    return mqtt


@pytest.fixture
def fcm(bare):
    fcm = Carrier(slow=True)
    bare.ports.answer(CARRIERS, "fcm", fcm)
    return fcm


def send(bare, device_id, look="commands"):
    with bare.writes() as uow:
        hints.send(uow, device_id, look)


def state(bare, device_id) -> tuple[str, str]:
    with bare.reads() as uow:
        found = uow.session.get(HintState, device_id)
        return found.carrier, found.outcome


def later(bare):
    bare.clock.advance(seconds=61)
    hints.follow_up(bare, {})
    Worker(bare).run_until_idle()


def counts(bare) -> dict:
    with bare.reads() as uow:
        rows = hints.carriers(uow)
        return {row.name: (row.sent, row.heard, row.missed, row.failed) for row in rows}


def test_a_terminal_that_does_not_come_is_told_by_one_carrier_after_the_other(
    bare, wishes, mqtt, fcm, device_id
):
    told = []
    bare.bus.subscribe([hints.topic(device_id)], lambda _, message: told.append(message))
    with bare.writes() as uow:
        hints.listens(uow, device_id, "stream", bare.clock() + timedelta(minutes=15))
    send(bare, device_id)
    assert (told, mqtt.told, fcm.told) == ([b'{"look":"commands"}'], [], [])
    later(bare)
    assert (mqtt.told, fcm.told, state(bare, device_id)) == (["commands"], [], ("mqtt", "sent"))
    later(bare)
    assert (fcm.told, state(bare, device_id)) == (["commands"], ("fcm", "sent"))
    later(bare)
    assert state(bare, device_id) == ("fcm", "missed")
    later(bare)
    assert (len(told), len(mqtt.told), len(fcm.told)) == (1, 1, 1)
    assert counts(bare) == dict.fromkeys(("stream", "mqtt", "fcm"), (1, 0, 1, 0))


def test_a_terminal_that_came_is_left_alone(bare, wishes, mqtt, fcm, device_id):
    send(bare, device_id)
    wishes.wish = Wish(seen_at=bare.clock() + timedelta(seconds=3))
    later(bare)
    assert (fcm.told, state(bare, device_id)) == ([], ("mqtt", "heard"))
    assert counts(bare) == {"mqtt": (1, 1, 0, 0)}


def test_the_configuration_chooses_the_carrier(bare, wishes, mqtt, fcm, device_id):
    wishes.wish = Wish(carriers=("fcm", "mqtt"))
    send(bare, device_id)
    Worker(bare).run_until_idle()
    assert (fcm.told, mqtt.told) == (["commands"], [])
    wishes.wish = Wish(carriers=())
    send(bare, device_id, "sync")
    later(bare)
    assert (fcm.told, mqtt.told, state(bare, device_id)) == (["commands"], [], ("", ""))


def test_a_carrier_that_fails_hands_over_at_once(bare, wishes, mqtt, fcm, device_id):
    mqtt.broken = True
    send(bare, device_id)
    Worker(bare).run_until_idle()
    assert (fcm.told, state(bare, device_id)) == (["commands"], ("fcm", "sent"))
    assert counts(bare) == {"fcm": (1, 0, 0, 0), "mqtt": (1, 0, 0, 1)}
    with bare.reads() as uow:
        assert hints.carriers(uow)[1].last_error == "out of order"


def test_a_hint_waits_for_a_terminal_between_two_polls_and_is_taken_once(bare, wishes, device_id):
    def waiting():
        with bare.writes() as uow:
            return hints.take_waiting(uow, device_id)

    assert waiting() is None
    send(bare, device_id)
    assert (waiting(), waiting()) == ("commands", None)
    bare.clock.advance(seconds=1)
    send(bare, device_id, "configuration")
    wishes.wish = Wish(seen_at=bare.clock() + timedelta(seconds=1))
    assert waiting() is None


def test_many_are_told_in_turns_and_none_is_left_out(bare, wishes, mqtt, device_id):
    with bare.writes() as uow:
        unit_id = uow.session.get(Device, device_id).unit_id
        made = [Device(label=f"N1-{n:04}", unit_id=unit_id) for n in range(450)]
        uow.session.add_all(made)
        uow.session.flush()
        for device in made:
            hints.set_address(uow, device.id, "mqtt", "hash")
        everyone = [device.id for device in made]
    with bare.writes() as uow:
        hints.send_many(uow, everyone, "configuration")
    assert mqtt.told == []
    with bare.reads() as uow:
        turns = uow.session.scalars(select(Job.run_at).where(Job.kind == "kern.hint.spread")).all()
        assert len(set(turns)) == 5
    bare.clock.advance(seconds=60)
    Worker(bare).run_until_idle()
    assert mqtt.told == ["configuration"] * 450
    with bare.reads() as uow:
        assert uow.session.scalar(select(func.count()).select_from(HintState)) == 450
