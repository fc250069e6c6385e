"""What an operator does at the command line before anybody can sign in; each act is on the log."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from muster.kernel.audit.entry import Entry
from muster.kernel.errors import NotFound
from muster.kernel.identity import account_news, clients, credentials
from muster.kernel.identity.authenticators import oversight, totp
from muster.kernel.identity.credentials import Kind
from muster.kernel.identity.models import Client, Officer
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

ROTATED: Final = ("access_token", "dpop_nonce")


def give_secret(kernel: "Kernel", number: str, kind: Kind, secret: str) -> Officer:
    """Give an officer a new PIN or console password; their sessions end with the old one.

    Raises `NotFound` for an unknown number and `WeakSecret`.
    """
    with kernel.writes() as uow:
        officer = uow.session.scalar(select(Officer).where(Officer.number == number))
        if officer is None:
            raise NotFound(f"There is no officer {number!r}.")
        store = credentials.set_pin if kind == "pin" else credentials.set_password
        store(uow, officer, secret)
        account_news.tell(uow, officer.id, "pin_changed" if kind == "pin" else "password_changed")
        _record(uow, "identity.secret.give", "OfficerRecord", str(officer.id), kind=kind)
    return officer


def give_app(kernel: "Kernel", number: str) -> str:
    """Give an officer a fresh authenticator app in the place of every second factor they had.

    Return its `otpauth://` address, which holds the secret. Raises `NotFound`.
    """
    with kernel.writes() as uow:
        officer = uow.session.scalar(select(Officer).where(Officer.number == number))
        if officer is None:
            raise NotFound(f"There is no officer {number!r}.")
        oversight.forget_all(uow, officer)
        secret = totp.fresh()
        totp.put(uow, officer.id, secret)
        _record(uow, "identity.secret.give", "OfficerRecord", str(officer.id), kind="totp")
    return totp.uri(secret, number)


def register_app(
    kernel: "Kernel", name: str, package: str, signer: str, scopes: Sequence[str]
) -> Client:
    """Register a field app by package name and signer, and grant it scopes.

    Raises `Conflict` for a taken name.
    """
    with kernel.writes() as uow:
        client = clients.register(uow, name, "field", package=package, signer=signer, scopes=scopes)
        facts = {"package": package, "scopes": list(scopes)}
        _record(uow, "identity.client.register", "Client", str(client.id), **facts)
    return client


def rotate_key(kernel: "Kernel", purpose: str, *, at_once: bool) -> None:
    """Retire the current key of a purpose; raises `RotationTooSoon` unless `at_once`."""
    with kernel.writes() as uow:
        kernel.keys.rotate(uow, purpose, at_once=at_once)
        _record(uow, "keys.rotate", "Key", purpose, at_once=at_once)
    kernel.keys.reload()


def rotate_keys_when_due(kernel: "Kernel") -> list[str]:
    """Rotate what has signed for `MUSTER_TOKEN_KEY_DAYS`; return the purposes.

    The next key was made when the current one took over, so its age is how long that one signed;
    by then everybody has known it for long.
    """
    due = []
    for purpose in ROTATED:
        with kernel.writes() as uow:
            age = kernel.keys.signing_for(uow, purpose)
            if age >= timedelta(days=kernel.settings.token_key_days):
                kernel.keys.rotate(uow, purpose)
                _record(uow, "keys.rotate", "Key", purpose, by="schedule", days=age.days)
                due.append(purpose)
    return due


def _record(uow: UnitOfWork, action: str, type_name: str, name: str, **result: Any) -> None:
    uow.record(
        Entry(
            action=action,
            outcome="done",
            actor_kind="system",
            actor_label="cli",
            resource_type=type_name,
            resource_id=name,
            result=result,
            at=uow.now(),
        )
    )
