"""Just enough of ASN.1's distinguished encoding to walk a JAR's signature block.

Rules: ITU-T X.690, clauses 8.1 and 10; what is longer than it need be is refused.
"""

from dataclasses import dataclass

from .errors import ApkError

INTEGER, OCTETS, OID, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x30, 0x31
CONTEXT_0, CONTEXT_1 = 0xA0, 0xA1

_CODE = "v1_invalid"
_LONGEST_LENGTH = 4
_MAX_ELEMENTS = 100


@dataclass(frozen=True, slots=True)
class Node:
    """One element: its tag, its content, and all its bytes."""

    tag: int
    content: bytes
    encoded: bytes

    def children(self) -> list["Node"]:
        """The elements inside, at most a hundred."""
        found: list[Node] = []
        rest = self.content
        while rest:
            if len(found) == _MAX_ELEMENTS:
                raise ApkError(_CODE, "The v1 signature block has too many parts.")
            found.append(_read(rest))
            rest = rest[len(found[-1].encoded) :]
        return found


class Walk:
    """Takes the elements inside a node one by one, in the order in which they must come."""

    def __init__(self, node: Node) -> None:
        self._waiting = node.children()

    def take(self, tag: int) -> Node:
        """The next element, which must have this tag."""
        found = self.optional(tag)
        if found is None:
            raise ApkError(_CODE, "The v1 signature block is damaged; sign the APK again.")
        return found

    def optional(self, tag: int) -> Node | None:
        """The next element if it has this tag."""
        if self._waiting and self._waiting[0].tag == tag:
            return self._waiting.pop(0)
        return None


def read_der(data: bytes) -> Node:
    """The one element that `data` consists of."""
    node = _read(data)
    if len(node.encoded) != len(data):
        raise ApkError(_CODE, "Bytes follow the v1 signature block.")
    return node


def _read(data: bytes) -> Node:
    size, start = (data[1], 2) if len(data) > 1 else (0, len(data) + 1)
    if size & 0x80:
        width = size & 0x7F
        size, start = int.from_bytes(data[2 : 2 + width], "big"), 2 + width
        if not 0 < width <= _LONGEST_LENGTH or size < 0x80:
            start = len(data) + 1
    if start + size > len(data):
        raise ApkError(_CODE, "The v1 signature block is cut or damaged; sign the APK again.")
    return Node(data[0], data[start : start + size], data[: start + size])
