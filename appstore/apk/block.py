"""The APK signing block's framing: a list of id-value pairs between contents and directory.

Format: Android "APK Signature Scheme v2", section "APK Signing Block".
"""

from .cursor import Cursor
from .errors import ApkError

V2 = 0x7109871A
V3 = 0xF05368C0
V31 = 0x1B93AD61

_MAX_PAIRS = 1024
_FRAME = 8, 24  # the leading size; the trailing size and the magic


def read_pairs(block: bytes) -> dict[int, bytes]:
    """Values by id; `block` includes both sizes and the magic, already checked to agree."""
    if not block:
        return {}
    cursor = Cursor(block[_FRAME[0] : -_FRAME[1]], "signing_block_corrupt")
    pairs: dict[int, bytes] = {}
    while cursor.remaining:
        pair = Cursor(cursor.take(cursor.u64()), "signing_block_corrupt")
        identifier = pair.u32()
        if identifier in pairs or len(pairs) == _MAX_PAIRS:
            raise ApkError("signing_block_corrupt", f"Pair {identifier:#x} is there twice.")
        pairs[identifier] = pair.rest()
    return pairs
