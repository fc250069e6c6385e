"""How far the log has been forwarded."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base

_Big = BigInteger().with_variant(Integer, "sqlite")


class Forwarding(Base):
    """The next place in the sealed order to send to a collector, and what last went wrong."""

    __tablename__ = "kern_forwarding"

    target: Mapped[str] = mapped_column(String(300), primary_key=True)
    position: Mapped[int] = mapped_column(_Big, default=0)
    sent_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(Text, default="")
