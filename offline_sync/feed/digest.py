"""The digest of what a terminal holds: the number of documents and the sum of their hashes.

Hashes have 32 bits, so that a sum over a million documents is exact in a JavaScript number.
"""

import hashlib


def of(doc_id: str, rev: int) -> int:
    """Return the first four bytes, big-endian, of SHA-256 over the id, a line feed and the
    revision in decimal digits.
    """
    return int.from_bytes(hashlib.sha256(f"{doc_id}\n{rev}".encode()).digest()[:4])
