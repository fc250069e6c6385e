"""Keys of access tokens are rotated by schedule, while everybody works, without one failure."""

import threading
from datetime import timedelta

from muster.kernel.identity import operators
from muster.kernel.kernel import Kernel
from muster.server.app import create_app
from muster.server.assembly import assemble, close
from tests.api.identity.conftest import Force, new_terminal
from tests.factories.terminal import TestTerminal

ME = "/mobile/v1/me"


def kids(force: Force) -> list[str]:
    keys = force.house.client.get("/.well-known/jwks.json").get_json()["keys"]
    return [key["kid"] for key in keys]


def test_a_key_signs_for_ninety_days_and_its_successor_was_published_all_along(
    force: Force,
) -> None:
    kernel, (current, following) = force.house.kernel, kids(force)[:2]
    force.house.clock.advance(days=89)
    assert operators.rotate_keys_when_due(kernel) == []
    force.house.clock.advance(days=1)
    assert operators.rotate_keys_when_due(kernel) == ["access_token", "dpop_nonce"]
    assert operators.rotate_keys_when_due(kernel) == []
    assert kids(force)[0] == following
    assert kids(force)[-1] == current
    assert len(force.log("keys.rotate")) == 2


def test_rotation_under_load_fails_no_request_on_any_worker(force: Force) -> None:
    """Two workers on one database; each signs and verifies what the other signed."""
    first, second = (
        force.house.kernel,
        assemble(force.house.kernel.settings, clock=force.house.clock),
    )
    force.house.clock.advance(days=91)
    try:
        workers = [first, second]
        clients = [create_app(kernel).test_client() for kernel in workers]
        assert force.sign_in().status_code == 200
        failures: list[str] = []
        served = [0]
        stop = threading.Event()

        def hammer(number: int) -> None:
            mine = borrowed(force)
            while not stop.is_set():
                mine.client = clients[(number + served[0]) % 2]
                answer = mine.call("GET", ME)
                served[0] += 1
                if answer.status_code != 200:
                    failures.append(answer.get_data(as_text=True))
                if number == 0:
                    mine.client = clients[served[0] % 2]
                    refresh(mine, force, failures)

        threads = [threading.Thread(target=hammer, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        wait_for(served, 20)
        before = signer(first)
        assert operators.rotate_keys_when_due(second) == ["access_token", "dpop_nonce"]
        wait_for(served, served[0] + 60)
        stop.set()
        for thread in threads:
            thread.join()
        assert failures == []
        assert signer(second) != before
    finally:
        close(second)


def borrowed(force: Force) -> TestTerminal:
    """Return the same terminal for another thread: one key, the newest tokens."""
    twin = new_terminal(force.house)
    twin.key, twin.access_token = force.terminal.key, force.terminal.access_token
    twin.refresh_token = force.terminal.refresh_token
    return twin


def refresh(mine: TestTerminal, force: Force, failures: list[str]) -> None:
    answer = mine.refresh(client_id="muster.field")
    if answer.status_code == 429:  # 20 a minute: time goes on
        force.house.clock.advance(seconds=1)
    elif answer.status_code != 200:
        failures.append(answer.get_data(as_text=True))


def signer(kernel: Kernel) -> str:
    kernel.keys.reload()
    return kernel.keys.signer("access_token").kid


def wait_for(served: list[int], many: int) -> None:
    ticks = threading.Event()
    deadline = timedelta(seconds=30).total_seconds()
    while served[0] < many and deadline > 0:
        ticks.wait(0.02)
        deadline -= 0.02
    assert served[0] >= many
