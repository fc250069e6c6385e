"""Passkeys: made, signed in with, and everything that must not open the door."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from muster.kernel.errors import DomainError
from muster.kernel.identity import Actor, Officer, gate, secret_hash
from muster.kernel.identity.actor import Origin
from muster.kernel.identity.authenticators import account, ceremonies, passkeys
from muster.kernel.identity.authenticators.entering import sign_in_with_passkey
from muster.kernel.identity.authenticators.models import Ceremony, Passkey
from muster.kernel.identity.forgetting import forget
from tests.api.identity.conftest import Force
from tests.factories.authenticators import SoftKey

ADMIN = "A1"


def actor(force: Force, number: str = ADMIN) -> Actor:
    """Sign somebody in and return them as the server sees them."""
    token = force.console(number).get_json()["token"]
    return gate.by_console_secret(force.house.kernel, secret_hash(token), Origin()).actor


def key_of(force: Force, who: Actor, **bent: Any) -> SoftKey:
    """Return an authenticator that holds a passkey of somebody's."""
    kernel = force.house.kernel
    key = SoftKey(kernel.settings.origin)
    with kernel.writes() as uow:
        handle, options = account.begin_passkey(uow, who)
    made = replace(key, **bent)
    answer = made.create(options)
    with kernel.writes() as uow:
        account.add_passkey(uow, who, handle, answer, "Key on the ring")
    return made


def refused(force: Force, handle: str, answer: str, officer_id: UUID | None = None) -> str:
    with pytest.raises(DomainError) as problem:
        passkeys.verify(force.house.kernel, handle, answer, officer_id)
    return problem.value.code


def test_a_passkey_opens_the_console_without_a_number(force: Force) -> None:
    key = key_of(force, actor(force))
    handle, options = passkeys.options(force.house.kernel)
    assert options["userVerification"] == "required"
    assert options["allowCredentials"] == []
    token, session = sign_in_with_passkey(
        force.house.kernel, handle, key.get(options), Origin(address="10.0.0.9")
    )
    assert (session.amr, session.aal) == (["hwk", "user"], 2)
    headers = {"Authorization": f"Bearer {token}"}
    assert force.house.client.get("/admin/v1/officers", headers=headers).status_code == 200
    entry = force.log("identity.sign_in")[-1]
    assert (entry.outcome, entry.actor_label) == ("done", ADMIN)


def test_an_answer_is_good_once_and_for_five_minutes(force: Force) -> None:
    kernel = force.house.kernel
    key = key_of(force, actor(force))
    handle, options = passkeys.options(kernel)
    answer = key.get(options)
    assert passkeys.verify(kernel, handle, answer)
    assert refused(force, handle, answer) == "ceremony_over"
    late, options = passkeys.options(kernel)
    answer = key.get(options)
    force.house.clock.advance(minutes=5, seconds=1)
    assert refused(force, late, answer) == "ceremony_over"
    forget(kernel, {})
    with kernel.reads() as uow:
        assert uow.session.scalars(select(Ceremony)).all() == []


def test_a_wrong_answer_spends_the_challenge_too(force: Force) -> None:
    kernel = force.house.kernel
    key = key_of(force, actor(force))
    handle, options = passkeys.options(kernel)
    assert refused(force, handle, "{}") == "passkey_refused"
    assert refused(force, handle, key.get(options)) == "ceremony_over"


def test_an_answer_belongs_to_the_browser_that_was_asked(force: Force) -> None:
    kernel = force.house.kernel
    key = key_of(force, actor(force))
    _mine, options = passkeys.options(kernel)
    theirs, _ = passkeys.options(kernel)
    assert refused(force, theirs, key.get(options)) == "passkey_refused"


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://muster.evil.example"},
        {"origin": "http://localhost:8001"},
        {"rp_id": "evil.example"},
        {"verified": False},
        {"user_handle": b"somebody else's id"},
        {"credential_id": b"nobody registered this"},
    ],
    ids=lambda bent: "-".join(f"{k}" for k in bent),
)
def test_a_bent_answer_opens_nothing_and_is_recorded(force: Force, bent: dict[str, Any]) -> None:
    key = replace(key_of(force, actor(force)), **bent)
    handle, options = passkeys.options(force.house.kernel)
    assert refused(force, handle, key.get(options)) == "passkey_refused"
    assert force.log("identity.sign_in")[-1].outcome == "denied"


