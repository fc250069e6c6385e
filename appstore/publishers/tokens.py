"""Tokens for pipelines: made by a publisher for themselves, shown once, for some apps and acts.

Each is a client credential of the kernel for the surface `publisher`: it ends with its date, with its
revocation, and with whatever ends its officer's sessions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from appstore.catalogue.models import App
from appstore.publishers.claims import may_enter
from appstore.publishers.errors import PackageReserved, TokenNotFound
from appstore.publishers.scopes import ACTS, EVERY, acts_of, packages_of
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, ClientCredential, Officer, client_credentials, clients
from muster.kernel.uow import UnitOfWork

SURFACE: Final = "publisher"
_OVERSEE: Final = "app.token.oversee"


@dataclass(frozen=True)
class Token:
    """A token and whose it is; `secret` is there once, when it was made."""

    row: ClientCredential
    officer: Officer
    secret: str = ""

    @property
    def packages(self) -> list[str]:
        """The packages it is for; every one for a credential without a scope."""
        return packages_of(self.row.scope) if self.row.scope else [EVERY]

    @property
    def acts(self) -> list[str]:
        """What it may do to them; everything for a credential without a scope."""
        return acts_of(self.row.scope) if self.row.scope else list(ACTS)


def listing(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> list[Token]:
    """Return up to `limit + 1` tokens, newest first: one's own, and those one oversees."""
    guard.require(uow, actor, "app.token.list", guard.FORCE)
    overseen = guard.visible(uow, actor, _OVERSEE, "PublisherToken")
    query = (
        select(ClientCredential, Officer)
        .join(Officer, Officer.id == ClientCredential.officer_id)
        .where(
            ClientCredential.surface == SURFACE,
            or_(ClientCredential.officer_id == actor.id, overseen),
        )
        .order_by(ClientCredential.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(ClientCredential.id < after)
    return [Token(row, officer) for row, officer in uow.session.execute(query)]


def issue(
    uow: UnitOfWork,
    actor: Actor,
    *,
    label: str,
    packages: Sequence[str],
    acts: Sequence[str],
    days: int,
) -> Token:
    """Make a token for oneself; its secret is shown this once.

    Raises `PackageReserved` for a package of others.
    """
    decision = guard.require(uow, actor, "app.token.issue", guard.FORCE)
    decision.note(packages=list(packages), acts=list(acts), days=days)
    for package in packages:
        if package != EVERY and not _theirs(uow, actor, package):
            raise PackageReserved(package=package)
    carrier = clients.pipeline(uow)
    secret, row = client_credentials.issue(
        uow,
        actor,
        surface=SURFACE,
        label=label,
        officer_id=actor.id,
        device_id=None,
        client=carrier.name,
        scope=[*acts, *packages],
        days=days,
    )
    uow.session.flush()
    return Token(row, uow.session.get_one(Officer, actor.id), secret)


def revoke(uow: UnitOfWork, actor: Actor, token_id: UUID, reason: str) -> None:
    """End a token of one's own or one that one oversees; ending it twice is no error."""
    row = uow.session.get(ClientCredential, token_id)
    if row is None or row.surface != SURFACE:
        raise TokenNotFound
    officer = uow.session.get_one(Officer, row.officer_id)
    place, own = uow.kernel.people.unit(officer.unit_id).path, officer.id == actor.id
    target = Target("PublisherToken", str(row.id), {"own": own}, place)
    decision = guard.require(uow, actor, "app.token.revoke" if own else _OVERSEE, target)
    decision.note(reason=reason, token=str(row.id), officer=str(officer.id))
    client_credentials.end(uow, row)


def _theirs(uow: UnitOfWork, actor: Actor, package: str) -> bool:
    app = uow.session.scalar(select(App).where(App.package == package))
    if app is None:
        return may_enter(uow, actor, package)
    path = uow.kernel.people.unit(app.unit_id).path
    target = Target("Release", "new", {"package": package}, path)
    return guard.may(uow, actor, "app.release.publish", target)
