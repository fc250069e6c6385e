"""Chosen secrets: hashed with argon2id, verified at the same price for nobody, and never queued up."""

import threading
from collections.abc import Iterator

import pytest

from muster.kernel.errors import Busy
from muster.kernel.identity.secrets import QUEUE, SecretPool


@pytest.fixture
def pool() -> Iterator[SecretPool]:
    pool = SecretPool(1)
    yield pool
    pool.close()


def test_a_secret_is_its_own_and_no_other(pool: SecretPool) -> None:
    hashed = pool.hash("836194")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert pool.verify(hashed, "836194")
    assert not pool.verify(hashed, "836195")


def test_nobody_has_no_secret(pool: SecretPool) -> None:
    assert not pool.verify(None, "836194")
    assert not pool.verify(None, "")


def test_a_damaged_hash_opens_nothing(pool: SecretPool) -> None:
    assert not pool.verify("$argon2id$broken", "836194")


def test_any_text_can_be_tried(pool: SecretPool) -> None:
    assert not pool.verify(pool.hash("\ud800"), "🚓")


def test_a_burst_is_refused_rather_than_queued(pool: SecretPool) -> None:
    callers, outcomes = 4 * QUEUE, []
    gate = threading.Barrier(callers)

    def sign_in() -> None:
        gate.wait()
        try:
            outcomes.append(pool.verify(None, "836194"))
        except Busy as busy:
            outcomes.append(busy.headers["Retry-After"])

    threads = [threading.Thread(target=sign_in) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(False) >= 1 + QUEUE
    assert "2" in outcomes
    assert pool.verify(None, "836194") is False
