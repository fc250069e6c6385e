"""Five failures in fifteen minutes lock a subject until a supervisor releases it."""

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from muster.kernel.errors import NotFound
from muster.kernel.events import OutboxRow
from muster.kernel.limits import LockedOut, Lockout
from muster.kernel.limits.lockout import WINDOW

WHO = "officer:7f"


class WrongPin(Exception):
    pass


def sign_in(kernel, *, right: bool = False) -> None:
    """As the identity room does it: the failure outlives the refusal."""
    lockouts = kernel.limits.lockouts
    with kernel.writes() as uow:
        lockouts.check(uow, WHO)
        if not right:
            uow.afterwards(lambda unit: lockouts.fail(unit, WHO))
            raise WrongPin
        lockouts.succeed(uow, WHO)


def fail(kernel, times: int) -> None:
    for _ in range(times):
        with suppress(WrongPin):
            sign_in(kernel)


def test_the_fifth_failure_locks_and_the_right_secret_no_longer_helps(bare):
    fail(bare, 5)
    with pytest.raises(LockedOut):
        sign_in(bare, right=True)


def test_four_failures_do_not_lock_and_a_success_starts_anew(bare):
    fail(bare, 4)
    sign_in(bare, right=True)
    fail(bare, 4)
    sign_in(bare, right=True)


def test_fifteen_minutes_without_a_failure_start_anew(bare):
    fail(bare, 4)
    bare.clock.advance(seconds=WINDOW.total_seconds() + 1)
    fail(bare, 4)
    sign_in(bare, right=True)


def test_no_choice_of_moments_yields_five_tries_in_fifteen_minutes(bare):
    fail(bare, 2)
    bare.clock.advance(minutes=14)
    fail(bare, 2)
    bare.clock.advance(minutes=2)
    fail(bare, 1)
    with pytest.raises(LockedOut):
        sign_in(bare, right=True)


def test_a_lock_does_not_end_by_itself(bare):
    fail(bare, 5)
    bare.clock.advance(days=365)
    with pytest.raises(LockedOut):
        sign_in(bare, right=True)


def test_a_supervisor_releases_and_is_remembered(bare):
    fail(bare, 5)
    supervisor = uuid4()
    with bare.writes() as uow:
        bare.limits.lockouts.release(uow, WHO, supervisor)
    with bare.reads() as uow:
        row = uow.session.get(Lockout, WHO)
        assert (row.released_by, row.released_at) == (supervisor, bare.clock())
        assert bare.limits.lockouts.locked(uow) == []
    fail(bare, 4)
    sign_in(bare, right=True)


def test_after_a_release_five_more_failures_lock_again(bare):
    fail(bare, 5)
    with bare.writes() as uow:
        bare.limits.lockouts.release(uow, WHO, uuid4())
    bare.clock.advance(minutes=1)
    fail(bare, 5)
    with pytest.raises(LockedOut):
        sign_in(bare, right=True)


def test_releasing_who_is_not_locked_is_refused(bare):
    with pytest.raises(NotFound), bare.writes() as uow:
        bare.limits.lockouts.release(uow, WHO, uuid4())


def test_the_lock_is_news_once(bare):
    lockouts = bare.limits.lockouts
    for _ in range(7):
        with bare.writes() as uow:
            lockouts.fail(uow, WHO)
        bare.clock.advance(seconds=1)
    with bare.reads() as uow:
        assert [row.subject for row in lockouts.locked(uow)] == [WHO]
        assert [row.name for row in uow.session.scalars(select(OutboxRow))] == [
            "kern.lockout.locked"
        ]
        assert lockouts.locked(uow)[0].locked_at == bare.clock() - timedelta(seconds=3)


def test_subjects_are_counted_apart(bare):
    fail(bare, 5)
    with bare.reads() as uow:
        bare.limits.lockouts.check(uow, "officer:other")
