"""Addresses as imported, and the artefacts built of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base


class AddressRow(Base):
    """One door of one import; `lon` and `lat` are WGS-84 degrees, `district` and `beat` codes."""

    __tablename__ = "field_address"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("field_import.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    text_zh: Mapped[str] = mapped_column(String(300))
    text_en: Mapped[str] = mapped_column(String(300))
    district: Mapped[str] = mapped_column(String(64))
    street_zh: Mapped[str] = mapped_column(String(200))
    street_en: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(32))
    building: Mapped[str] = mapped_column(String(64))
    community_zh: Mapped[str] = mapped_column(String(200))
    community_en: Mapped[str] = mapped_column(String(200))
    beat: Mapped[str] = mapped_column(String(64))
    lon: Mapped[float]
    lat: Mapped[float]


class AddressBookRow(Base):
    """The artefact of one import. The newest is the one searched: import ids rise with time."""

    __tablename__ = "field_address_book"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("field_import.id"), primary_key=True)
    blob_id: Mapped[UUID] = mapped_column(ForeignKey("kern_blob.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int]
    built_at: Mapped[datetime]
