"""Which assignments in force reach which terminals: one statement beside where they stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from appstore.assignments.models import Assignment
from appstore.catalogue.models import App
from appstore.releases.models import Release
from appstore.rollouts.resolver import Assigned, Offer
from appstore.rollouts.terms import Terms
from mdm.audiences import Audience, reaches, standings
from muster.kernel.uow import UnitOfWork

_PRODUCTION: Final = and_(
    Release.app_id == Assignment.app_id,
    or_(
        Release.state == "released",
        and_(Release.state == "superseded", Release.version_code == Assignment.pinned_code),
    ),
)
_WHOLE: Final = 100
_RELEASE: Final = (
    Release.id,
    Release.version_code,
    Release.sha256,
    Release.size,
    Release.signer,
    Release.salt,
    Release.kind,
)
_ASSIGNED: Final = (
    select(
        Assignment.id,
        Assignment.audience,
        Assignment.scope_id,
        Assignment.rule,
        App.package,
        Assignment.mode,
        Assignment.pinned_code,
        Assignment.conditions,
        Assignment.deadline,
        *_RELEASE,
        App.visibility,
    )
    .join(App, App.id == Assignment.app_id)
    .outerjoin(Release, _PRODUCTION)
)


@dataclass
class Reaching:
    """One assignment as the resolver sees it, with the releases it brings to every terminal."""

    audience: Audience
    assigned: Assigned
    offers: list[Offer]


def reaching(
    uow: UnitOfWork,
    device_ids: Collection[UUID],
    *,
    app_id: UUID | None = None,
    but: UUID | None = None,
) -> dict[UUID, list[Reaching]]:
    """Return by terminal the assignments that reach it; terminals out of service have none.

    Those of one app alone if `app_id` is given; `but` leaves one assignment out.
    """
    placed = standings(uow, device_ids)
    scopes = {scope for standing in placed.values() for scope in standing.scopes}
    by_scope: dict[UUID, list[Reaching]] = {}
    for one in in_force(uow, scopes, app_id, but):
        by_scope.setdefault(one.audience.scope, []).append(one)
    return {
        device_id: [
            one
            for scope in sorted(standing.scopes & by_scope.keys())
            for one in by_scope[scope]
            if reaches(one.audience, standing)
        ]
        for device_id, standing in placed.items()
    }


def production(uow: UnitOfWork, app: App, pin: int | None) -> list[Offer]:
    """Return what an assignment of an app with such a pin brings to every terminal it reaches."""
    brought = or_(
        Release.state == "released",
        and_(Release.state == "superseded", Release.version_code == pin),
    )
    query = select(*_RELEASE, App.visibility).join(App, App.id == Release.app_id)
    rows = uow.session.execute(query.where(Release.app_id == app.id, brought))
    return [_offer(app.package, *row) for row in rows]


def dates(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an assignment is in force."""
    return and_(
        or_(Assignment.starts.is_(None), Assignment.starts <= now),
        or_(Assignment.ends.is_(None), Assignment.ends > now),
    )


def in_force(
    uow: UnitOfWork, scopes: Collection[UUID], app_id: UUID | None, but: UUID | None
) -> list[Reaching]:
    """Return the assignments to these scopes that are in force; those by rule too."""
    query = _ASSIGNED.where(Assignment.scope_id.in_(scopes), dates(uow.now()))
    if app_id is not None:
        query = query.where(Assignment.app_id == app_id)
    if but is not None:
        query = query.where(Assignment.id != but)
    found: dict[UUID, Reaching] = {}
    for (
        id_,
        kind,
        scope,
        rule,
        package,
        mode,
        pin,
        conditions,
        deadline,
        *offer,
    ) in uow.session.execute(query):
        if id_ not in found:
            terms = Terms.of(conditions, deadline)
            found[id_] = Reaching(
                Audience(kind, scope, rule), Assigned(package, mode, pin, terms), []
            )
        if offer[0] is not None:
            found[id_].offers.append(_offer(package, *offer))
    return list(found.values())


def _offer(
    package: str,
    release_id: UUID,
    version_code: int,
    sha256: str,
    size: int,
    signer: str,
    salt: str,
    kind: str,
    visibility: str,
) -> Offer:
    return Offer(
        package,
        version_code,
        sha256,
        size,
        signer,
        salt,
        _WHOLE,
        "available",
        visibility=visibility,
        release_id=release_id,
        kind=kind,
    )
