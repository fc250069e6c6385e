"""The keyring over time: booting, two processes, rotation, and the wrong master key."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from muster.kernel.db import Database, Mode
from muster.kernel.keys import PURPOSES, Key, KeyMissingError, Keys, RotationTooSoon
from muster.kernel.settings import SettingsError

from .conftest import MASTER_KEY, Time


@contextmanager
def unit(database: Database) -> Iterator[SimpleNamespace]:
    """A unit of work as far as a rotation needs one."""
    after = []
    with database.session(Mode.WRITES) as session:
        yield SimpleNamespace(session=session, after_commit=after.append)
        session.commit()
    for work in after:
        work()


def rotate(database: Database, keys: Keys, purpose: str, **options: bool) -> None:
    with unit(database) as uow:
        keys.rotate(uow, purpose, **options)


def count(database: Database) -> int:
    with database.session(Mode.READS) as session:
        return session.scalar(select(func.count()).select_from(Key))


def test_a_second_boot_makes_nothing_new(
    database: Database, process: Callable[[], Keys], keys: Keys
) -> None:
    again = process()
    again.ensure()
    assert count(database) == 2 * len(PURPOSES)
    assert again.jwks() == keys.jwks()
    assert again.secret("audit_index") == keys.secret("audit_index")


def test_processes_booting_at_once_agree_on_one_key(
    database: Database, process: Callable[[], Keys]
) -> None:
    start = threading.Barrier(4)

    def boot() -> str:
        keyring = process()
        start.wait()
        keyring.ensure("access_token", "blob")
        return keyring.signer("access_token").kid

    with ThreadPoolExecutor(4) as pool:
        booted = {future.result() for future in [pool.submit(boot) for _ in range(4)]}
    assert len(booted) == 1
    assert count(database) == 4


def test_a_keyring_that_was_never_made_says_so(process: Callable[[], Keys]) -> None:
    with pytest.raises(KeyMissingError, match="ensure"):
        process().signer("access_token")


def test_the_wrong_master_key_stops_the_boot_and_makes_nothing(
    database: Database, time: Time, keys: Keys
) -> None:
    before = count(database)
    with pytest.raises(SettingsError, match="MUSTER_MASTER_KEY"):
        Keys(database, bytes(32), time).ensure()
    assert count(database) == before


def test_a_master_key_of_the_wrong_length_is_refused(database: Database, time: Time) -> None:
    with pytest.raises(SettingsError, match="32 bytes"):
        Keys(database, MASTER_KEY[:16], time)


def test_a_wrapped_key_moved_to_another_row_does_not_open(
    database: Database, process: Callable[[], Keys], keys: Keys
) -> None:
    with database.session(Mode.WRITES) as session:
        index, cursor = (
            session.scalars(select(Key).where(Key.purpose == name, Key.state == "current")).one()
            for name in ("audit_index", "checkpoint")
        )
        cursor.wrapped = index.wrapped
        session.commit()
    with pytest.raises(SettingsError, match="checkpoint"):
        process().reload()


def test_rotation_uses_the_key_that_was_already_published(
    database: Database, time: Time, keys: Keys
) -> None:
    current, following = (key["kid"] for key in keys.jwks()["keys"])
    time.passes(hours=24)
    rotate(database, keys, "access_token")
    kids = [key["kid"] for key in keys.jwks()["keys"]]
    assert (kids[0], kids[2]) == (following, current)
    assert kids[1] not in {current, following}


def test_rotation_waits_until_the_next_key_was_published_for_a_day(
    database: Database, time: Time, keys: Keys
) -> None:
    time.passes(hours=23)
    with pytest.raises(RotationTooSoon):
        rotate(database, keys, "access_token")
    rotate(database, keys, "access_token", at_once=True)


def test_nothing_rotates_before_it_was_made(
    database: Database, process: Callable[[], Keys]
) -> None:
    with pytest.raises(KeyMissingError):
        rotate(database, process(), "manifest")


def test_what_was_signed_and_sealed_before_a_rotation_still_holds(
    database: Database, time: Time, keys: Keys
) -> None:
    manifest, sealed = keys.signer("manifest"), keys.seal("copies", b"answer", b"")
    index = keys.secret("audit_index")
    for purpose in ("manifest", "copies", "audit_index"):
        rotate(database, keys, purpose, at_once=True)
    time.passes(days=400)
    assert keys.verifier("manifest", manifest.kid).verify(manifest.sign(b"m"), b"m")
    assert keys.open("copies", sealed, b"") == b"answer"
    assert keys.secret("audit_index") != index
    assert index in keys.live_secrets("audit_index")
    assert keys.secret_by_id("audit_index", index[0]) == index[1]


def test_a_retired_token_key_is_forgotten_after_a_day(
    database: Database, time: Time, keys: Keys
) -> None:
    old = keys.signer("access_token").kid
    rotate(database, keys, "access_token", at_once=True)
    time.passes(hours=23)
    assert keys.verifier("access_token", old).kid == old
    time.passes(hours=2)
    with pytest.raises(KeyMissingError):
        keys.verifier("access_token", old)
    assert old not in [key["kid"] for key in keys.jwks()["keys"]]


def test_another_process_follows_rotations_it_did_not_see(
    database: Database, process: Callable[[], Keys], keys: Keys
) -> None:
    other = process()
    stale = other.signer("manifest").kid
    for _ in range(2):
        rotate(database, keys, "manifest", at_once=True)
    fresh = keys.signer("manifest").kid
    assert other.verifier("manifest", fresh).kid == fresh != stale
    assert keys.verifier("manifest", stale).kid == stale
