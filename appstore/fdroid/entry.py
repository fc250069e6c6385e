"""`entry.json`: the small signed file that vouches for the index and the diffs towards it. Pure."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from appstore.fdroid.index_v2 import VERSION
from appstore.fdroid.splice import Spliced, whole

NAME: Final = "entry.json"
_DAYS: Final = 14


def entry(
    timestamp: int, index: Spliced, packages: int, diffs: Mapping[int, tuple[Spliced, int]]
) -> Spliced:
    """Return the entry. `diffs` are by the timestamp they start from, with their packages."""
    said = {
        "timestamp": timestamp,
        "version": VERSION,
        "maxAge": _DAYS,
        "index": _file("/index-v2.json", index, packages),
        "diffs": {
            str(since): _file(f"/diff/{since}.json", diff, changed)
            for since, (diff, changed) in sorted(diffs.items())
        },
    }
    return whole(msgspec.json.encode(said))


def _file(name: str, content: Spliced, packages: int) -> dict[str, Any]:
    return {
        "name": name,
        "sha256": content.digest.hex(),
        "size": content.size,
        "numPackages": packages,
    }
