"""A file that the store has already is recognised by its hash, before anything else is done."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from appstore.releases.earlier import NONE
from appstore.releases.errors import ReleaseDuplicate
from appstore.releases.models import Release
from muster.kernel.uow import UnitOfWork

_GONE: Final = ("uploaded", "rejected", "retired", "blocked")
"""What was rejected may be put right elsewhere and come again; the rules judge the others."""


def refuse_duplicate(uow: UnitOfWork, sha256: str, but: UUID = NONE) -> None:
    """Raise `ReleaseDuplicate` if another release of this content waits, or is or was out."""
    query = select(Release).where(
        Release.sha256 == sha256, Release.state.not_in(_GONE), Release.id != but
    )
    known = uow.session.scalar(query.limit(1))
    if known is not None:
        raise ReleaseDuplicate(
            f"Version {known.version_name} of {known.package} is this very file; "
            f"it is {known.state}.",
            release_id=str(known.id),
            state=known.state,
        )
