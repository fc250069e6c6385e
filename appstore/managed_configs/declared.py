"""What the releases of an app declare that it can be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from appstore.managed_configs.restrictions import Declared, unfit
from appstore.releases.models import Release
from appstore.releases.states import OFFERED
from muster.kernel.uow import UnitOfWork

_STANDING: Final = ("approved", *OFFERED)
_MOST: Final = 50


@dataclass(frozen=True)
class Declaration:
    """What one release declares."""

    release_id: UUID
    version_code: int
    version_name: str
    restrictions: Declared


def declarations(uow: UnitOfWork, app_id: UUID) -> list[Declaration]:
    """Return those of the releases that are approved and stand, the newest first, at most fifty."""
    query = (
        select(
            Release.id,
            Release.version_code,
            Release.version_name,
            Release.facts["restrictions"],
        )
        .where(Release.app_id == app_id, Release.state.in_(_STANDING))
        .order_by(Release.version_code.desc())
        .limit(_MOST)
    )
    return [
        Declaration(release_id, code, name, said or ())
        for release_id, code, name, said in uow.session.execute(query)
    ]


def misfits(declared: Sequence[Declaration], document: Mapping[str, Any]) -> dict[str, Any]:
    """Return by version code the keys that its release does not take; [] where it takes all."""
    return {str(one.version_code): unfit(one.restrictions, document) for one in declared}
