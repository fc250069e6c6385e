"""What tells an entry that was retired under retention from one that is missing.

A retirement takes bodies out of the log and leaves their leaves. It is itself an entry, sealed like
any other, that names the archive by its SHA-256 and the places by a digest. A claim without such an
entry in the tree is worth nothing: whoever deletes rows would have to say so in the log, for ever.
"""

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from muster.kernel.audit import merkle
from muster.ondevice.canonical import canonical_json

ACTION = "audit.log.retire"
Range = tuple[int, int]  # first and last place, both included


@dataclass(frozen=True)
class Retirement:
    """Places whose bodies lie in an archive; `record` is the entry at `seq` that says so.

    `seq` is None until the record is sealed; until then the claim does not count.
    """

    archive: str
    seq: int | None
    record: bytes
    ranges: Sequence[Range]

    @property
    def holds(self) -> bool:
        """Whether the record is of this retirement: its archive and exactly its places."""
        try:
            document = json.loads(self.record)
            told = document["result"]
            named = (document["action"], told["archive"], told["places"])
        except (ValueError, KeyError, TypeError):
            return False
        return self.seq is not None and named == (ACTION, self.archive, digest(self.ranges))


class Retired:
    """All retirements of a log as a walk meets them."""

    def __init__(self, retirements: Sequence[Retirement]) -> None:
        valid = [one for one in retirements if one.holds]
        self._ranges = sorted((*span, one.seq) for one in valid for span in one.ranges)
        self._firsts = [first for first, _, _ in self._ranges]
        self._records = {one.seq: merkle.leaf_hash(one.record) for one in valid}
        self._needed: dict[int | None, int] = {}
        self.met = 0

    def covers(self, seq: int) -> bool:
        """Say whether a place is claimed, and count it; its record must be passed by later."""
        at = bisect_right(self._firsts, seq) - 1
        if at < 0 or seq > self._ranges[at][1]:
            return False
        self._needed.setdefault(self._ranges[at][2], seq)
        self.met += 1
        return True

    def pass_by(self, seq: int, leaf: bytes) -> None:
        """Hold the record that stands at a place, if one does, against the leaf found there."""
        if self._records and self._records.get(seq) == leaf:
            del self._records[seq]

    def unrecorded(self) -> int | None:
        """Return the first retired place whose record the walk did not find in the tree."""
        return min(
            (self._needed[seq] for seq in self._needed if seq in self._records), default=None
        )


def digest(ranges: Sequence[Range]) -> str:
    """Return the SHA-256, in hex, of the places as canonical JSON."""
    return sha256(canonical_json([list(span) for span in ranges])).hexdigest()


def spans(places: Sequence[int]) -> list[Range]:
    """Join ascending places into ranges."""
    found: list[Range] = []
    for place in places:
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found
