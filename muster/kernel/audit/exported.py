r"""The sealed log as a folder of plain files, which verifies anywhere and needs no server of ours.

log.json           format, algorithm, origin, size, and the verifier keys
entries.jsonl      line i + 1 is entry i, byte for byte as it was hashed (canonical JSON)
leaves.txt         line i + 1 is SHA-256(0x00 || entry i) in hex
checkpoints.jsonl  the signed C2SP notes, each as one JSON string
retired.jsonl      what was retired: its archive's SHA-256, its places, and its record in the log
"""

import json
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muster.kernel.audit import merkle, notes
from muster.kernel.audit.errors import ExportUnreadable
from muster.kernel.audit.live import Live
from muster.kernel.audit.retirement import Retirement
from muster.kernel.audit.verification import Finding, Leaf
from muster.kernel.errors import Conflict

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

FORMAT = "muster-audit/1"
_HEADER, _ENTRIES, _LEAVES = "log.json", "entries.jsonl", "leaves.txt"
_CHECKPOINTS, _RETIRED = "checkpoints.jsonl", "retired.jsonl"


def export(uow: "UnitOfWork", path: Path) -> int:
    """Write the log up to its last checkpoint into a new or empty folder; return its size.

    What is missing in the database becomes an empty line, so that the lines after it keep their
    place and verification names the right one. Raises `Conflict` if the folder holds anything.
    """
    path.mkdir(parents=True, exist_ok=True)
    if any(path.iterdir()):
        raise Conflict(f"{path} is not empty: give a new folder.")
    live = Live(uow)
    _write_leaves(live, path)
    with (path / _CHECKPOINTS).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(note, ensure_ascii=False) + "\n" for note in live.checkpoints())
    with (path / _RETIRED).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(_told(one)) + "\n" for one in live.retirements())
    header = {
        "format": FORMAT,
        "algorithm": merkle.ALGORITHM,
        "origin": live.head.origin,
        "size": live.head.size,
        "keys": [str(key) for key in live.verifier_keys()],
    }
    (path / _HEADER).write_text(json.dumps(header, indent=2) + "\n", encoding="utf-8")
    return live.head.size


def _told(one: Retirement) -> dict[str, Any]:
    return {
        "archive": one.archive,
        "seq": one.seq,
        "record": one.record.decode("utf-8", "replace"),
        "ranges": [list(span) for span in one.ranges],
    }


def _write_leaves(live: Live, path: Path) -> None:
    place = 0
    with (path / _ENTRIES).open("wb") as entries, (path / _LEAVES).open("wb") as leaves:
        for seq, hash_, entry in live.bodies():
            gap = b"\n" * (seq - place)
            body = entry if isinstance(entry, bytes) else b""
            entries.write(gap + body.replace(b"\n", b" ") + b"\n")
            leaves.write(gap + (hash_ or b"").hex().encode() + b"\n")
            place = seq + 1


class Exported:
    """An exported folder as a source to verify.

    Raises `ExportUnreadable` if it is none; whatever is wrong inside is the verdict's to say.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        for name in (_HEADER, _ENTRIES, _LEAVES, _CHECKPOINTS):
            if not (path / name).is_file():
                raise ExportUnreadable(f"{path} is not an export of the log: {name} is missing.")
        self.header = _header(path / _HEADER)

    def verifier_keys(self) -> Sequence[notes.VerifierKey]:
        """Return the keys that the export itself names."""
        return [notes.VerifierKey.parse(key) for key in self.header["keys"]]

    def checkpoints(self) -> Iterator[str]:
        """Yield the notes; what is not a note comes as it is and fails there."""
        with (self._path / _CHECKPOINTS).open("rb") as file:
            for line in file:
                try:
                    yield str(json.loads(line))
                except ValueError:
                    yield ""

    def leaves(self) -> Iterator[Leaf]:
        """Yield each line of the two files; an empty or missing one as None."""
        with (
            (self._path / _ENTRIES).open("rb") as entries,
            (self._path / _LEAVES).open("rb") as leaves,
        ):
            for seq, (entry, leaf) in enumerate(zip_longest(entries, leaves, fillvalue=b"")):
                yield seq, _unhex(leaf), entry.rstrip(b"\n") or None

    def retirements(self) -> Sequence[Retirement]:
        """Return what the export says was retired; what is no such line is left out."""
        path = self._path / _RETIRED
        lines = path.read_bytes().splitlines() if path.is_file() else []
        return [one for line in lines if (one := _retirement(line)) is not None]

    def check_tiles(self, tiles: Sequence[merkle.Tile]) -> Finding | None:
        """Find nothing: an export holds no subtrees."""
        return None

    def check_index(self) -> Finding | None:
        """Find nothing: an export is searched by reading it."""
        return None


def _header(path: Path) -> dict[str, Any]:
    try:
        header = json.loads(path.read_bytes())
        known = (header["format"], header["algorithm"]) == (FORMAT, merkle.ALGORITHM)
        valid = known and all(isinstance(key, str) for key in header["keys"])
    except (ValueError, KeyError, TypeError):
        valid = False
    if not valid:
        raise ExportUnreadable(f"{path} does not describe a log of the format {FORMAT}.")
    return dict(header)


def _retirement(line: bytes) -> Retirement | None:
    try:
        told = json.loads(line)
        ranges = [(int(first), int(last)) for first, last in told["ranges"]]
        return Retirement(told["archive"], int(told["seq"]), told["record"].encode(), ranges)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _unhex(line: bytes) -> bytes | None:
    try:
        return bytes.fromhex(line.decode("ascii")) or None
    except ValueError:
        return None
