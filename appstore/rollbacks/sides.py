"""Releases as the decision about a way back sees them."""

from sqlalchemy import select

from appstore.assignments.models import Assignment
from appstore.releases.models import Release
from appstore.releases.states import OFFERED
from appstore.rollbacks.possible import Side, why_not_reinstalled, why_not_reissued
from appstore.rollouts.models import Rollout
from muster.kernel.uow import UnitOfWork

_MOST = 50


def side(uow: UnitOfWork, release: Release) -> Side:
    """Return what decides about a release."""
    return Side(
        app=release.app_id,
        version_code=release.version_code,
        state=release.state,
        signer=release.signer,
        min_sdk=release.facts.get("min_sdk", 0),
        kind=release.kind,
        has_file=release.blob_id is not None,
        rolls=release.state in OFFERED and _reaches_more(uow, release),
    )


def _reaches_more(uow: UnitOfWork, release: Release) -> bool:
    """Whether a ring still sends it out, or assignments do because it is what is released."""
    ring = select(Rollout.id).where(Rollout.release_id == release.id, Rollout.state == "rolling")
    if uow.session.scalar(ring.limit(1)) is not None:
        return True
    assigned = select(Assignment.id).where(Assignment.app_id == release.app_id)
    return release.state == "released" and uow.session.scalar(assigned.limit(1)) is not None


def reissuable(uow: UnitOfWork, release: Release) -> list[Release]:
    """Return the older releases that publishers can be asked to bring again, newest first."""
    bad = side(uow, release)
    older = _older(uow, release)
    return [good for good in older if not why_not_reissued(bad, side(uow, good))]


def reinstallable(uow: UnitOfWork, release: Release) -> list[Release]:
    """Return the older releases that terminals can really go back to, newest first."""
    bad = side(uow, release)
    older = _older(uow, release)
    return [good for good in older if not why_not_reinstalled(bad, side(uow, good))]


def _older(uow: UnitOfWork, release: Release) -> list[Release]:
    query = (
        select(Release)
        .where(
            Release.app_id == release.app_id,
            Release.version_code < release.version_code,
            Release.state.not_in(("uploaded", "scanning", "needs_review", "rejected")),
        )
        .order_by(Release.version_code.desc())
        .limit(_MOST)
    )
    return list(uow.session.scalars(query))
