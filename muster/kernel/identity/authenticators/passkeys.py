"""Passkeys (WebAuthn level 3): resident, user verification required, no attestation asked for.

Options and verification are the server's alone. Sign-in needs no name: the passkey says whose it
is. A counter that does not rise is a copy (§6.1.1): the passkey is blocked and people are told.
"""

from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import select, update
from webauthn.helpers import (
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from muster.kernel.audit.entry import Entry
from muster.kernel.identity import account_news
from muster.kernel.identity.actor import Origin
from muster.kernel.identity.authenticators import ceremonies
from muster.kernel.identity.authenticators.errors import PasskeyRefused
from muster.kernel.identity.authenticators.models import Passkey
from muster.kernel.identity.models import Officer
from muster.kernel.identity.proof import Proof
from muster.kernel.ids import uuid7
from muster.kernel.settings import Settings

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

_NAME: Final = "Muster"
_TIMEOUT_MS: Final = 300_000
_REQUIRED: Final = UserVerificationRequirement.REQUIRED
_DEVICE: Final = Proof(("hwk", "user"), aal=2)
_SYNCED: Final = Proof(("swk", "user"), aal=2)
_MALFORMED: Final = (WebAuthnException, ValueError, KeyError, TypeError)


def available(settings: Settings) -> bool:
    """Whether browsers offer passkeys at this origin: HTTPS, or `localhost`."""
    return settings.secure or rp_id(settings) == "localhost"


def rp_id(settings: Settings) -> str:
    """Return the relying party's id: the host of the public origin."""
    return urlsplit(settings.origin).hostname or ""


def options(kernel: "Kernel", officer_id: UUID | None = None) -> tuple[str, dict[str, Any]]:
    """Return the handle of a new challenge, and `PublicKeyCredentialRequestOptionsJSON`.

    Without an officer any passkey of this server may answer; with one, only theirs (step-up).
    The caller binds the handle to the browser: a `__Host-` cookie that scripts cannot read.
    """
    with kernel.writes() as uow:
        held = _held(uow, officer_id) if officer_id else []
        asked = webauthn.generate_authentication_options(
            rp_id=rp_id(kernel.settings),
            timeout=_TIMEOUT_MS,
            allow_credentials=[_descriptor(passkey) for passkey in held],
            user_verification=_REQUIRED,
        )
        handle = ceremonies.begin(uow, "get", asked.challenge, officer_id)
    return handle, options_to_json_dict(asked)


def verify(
    kernel: "Kernel",
    handle: str,
    credential_json: str,
    officer_id: UUID | None = None,
    origin: Origin | None = None,
) -> tuple[UUID, Proof]:
    """Return whose passkey answered the challenge, and what that proves.

    Raises `CeremonyOver`, and `PasskeyRefused` for all else: unknown or blocked passkey, another
    origin, no user verification, a wrong signature, a counter that did not rise. Each refusal is
    recorded. Admission (`attempts.begin_for`, `admit_…`) is the caller's.
    """
    with kernel.writes() as uow:
        challenge = ceremonies.take(uow, "get", handle, officer_id)
    try:
        answer = parse_authentication_credential_json(credential_json)
    except _MALFORMED:
        _refuse(kernel, None, "malformed_passkey", origin)
    with kernel.reads() as uow:
        wanted = select(Passkey).where(Passkey.credential_id == answer.raw_id)
        passkey = uow.session.scalar(wanted)
    if passkey is None:
        _refuse(kernel, None, "unknown_passkey", origin)
    if passkey.blocked_at is not None or passkey.officer_id != (officer_id or passkey.officer_id):
        _refuse(kernel, passkey, "passkey_not_valid_here", origin)
    count, synced = _check(kernel, passkey, answer, challenge, origin)
    if not _used(kernel, passkey, count, synced=synced):
        _block(kernel, passkey, origin)
    return passkey.officer_id, _SYNCED if synced else _DEVICE


def creation_options(uow: "UnitOfWork", officer: Officer) -> tuple[str, dict[str, Any]]:
    """Return the handle of a new challenge, and `PublicKeyCredentialCreationOptionsJSON`."""
    asked = webauthn.generate_registration_options(
        rp_id=rp_id(uow.kernel.settings),
        rp_name=_NAME,
        user_id=officer.id.bytes,
        user_name=officer.number,
        user_display_name=officer.name,
        timeout=_TIMEOUT_MS,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
        ),
        exclude_credentials=[_descriptor(passkey) for passkey in _held(uow, officer.id)],
    )
    handle = ceremonies.begin(uow, "create", asked.challenge, officer.id)
    return handle, options_to_json_dict(asked)


