"""What goes into an offline hot list and what comes out of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muster.ondevice.artefact import ArtefactError
from muster.ondevice.signals import Basis
from muster.ondevice.subjects import Subject


class Category(StrEnum):
    """Why a record stands on the list."""

    WANTED = "wanted"
    MISSING = "missing"
    STOLEN = "stolen"
    PROTECTION_ORDER = "protection_order"
    DOCUMENT = "document"
    FIREARM = "firearm"
    OTHER = "other"


class HotListError(ArtefactError):
    """The hot list cannot be built or read; the sentence says why."""


@dataclass(frozen=True, slots=True)
class HotEntry:
    """A record for the list; `id` is its owner's reference, never an identifier of the subject.

    Every identifier, name and alias under which the record must be found is one of `subjects`.
    """

    id: str
    subjects: tuple[Subject, ...]
    category: Category
    action: str
    owner_agency: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class HotHit:
    """A record found: a lead to confirm with its owner, without any personal detail."""

    id: str
    category: Category
    action: str
    owner_agency: str
    as_of: datetime
    basis: Basis
