"""What server and terminal compute alike, so that both give the same answer to the last byte.

Canonical JSON and hashes, identifiers and their blind keys, offline hot lists, the colour of a
check, address books, datums, signed manifests. Every package may import this one; it imports the
standard library and rapidfuzz only, and holds no state, clock, network or cryptographic key.

Start at `subjects` (what an officer asks about). `hotlist` and `addresses` (files that travel to
terminals) and `manifest` (how such files are trusted) are used by their module's name, as in
`hotlist.build` and `manifest.check`.
"""

from muster.ondevice import addresses, hotlist, manifest
from muster.ondevice.artefact import ArtefactError
from muster.ondevice.canonical import CanonicalError, canonical_json, content_hash
from muster.ondevice.datum import Datum, DatumError, from_wgs84, to_wgs84
from muster.ondevice.manifest import ManifestError
from muster.ondevice.signals import (
    Basis,
    Signal,
    SourceAnswer,
    SourceStatus,
    Verdict,
    check_signal,
    hot_list_status,
    offline_signal,
)
from muster.ondevice.subjects import (
    Normalised,
    Subject,
    SubjectError,
    SubjectKind,
    blind,
    folded_form,
    name_text,
    normalise,
)

__all__ = [
    "ArtefactError",
    "Basis",
    "CanonicalError",
    "Datum",
    "DatumError",
    "ManifestError",
    "Normalised",
    "Signal",
    "SourceAnswer",
    "SourceStatus",
    "Subject",
    "SubjectError",
    "SubjectKind",
    "Verdict",
    "addresses",
    "blind",
    "canonical_json",
    "check_signal",
    "content_hash",
    "folded_form",
    "from_wgs84",
    "hot_list_status",
    "hotlist",
    "manifest",
    "name_text",
    "normalise",
    "offline_signal",
    "to_wgs84",
]
