"""Whose account a provider's subject is: an account that is there already, linked once and for all.

Names and numbers that a provider sends can change hands, or be changed by their bearer (Core 1.0
§5.7: only issuer and subject together name somebody). So the claim with the police number is
believed once, to make the link; from then on subject and account belong together, and another
subject that claims the same number is refused until an administrator unlinks the old one.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from muster.kernel import guard
from muster.kernel.errors import NotFound
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.models import Officer
from muster.kernel.identity.oidc.errors import ProviderRefused
from muster.kernel.identity.oidc.models import ProviderLink
from muster.kernel.uow import UnitOfWork

UNKNOWN = "The provider knows you, but no account here is yours. Ask a security admin."


def known(uow: UnitOfWork, issuer: str, subject: str) -> UUID | None:
    """Return the account a subject is linked to."""
    return uow.session.scalar(
        select(ProviderLink.officer_id).where(
            ProviderLink.issuer == issuer, ProviderLink.subject == subject
        )
    )


def claimed(uow: UnitOfWork, issuer: str, number: Any) -> UUID:
    """Return the account that a claim names, if nobody is linked to it; raises `ProviderRefused`."""
    if not isinstance(number, str) or not 1 <= len(number) <= 32:
        raise ProviderRefused("no_number_claimed", UNKNOWN)
    officer_id = uow.session.scalar(select(Officer.id).where(Officer.number == number))
    if officer_id is None:
        raise ProviderRefused("no_such_account", UNKNOWN)
    taken = select(ProviderLink.id).where(
        ProviderLink.issuer == issuer, ProviderLink.officer_id == officer_id
    )
    if uow.session.scalar(taken) is not None:
        raise ProviderRefused("account_linked_otherwise", UNKNOWN)
    return officer_id


def link(uow: UnitOfWork, actor: Actor, number: str, subject: str) -> None:
    """Link an officer to a subject of the provider, in place of any other."""
    decision = guard.require(uow, actor, "identity.trust.change", guard.FORCE)
    officer, issuer = _officer(uow, number), uow.kernel.settings.oidc_issuer
    if not issuer:
        raise NotFound("There is no provider: set MUSTER_OIDC_ISSUER.")
    _forget(uow, officer.id, issuer)
    uow.session.add(ProviderLink(issuer=issuer, subject=subject, officer_id=officer.id))
    decision.note(result={"officer": str(officer.id), "linked": True})


def unlink(uow: UnitOfWork, actor: Actor, number: str) -> None:
    """Forget whom the provider calls this officer; the claim may link somebody anew."""
    decision = guard.require(uow, actor, "identity.trust.change", guard.FORCE)
    officer = _officer(uow, number)
    _forget(uow, officer.id, uow.kernel.settings.oidc_issuer)
    decision.note(result={"officer": str(officer.id), "linked": False})


def _officer(uow: UnitOfWork, number: str) -> Officer:
    officer = uow.session.scalar(select(Officer).where(Officer.number == number))
    if officer is None:
        raise NotFound(f"There is no officer {number}.")
    return officer


def _forget(uow: UnitOfWork, officer_id: UUID, issuer: str) -> None:
    uow.session.execute(
        delete(ProviderLink).where(
            ProviderLink.officer_id == officer_id, ProviderLink.issuer == issuer
        )
    )
