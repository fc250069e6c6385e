"""What a check can be about, in the one form that is compared, keyed and audited."""

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum


class SubjectKind(StrEnum):
    """The kinds of subject; `document` holds passports too, `serial` firearms and property."""

    PERSON_ID = "person_id"
    PLATE = "plate"
    VIN = "vin"
    IMEI = "imei"
    PHONE = "phone"
    DOCUMENT = "document"
    SERIAL = "serial"
    NAME = "name"


class SubjectError(ValueError):
    """The kind is unknown, or the text cannot be an identifier of any kind."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind and a normal form. The form stays out of `repr`, so it stays out of logs."""

    kind: SubjectKind
    normal_form: str = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", known_kind(self.kind))


@dataclass(frozen=True, slots=True)
class Normalised:
    """How a typed identifier was read.

    `valid` says whether it keeps its standard's rules; `note` says in a sentence what was found;
    `suggestions` are normal forms close by that do keep them; `folded` is the key under which
    characters that look alike are equal.
    """

    subject: Subject
    valid: bool
    note: str | None
    suggestions: tuple[str, ...] = field(repr=False)
    folded: str = field(repr=False)


def known_kind(kind: SubjectKind | str) -> SubjectKind:
    """Return the kind of that name, or raise `SubjectError` naming those that exist."""
    try:
        return SubjectKind(kind)
    except ValueError as error:
        known = ", ".join(SubjectKind)
        raise SubjectError(f"unknown kind of subject {kind!r}; use one of {known}") from error


def blind(subject: Subject, key: bytes) -> str:
    """Return HMAC-SHA256 (hex) over kind, a zero byte and the normal form.

    Audit rows and indexes hold this in place of the identifier; store the key's id beside it.
    """
    if len(key) < hashlib.sha256().digest_size:
        raise SubjectError("the index key is shorter than 32 bytes")
    message = f"{subject.kind}\0{subject.normal_form}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()