def register(
    uow: "UnitOfWork", officer_id: UUID, handle: str, credential_json: str, label: str
) -> tuple[Passkey, Proof]:
    """Keep a new passkey; raises `CeremonyOver` or `PasskeyRefused`."""
    challenge = ceremonies.take(uow, "create", handle, officer_id)
    settings = uow.kernel.settings
    try:
        answer = parse_registration_credential_json(credential_json)
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=rp_id(settings),
            expected_origin=settings.origin,
            require_user_verification=True,
        )
    except _MALFORMED as error:
        raise PasskeyRefused from error
    known = select(Passkey.id).where(Passkey.credential_id == made.credential_id)
    if uow.session.scalar(known) is not None:
        raise PasskeyRefused
    passkey = Passkey(
        id=uuid7(),
        officer_id=officer_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        label=label,
        aaguid=made.aaguid,
        transports=[transport.value for transport in answer.response.transports or ()],
        backed_up=made.credential_backed_up,
        created_at=uow.now(),
    )
    uow.session.add(passkey)
    return passkey, _SYNCED if made.credential_backed_up else _DEVICE


def _check(
    kernel: "Kernel",
    passkey: Passkey,
    answer: AuthenticationCredential,
    challenge: bytes,
    origin: Origin | None,
) -> tuple[int, bool]:
    """Return the counter of a good answer, and whether the key is copied to other devices.

    The library would refuse an old counter like a wrong signature; it is told 0 and we look.
    """
    handle = answer.response.user_handle
    if handle is not None and handle != passkey.officer_id.bytes:
        _refuse(kernel, passkey, "somebody_elses_passkey", origin)
    try:
        good = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=rp_id(kernel.settings),
            expected_origin=kernel.settings.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _MALFORMED:
        _refuse(kernel, passkey, "wrong_passkey_answer", origin)
    return good.new_sign_count, good.credential_backed_up


def _used(kernel: "Kernel", passkey: Passkey, count: int, *, synced: bool) -> bool:
    """Note the use; False if the counter did not rise. Passkeys that do not count stay at 0."""
    rising = Passkey.sign_count < count
    if count == 0:
        rising = Passkey.sign_count == 0
    with kernel.writes() as uow:
        noted = (
            update(Passkey)
            .where(Passkey.id == passkey.id, Passkey.blocked_at.is_(None), rising)
            .values(sign_count=count, last_used_at=uow.now(), backed_up=synced)
            .returning(Passkey.id)
        )
        return uow.session.scalar(noted) is not None


def _block(kernel: "Kernel", passkey: Passkey, origin: Origin | None) -> NoReturn:
    with kernel.writes() as uow:
        blocked = update(Passkey).where(Passkey.id == passkey.id)
        uow.session.execute(blocked.values(blocked_at=uow.now()))
        account_news.tell(uow, passkey.officer_id, "passkey_blocked")
    _refuse(kernel, passkey, "passkey_counter", origin)


def _refuse(
    kernel: "Kernel", passkey: Passkey | None, reason: str, origin: Origin | None
) -> NoReturn:
    came = origin or Origin()
    with kernel.writes() as uow:
        uow.record(
            Entry(
                action="identity.sign_in",
                outcome="denied",
                reason=reason,
                actor_kind="officer" if passkey else "nobody",
                actor_id=passkey.officer_id if passkey else None,
                resource_type="Authenticator",
                resource_id=str(passkey.id) if passkey else "",
                zone=came.zone,
                source=came.address,
                request_id=came.request_id,
                result={"door": "passkey"},
                at=uow.now(),
            )
        )
    raise PasskeyRefused


def _held(uow: "UnitOfWork", officer_id: UUID) -> list[Passkey]:
    mine = select(Passkey).where(Passkey.officer_id == officer_id, Passkey.blocked_at.is_(None))
    return list(uow.session.scalars(mine.order_by(Passkey.id)))


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=passkey.credential_id)
