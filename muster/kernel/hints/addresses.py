"""Where a carrier reaches a terminal: FCM registration tokens, reported by the terminal itself."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, String, delete
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.errors import InvalidInput
from muster.kernel.model import Base

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

LONGEST = 512  # FCM tokens are about 160 characters; their length is not promised


class HintAddress(Base):
    """One carrier's address of one terminal."""

    __tablename__ = "kern_hint_address"

    device_id: Mapped[UUID] = mapped_column(
        ForeignKey("kern_device.id", ondelete="CASCADE"), primary_key=True
    )
    carrier: Mapped[str] = mapped_column(String(16), primary_key=True)
    address: Mapped[str] = mapped_column(String(LONGEST))
    created_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)


def set_address(uow: "UnitOfWork", device_id: UUID, carrier: str, address: str) -> None:
    """Note where `carrier` ("fcm") reaches the terminal; replaces what was known.

    Raises `InvalidInput`: the address is empty or longer than 512 characters.
    """
    if not 0 < len(address) <= LONGEST:
        raise InvalidInput(f"A push address has 1 to {LONGEST} characters.")
    row = uow.session.get(HintAddress, (device_id, carrier))
    if row is None:
        uow.session.add(HintAddress(device_id=device_id, carrier=carrier, address=address))
    else:
        row.address = address


def forget_address(
    uow: "UnitOfWork", device_id: UUID, carrier: str, address: str | None = None
) -> None:
    """Forget the terminal's address; if one is given, only while it is still that one."""
    old = delete(HintAddress).where(
        HintAddress.device_id == device_id, HintAddress.carrier == carrier
    )
    if address is not None:
        old = old.where(HintAddress.address == address)
    uow.session.execute(old)
