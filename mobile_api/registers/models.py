"""Records of the local registers, and the identifiers and names they are found by.

All rows belong to one import; only those of the version in force are ever looked at.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified


class Imported:
    """A row filed under the version that brought it."""

    import_id: Mapped[UUID] = mapped_column(ForeignKey("field_import.id"))


class PersonRecord(Identified, Imported, Base):
    """One resident."""

    __tablename__ = "field_person"

    person_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    sex: Mapped[str] = mapped_column(String(1))
    dob: Mapped[date]
    address: Mapped[str] = mapped_column(String(64))
    address_text: Mapped[str] = mapped_column(String(300))


class VehicleRecord(Identified, Imported, Base):
    """One registered vehicle; `owner` is the keeper's identity number."""

    __tablename__ = "field_vehicle"

    plate: Mapped[str] = mapped_column(String(16))
    vin: Mapped[str] = mapped_column(String(17))
    model: Mapped[str] = mapped_column(String(100))
    model_en: Mapped[str] = mapped_column(String(100))
    colour: Mapped[str] = mapped_column(String(32))
    owner: Mapped[str] = mapped_column(String(32))
    owner_name: Mapped[str] = mapped_column(String(200))
    registered_on: Mapped[date | None]


class WantedRecord(Identified, Imported, Base):
    """One record of the hot list: whom or what, why, what to beware of, what to do, whose it is."""

    __tablename__ = "field_wanted"
    __table_args__ = (Index("ix_field_wanted_import_id_id", "import_id", "id"),)

    record_ref: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    category: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    dob: Mapped[date | None]
    caution: Mapped[list[str]]
    action_instruction: Mapped[str] = mapped_column(String(500))
    owner_agency: Mapped[str] = mapped_column(String(200))
    owner_phone: Mapped[str] = mapped_column(String(64))
    owner_hours: Mapped[str] = mapped_column(String(64))
    entered_at: Mapped[datetime]
    last_validated_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class IdentRow(Identified, Imported, Base):
    """An identifier of a record: its normal form, and the key that look-alikes share.

    Equal normal forms fold equally, so the index on `folded` answers exact questions too.
    """

    __tablename__ = "field_ident_row"
    __table_args__ = (
        Index("ix_field_ident_row_kind_norm", "kind", "norm"),
        Index("ix_field_ident_row_kind_folded", "kind", "folded"),
        Index("ix_field_ident_row_record_id", "record_id"),
    )

    record_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(16))
    norm: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(200))


class NameRow(Identified, Imported, Base):
    """A name of a record: as written, folded (words sorted, accents dropped), and the birth date."""

    __tablename__ = "field_name_row"
    __table_args__ = (
        Index("ix_field_name_row_folded_born", "folded", "born"),
        Index("ix_field_name_row_record_id", "record_id"),
    )

    record_id: Mapped[UUID]
    norm: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(200))
    born: Mapped[str] = mapped_column(String(10))
