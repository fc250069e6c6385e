"""A hint goes out after the commit, says only where to look, and never fails a use case."""

from types import SimpleNamespace

import pytest

from muster.kernel import hints
from muster.kernel.hints import CARRIERS, HintNotCarried
from muster.kernel.jobs import Worker
from muster.kernel.settings import SettingsError


class Carrier:
    """Notes whom it was sent to, after failing as often as it was told to."""

    finds = "address"

    def __init__(self, *, slow: bool, failures: int = 0) -> None:
        self.slow, self.failures, self.sent = slow, failures, []

    def carry(self, kernel, device_id, look):
        if self.failures:
            self.failures -= 1
            raise HintNotCarried
        self.sent.append((device_id, look))


@pytest.fixture
def wired(bare, jobs_wired):
    hints.wire(bare.ports, SimpleNamespace(mqtt_url="", fcm_credentials=""))


def listen(kernel, device_id) -> list:
    told = []
    kernel.bus.subscribe([hints.topic(device_id)], lambda _, message: told.append(message))
    return told


def test_a_hint_says_only_where_to_look(bare, wired, device_id):
    told = listen(bare, device_id)
    with bare.writes() as uow:
        hints.send(uow, device_id)
        assert told == []
    assert told == [b'{"look":"commands"}']


def test_a_change_that_is_refused_hints_at_nothing(bare, wired, device_id):
    told = listen(bare, device_id)
    bare.refuse(lambda uow: hints.send(uow, device_id))
    assert told == []


def test_content_is_no_hint(bare, wired, device_id):
    with pytest.raises(ValueError, match="never content"), bare.writes() as uow:
        hints.send(uow, device_id, "wipe the device of Ann")


def test_a_carrier_that_fails_is_nobody_elses_trouble(bare, wired, device_id):
    broken, told = Carrier(slow=False, failures=1), listen(bare, device_id)
    bare.ports.answer(CARRIERS, "mqtt", broken)
    with bare.writes() as uow:
        hints.set_address(uow, device_id, "mqtt", "there")
        hints.send(uow, device_id)
    with bare.writes() as uow:
        hints.forget_address(uow, device_id, "mqtt")
        hints.send(uow, device_id)
    assert told == [b'{"look":"commands"}']


def test_a_slow_carrier_works_in_a_job_and_only_where_it_has_an_address(bare, wired, device_id):
    slow = Carrier(slow=True)
    bare.ports.answer(CARRIERS, "fcm", slow)
    with bare.writes() as uow:
        hints.send(uow, device_id)
    Worker(bare).run_until_idle()
    assert slow.sent == []
    with bare.writes() as uow:
        hints.set_address(uow, device_id, "fcm", "there")
        hints.send(uow, device_id)
        hints.send(uow, device_id)
    assert slow.sent == []
    Worker(bare).run_until_idle()
    assert slow.sent == [(device_id, "commands")]


def test_a_slow_carrier_that_fails_tries_again(bare, wired, device_id):
    slow = Carrier(slow=True, failures=2)
    bare.ports.answer(CARRIERS, "fcm", slow)
    with bare.writes() as uow:
        hints.set_address(uow, device_id, "fcm", "there")
        hints.send(uow, device_id, "sync")
    for _ in range(3):
        Worker(bare).run_until_idle()
        bare.clock.advance(minutes=1)
    assert slow.sent == [(device_id, "sync")]


def test_a_broker_address_that_cannot_work_stops_the_boot(bare, jobs_wired):
    with pytest.raises(SettingsError, match="MUSTER_MQTT_URL"):
        hints.wire(bare.ports, SimpleNamespace(mqtt_url="broker:1883", fcm_credentials=""))
