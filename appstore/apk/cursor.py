"""Bounds-checked little-endian reading of untrusted bytes."""

import struct

from .errors import ApkError


class Cursor:
    """Walks `data` forward; any read past its end is an ApkError with the code given at birth."""

    __slots__ = ("_code", "_data", "_position")

    def __init__(self, data: bytes, code: str) -> None:
        self._data = data
        self._position = 0
        self._code = code

    @property
    def remaining(self) -> int:
        """Bytes not yet read."""
        return len(self._data) - self._position

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        if size > self.remaining:
            raise ApkError(self._code, f"{size} bytes are announced, {self.remaining} are there.")
        self._position += size
        return self._data[self._position - size : self._position]

    def u32(self) -> int:
        """The next four bytes as an unsigned integer."""
        return int.from_bytes(self.take(4), "little")

    def u64(self) -> int:
        """The next eight bytes as an unsigned integer."""
        return int.from_bytes(self.take(8), "little")

    def prefixed(self) -> bytes:
        """The next field: a u32 length, then that many bytes."""
        return self.take(self.u32())

    def sequence(self, limit: int) -> list["Cursor"]:
        """A length-prefixed list of length-prefixed elements, at most `limit` of them."""
        inner = Cursor(self.prefixed(), self._code)
        elements: list[Cursor] = []
        while inner.remaining:
            if len(elements) == limit:
                raise ApkError(self._code, f"A list has more than {limit} elements.")
            elements.append(Cursor(inner.prefixed(), self._code))
        return elements

    def rest(self) -> bytes:
        """Everything not yet read."""
        return self.take(self.remaining)

    def finish(self) -> None:
        """Insist that nothing is left: bytes nobody reads are bytes nobody has checked."""
        if self.remaining:
            raise ApkError(self._code, f"{self.remaining} unexpected bytes follow a structure.")


def unpack(form: struct.Struct, data: bytes, offset: int, code: str) -> tuple[int, ...]:
    """`form` read from `data` at `offset` (both unsigned); outside the data it is an ApkError."""
    if offset + form.size > len(data):
        raise ApkError(code, f"A structure at offset {offset} reaches past the end of the data.")
    return form.unpack_from(data, offset)
