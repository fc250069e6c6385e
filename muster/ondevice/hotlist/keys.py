"""The keyed hashes under which a subject is filed and looked up.

A list holds 64 bits of BLAKE2b (RFC 7693), keyed with the list's own salt: files of two days
cannot be joined, and no name or identifier can be read from one. Identifiers can still be
guessed by trying them all, so the file itself is kept encrypted as well.
"""

import hashlib

from muster.ondevice.signals import Basis
from muster.ondevice.subjects import Subject, SubjectKind, folded_form

SALT_BYTES = range(16, hashlib.blake2b.MAX_KEY_SIZE + 1)
_FULL_DATE = len("1978-03-04")


def filing_keys(subject: Subject, salt: bytes) -> set[int]:
    """Return the keys to file a subject under: as it is, folded, and a name without its date."""
    folded = folded_form(subject)
    name, _, born = folded.partition("|")
    filed = {
        _key("as_is", subject, subject.normal_form, salt),
        _key("folded", subject, folded, salt),
    }
    return filed | {_key("undated", subject, name, salt)} if born else filed


def search_keys(subject: Subject, salt: bytes) -> dict[int, Basis]:
    """Return the keys to look up and how firmly a record under each fits, firmest first.

    A name with a date also finds records without one; a name without a date finds those with one.
    """
    folded = folded_form(subject)
    name, _, born = folded.partition("|")
    keys = {_key("as_is", subject, subject.normal_form, salt): _firmness(subject)}
    keys[_key("folded", subject, folded, salt)] = Basis.POSSIBLE
    if subject.kind is SubjectKind.NAME:
        keys[_key("folded" if born else "undated", subject, name, salt)] = Basis.POSSIBLE
    return keys


def _firmness(subject: Subject) -> Basis:
    """Return what an unfolded match is worth: makers reuse serials, people share names."""
    match subject.kind:
        case SubjectKind.NAME:
            born = subject.normal_form.partition("|")[2]
            return Basis.STRONG if len(born) == _FULL_DATE else Basis.POSSIBLE
        case SubjectKind.SERIAL:
            return Basis.STRONG
        case _:
            return Basis.EXACT_ID


def _key(tag: str, subject: Subject, form: str, salt: bytes) -> int:
    message = f"{tag}\0{subject.kind}\0{form}".encode()
    digest = hashlib.blake2b(message, digest_size=8, key=salt).digest()
    return int.from_bytes(digest, "big", signed=True)
