"""How each witness stands: unlike what it signed, this changes."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base

_Big = BigInteger().with_variant(Integer, "sqlite")


class Witness(Base):
    """The last word of one witness. state: ok|unreachable|refused; `since` is when that began.

    `size` is the newest checkpoint it cosigned.
    """

    __tablename__ = "kern_witness"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    detail: Mapped[str] = mapped_column(Text, default="")
    size: Mapped[int] = mapped_column(_Big, default=0)
    signed_at: Mapped[datetime | None]
    since: Mapped[datetime]
