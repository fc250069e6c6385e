"""Verification: walks the whole log once and names the first entry that is not what was signed.

It reads a `Source`, the live database or an exported folder, as a stream, and keeps one compact
range in memory. What it holds against the log, from weakest to strongest:

- each entry against its own leaf hash: an edited or missing entry is named exactly;
- the root over the leaves against every signed checkpoint: whoever changed entry *and* leaf is
  found too, but only as "between these two checkpoints";
- each retired entry against the record of its retirement, which must itself be in the log: what is
  gone without one is missing;
- checkpoints kept elsewhere (witnesses): a log rewritten and signed anew with the real key, or cut
  short together with its checkpoints, shows nowhere else.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from muster.kernel.audit import merkle, notes
from muster.kernel.audit.errors import NoteInvalid
from muster.kernel.audit.retirement import Retired, Retirement


class Checked(enum.Enum):
    """Stands for an entry that the source has already held against its leaf hash."""

    BY_SOURCE = enum.auto()


# One place in the sealed order: seq, leaf hash, entry; None where it is missing.
Leaf = tuple[int, bytes | None, bytes | Checked | None]


@dataclass(frozen=True)
class Finding:
    """What is wrong, and where: the first bad entry is one of `first` … `last` (from 0)."""

    what: str
    first: int
    last: int


class Source(Protocol):
    """A log that can be walked; leaves and notes come in the order of the log."""

    def verifier_keys(self) -> Sequence[notes.VerifierKey]: ...

    def checkpoints(self) -> Iterator[str]: ...

    def leaves(self) -> Iterator[Leaf]: ...

    def retirements(self) -> Sequence[Retirement]:
        """Return what the source says was retired under retention, and its record in the log."""
        ...

    def check_tiles(self, tiles: Sequence[merkle.Tile]) -> Finding | None:
        """Hold the stored subtrees, if there are any, against those of the walk."""
        ...

    def check_index(self) -> Finding | None:
        """Hold what else the source stores about entries, if anything, against the entries."""
        ...


@dataclass(frozen=True)
class Verdict:
    """The outcome: how far the log was walked, and the first finding, if any.

    `retired` entries lie in archives and were not read; their leaves are what was signed.
    """

    origin: str
    size: int
    root: bytes
    checkpoints: int
    finding: Finding | None = None
    retired: int = 0

    @property
    def ok(self) -> bool:
        """Whether the whole log is what was signed."""
        return self.finding is None

    @property
    def first_bad(self) -> int | None:
        """The first entry that is, or may be, bad."""
        return self.finding.first if self.finding else None

    def __str__(self) -> str:
        if self.finding is None:
            told = f"{self.size} entries and {self.checkpoints} checkpoints are as they were signed"
            aside = f"; {self.retired} of them were retired under retention and are archived"
            return told + (aside if self.retired else "")
        first, last = self.finding.first, self.finding.last
        where = f"entry {first}" if first == last else f"entries {first} to {last}"
        return f"{where}: {self.finding.what}"


def verify(
    source: Source, *, keys: Sequence[notes.VerifierKey] = (), witnesses: Sequence[str] = ()
) -> Verdict:
    """Walk a log and return the verdict; nothing found in the log raises.

    `keys` are the verifier keys to trust, by default those the source names itself: an auditor
    gives the keys received another way. `witnesses` are notes kept elsewhere.

    Raises `NoteInvalid` if a witness is not a note signed with a trusted key.
    """
    walk = _Walk(source, tuple(keys) or tuple(source.verifier_keys()))
    kept = sorted((notes.verify(note, walk.keys) for note in witnesses), key=lambda one: one.size)
    try:
        walk.run(kept)
    except _BadLogError as bad:
        return walk.verdict(bad.finding)
    return walk.verdict(walk.tile_finding or source.check_index())


class _BadLogError(Exception):
    def __init__(self, what: str, first: int, last: int = 0) -> None:
        super().__init__(what)
        self.finding = Finding(what, first, max(first, last))


@dataclass
class _Walk:
    source: Source
    keys: Sequence[notes.VerifierKey]
    tree: merkle.CompactRange = field(default_factory=merkle.CompactRange)
    origin: str = ""
    signed: int = 0  # size of the last checkpoint
    agreed: int = 0  # the largest size whose signed root was found right
    checkpoints: int = 0
    tile_finding: Finding | None = None
    retired: Retired = field(init=False)

    def __post_init__(self) -> None:
        self.retired = Retired(self.source.retirements())

    def run(self, witnesses: list[notes.Checkpoint]) -> None:
        leaves = self.source.leaves()
        for note in self.source.checkpoints():
            checkpoint = self._open(note)
            while witnesses and witnesses[0].size <= checkpoint.size:
                self._advance(leaves, witnesses.pop(0), "a checkpoint kept elsewhere")
            self._advance(leaves, checkpoint, "its checkpoint")
            self.signed, self.checkpoints = checkpoint.size, self.checkpoints + 1
        if (extra := next(leaves, None)) is not None:
            raise _BadLogError("added after the last checkpoint", self.agreed, extra[0])
        if (unrecorded := self.retired.unrecorded()) is not None:
            raise _BadLogError(
                "the entry is missing, and no record says it was retired", unrecorded
            )
        for witness in witnesses:
            self._check_name(witness)
            what = f"missing: the log once had {witness.size} entries"
            raise _BadLogError(what, self.tree.size, witness.size - 1)

    def verdict(self, finding: Finding | None) -> Verdict:
        walked = (self.origin, self.tree.size, self.tree.root(), self.checkpoints)
        return Verdict(*walked, finding, self.retired.met)

    def _open(self, note: str) -> notes.Checkpoint:
        try:
            checkpoint = notes.verify(note, self.keys)
        except NoteInvalid as error:
            raise _BadLogError(f"bad checkpoint: {error.detail}", self.signed) from error
        if checkpoint.size <= self.signed:
            raise _BadLogError("its checkpoint is out of order", self.signed)
        self._check_name(checkpoint)
        return checkpoint

    def _check_name(self, signed: notes.Checkpoint) -> None:
        self.origin = self.origin or signed.origin
        if signed.origin != self.origin:
            raise _BadLogError(f"the log is {self.origin}, not {signed.origin}", self.agreed)

    def _advance(self, leaves: Iterator[Leaf], signed: notes.Checkpoint, by: str) -> None:
        """Walk on to a signed size and hold the root against the signed one."""
        self._check_name(signed)
        while self.tree.size < signed.size:
            self._append(next(leaves, None), signed.size)
        if self.tree.root() != signed.root:
            what = f"not what was signed by {by} of size {signed.size}"
            raise _BadLogError(what, self.agreed, signed.size - 1)
        self.agreed = signed.size
        if self.tree.tiles and self.tile_finding is None:
            self.tile_finding = self.source.check_tiles(self.tree.tiles)
        self.tree.tiles.clear()

    def _append(self, leaf: Leaf | None, until: int) -> None:
        here = self.tree.size
        if leaf is None:
            raise _BadLogError("missing: the log ends before its checkpoint", here, until - 1)
        seq, stored, entry = leaf
        if seq != here or stored is None:
            raise _BadLogError("its leaf is missing", here)
        if entry is None and not self.retired.covers(here):
            raise _BadLogError("the entry is missing", here)
        if isinstance(entry, bytes) and merkle.leaf_hash(entry) != stored:
            raise _BadLogError("the entry is not the one its leaf was made of", here)
        self.retired.pass_by(here, stored)
        self.tree.append(stored)
