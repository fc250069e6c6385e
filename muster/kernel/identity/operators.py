"""What an operator does at the command line before anybody can sign in; each act is on the log."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from muster.kernel.audit.entry import Entry
from muster.kernel.errors import NotFound
from muster.kernel.identity import clients, credentials
from muster.kernel.identity.credentials import Kind
from muster.kernel.identity.models import Client, Officer
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel


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
        _record(uow, "identity.secret.give", "OfficerRecord", str(officer.id), kind=kind)
    return officer


def register_app(kernel: "Kernel", name: str, package: str, signer: str) -> Client:
    """Register a field app by package name and signer; raises `Conflict` for a taken name."""
    with kernel.writes() as uow:
        client = clients.register(uow, name, "field", package=package, signer=signer)
        _record(uow, "identity.client.register", "Client", str(client.id), package=package)
    return client


def rotate_key(kernel: "Kernel", purpose: str, *, at_once: bool) -> None:
    """Retire the current key of a purpose; raises `RotationTooSoon` unless `at_once`."""
    with kernel.writes() as uow:
        kernel.keys.rotate(uow, purpose, at_once=at_once)
        _record(uow, "keys.rotate", "Key", purpose, at_once=at_once)
    kernel.keys.reload()


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
