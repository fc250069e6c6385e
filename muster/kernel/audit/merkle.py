"""The Merkle tree of RFC 6962 §2.1 over SHA-256: roots, proofs and their verification.

Positions count from 0, spans are half-open. Complete subtrees are named `(level, index)`: the
one that covers the leaves `index << level` up to `(index + 1) << level`. Every 8th level is worth
storing (a C2SP tile holds 256 of its hashes); all others follow from at most 128 stored ones.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

ALGORITHM = "rfc6962-sha256"
TILE_HEIGHT = 8

Span = tuple[int, int]
Node = tuple[int, int]
Tile = tuple[int, int, bytes]  # level / 8, index, hash


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry's bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


class CompactRange:
    """A growing tree of which only the complete subtrees at its right edge are kept: O(log n).

    `tiles` collects the nodes worth storing as they are completed.
    """

    def __init__(self, size: int = 0, frontier: bytes = b"") -> None:
        if len(frontier) != 32 * size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} hashes at its edge")
        self.size = size
        self.tiles: list[Tile] = []
        self._edge = [frontier[at : at + 32] for at in range(0, len(frontier), 32)]

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        node, level, rest = leaf, 0, self.size
        while rest & 1:
            node = sha256(b"\x01" + self._edge.pop() + node).digest()
            level, rest = level + 1, rest >> 1
            if level % TILE_HEIGHT == 0:
                self.tiles.append((level // TILE_HEIGHT, rest, node))
        self._edge.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the leaves so far; of none, the hash of nothing."""
        return fold(self._edge) if self._edge else sha256(b"").digest()

    def frontier(self) -> bytes:
        """Return what the constructor needs to go on from here."""
        return b"".join(self._edge)


def fold(hashes: Sequence[bytes]) -> bytes:
    """Join the hashes of complete subtrees, largest first, into the root over all of them."""
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def complete(span: Span) -> list[Node]:
    """Split a span of the tree into its complete subtrees, largest first."""
    start, end = span
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Return the spans whose roots prove leaf `index` in a tree of `size`, leaf first."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    start, end, spans = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """Return the spans whose roots prove that a tree of `new` leaves extends one of `old`."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves does not extend one of {old}")
    start, end, whole, spans = 0, new, True, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start, whole = middle, False
    if not whole:
        spans.append((start, end))
    return spans[::-1]


def path(spans: Sequence[Span], node: Callable[[Node], bytes]) -> list[bytes]:
    """Return the roots of the spans, asking for the complete subtrees they consist of."""
    return [fold([node(part) for part in complete(span)]) for span in spans]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Say whether the proof leads from the leaf at `index` to the root (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            node, last = _climb(node, last)
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Say whether the proof shows that the new tree extends the old one (RFC 9162 §2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    hashes = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    if not hashes:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    older = newer = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            node, last = _climb(node, last)
        else:
            newer = node_hash(newer, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and (older, newer) == (old_root, new_root)


def _climb(node: int, last: int) -> Span:
    """Skip the levels on which the last node has no sibling."""
    while not node & 1 and node:
        node, last = node >> 1, last >> 1
    return node, last


def _split(width: int) -> int:
    """Return the largest power of two smaller than the width."""
    return 1 << ((width - 1).bit_length() - 1)
