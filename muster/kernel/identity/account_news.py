"""What people are told about their own account, so that a thief's change does not go unnoticed.

ASVS 6.3.7 and 7.4.3: a changed credential is told to its owner and ends their other sessions.
"""

from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from sqlalchemy import select, update

from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import Session
from muster.kernel.notices.models import Notice
from muster.kernel.notices.service import send

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

KIND: Final = "identity.account"
What = Literal[
    "passkey_added",
    "passkey_removed",
    "passkey_blocked",
    "app_added",
    "app_removed",
    "recovery_codes_renewed",
    "recovery_code_used",
    "password_changed",
    "pin_changed",
    "authenticators_reset",
    "sessions_ended",
]


def tell(uow: "UnitOfWork", officer_id: UUID, what: What) -> None:
    """Leave a notice; its words are the console's."""
    send(uow, f"{KIND}.{what}", officer_id=officer_id, link="/console/account")


def changed(uow: "UnitOfWork", officer_id: UUID, what: What, keep: UUID | None) -> None:
    """Tell of a changed credential and end every other console session of theirs."""
    tell(uow, officer_id, what)
    ended = (
        update(Session)
        .where(
            Session.officer_id == officer_id,
            Session.kind == "console",
            Session.revoked_at.is_(None),
            Session.id.is_distinct_from(keep),
        )
        .values(revoked_at=uow.now())
        .returning(Session.id)
    )
    for session_id in uow.session.scalars(ended).all():
        look_again(uow, session_id)


def recent(uow: "UnitOfWork", officer_id: UUID, limit: int) -> list[Notice]:
    """Return what an officer was last told about their account, the newest first."""
    told = select(Notice).where(Notice.officer_id == officer_id, Notice.kind.startswith(KIND))
    return list(uow.session.scalars(told.order_by(Notice.id.desc()).limit(limit)))