def test_another_key_under_a_known_id_opens_nothing(force: Force) -> None:
    key = key_of(force, actor(force))
    thief = SoftKey(key.origin, credential_id=key.credential_id, user_handle=key.user_handle)
    handle, options = passkeys.options(force.house.kernel)
    assert refused(force, handle, thief.get(options)) == "passkey_refused"


@pytest.mark.parametrize(
    "answer", ["", "x", "[]", "null", '{"id": 1}', '{"id": "a", "rawId": "!", "response": {}}']
)
def test_what_is_no_answer_is_refused(force: Force, answer: str) -> None:
    handle, _ = passkeys.options(force.house.kernel)
    assert refused(force, handle, answer) == "passkey_refused"


def test_a_counter_that_goes_back_blocks_the_passkey_and_its_owner_is_told(force: Force) -> None:
    """Somebody holds a copy: neither the copy nor the original opens the door any more."""
    kernel, who = force.house.kernel, actor(force)
    key = key_of(force, who)
    copy = replace(key)
    for _ in range(2):
        handle, options = passkeys.options(kernel)
        passkeys.verify(kernel, handle, key.get(options))
    for either in (copy, key):
        handle, options = passkeys.options(kernel)
        assert refused(force, handle, either.get(options)) == "passkey_refused"
    assert force.reasons("identity.sign_in")[-2:] == [
        "passkey_counter",
        "passkey_not_valid_here",
    ]
    with kernel.reads() as uow:
        assert uow.session.scalars(select(Passkey)).one().blocked_at is not None
        told = [row.kind for row in account.overview(uow, who).news]
    assert told[0] == "identity.account.passkey_blocked"


def test_a_passkey_is_not_taken_twice_nor_unverified_nor_for_another(force: Force) -> None:
    kernel, who, other = force.house.kernel, actor(force), actor(force, "A2")
    key = SoftKey(kernel.settings.origin, verified=False)
    with kernel.writes() as uow:
        handle, options = account.begin_passkey(uow, who)
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    answer = key.create(options)
    with pytest.raises(DomainError) as problem, kernel.writes() as uow:
        account.add_passkey(uow, other, handle, answer, "x")
    assert problem.value.code == "ceremony_over"
    with kernel.writes() as uow:
        handle, options = account.begin_passkey(uow, who)
    with pytest.raises(DomainError) as problem, kernel.writes() as uow:
        account.add_passkey(uow, who, handle, key.create(options), "x")
    assert problem.value.code == "passkey_refused"
    with pytest.raises(DomainError), kernel.writes() as uow:  # the refusal spent it
        ceremonies.take(uow, "create", handle, who.id)


def test_a_locked_or_suspended_owner_stays_outside(force: Force) -> None:
    kernel = force.house.kernel
    key = key_of(force, actor(force))
    for _ in range(5):
        force.console(ADMIN, "wrong wrong wrong wrong")
    handle, options = passkeys.options(kernel)
    with pytest.raises(DomainError) as problem:
        sign_in_with_passkey(kernel, handle, key.get(options), Origin())
    assert problem.value.code == "locked_out"
    with kernel.writes() as uow:
        uow.kernel.limits.lockouts.release(uow, f"console:{force.officer(ADMIN).id}", UUID(int=1))
        uow.session.merge(force.officer(ADMIN)).state = "suspended"
    handle, options = passkeys.options(kernel)
    with pytest.raises(DomainError) as problem:
        sign_in_with_passkey(kernel, handle, key.get(options), Origin())
    assert problem.value.code == "invalid_grant"


def test_a_step_up_takes_ones_own_passkey_only(force: Force) -> None:
    kernel, mine, other = force.house.kernel, actor(force), actor(force, "A2")
    key = key_of(force, other)
    handle, options = passkeys.options(kernel, mine.id)
    assert refused(force, handle, key.get(options), mine.id) == "passkey_refused"
    with kernel.reads() as uow:
        assert uow.session.get_one(Officer, other.id)
