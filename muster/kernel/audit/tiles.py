"""The tree as C2SP tiles (tlog-tiles): what monitors fetch to check a log without asking it.

`tile/<L>/<N>[.p/<W>]` holds the hashes of up to 256 subtrees of 256**L leaves; N is written in
groups of three digits, all but the last with an `x`: `x001/x234/067`.
"""

import re
from typing import TYPE_CHECKING

from sqlalchemy import select

from muster.kernel.audit.models import LEAVES, TILES
from muster.kernel.audit.sealer import head
from muster.kernel.errors import NotFound

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

WIDTH = 256
_PATH = re.compile(r"((?:x\d{3}/){0,5}\d{3})(?:\.p/([1-9]\d{0,2}))?")


def tile(uow: "UnitOfWork", level: int, path: str) -> bytes:
    """Return the hashes of a tile, 32 bytes each; `NotFound` if the log has no such tile yet."""
    found = _PATH.fullmatch(path)
    if found is None or not 0 <= level <= 5:
        raise NotFound("There is no such tile.")
    index = int(found[1].replace("x", "").replace("/", ""))
    there = min(max((head(uow.session).size >> (8 * level)) - index * WIDTH, 0), WIDTH)
    width = int(found[2] or WIDTH)
    if width > there or (found[2] and width == WIDTH):
        raise NotFound("There is no such tile.")
    table, place = (TILES, TILES.c.idx) if level else (LEAVES, LEAVES.c.seq)
    query = select(table.c.hash).where(place >= index * WIDTH, place < index * WIDTH + width)
    if level:
        query = query.where(TILES.c.level == level)
    return b"".join(uow.session.scalars(query.order_by(place)))
