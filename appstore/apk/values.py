"""Typed values of binary XML and resource tables (Android `ResourceTypes.h`, Res_value)."""

from dataclasses import dataclass

from .chunks import StringPool

REFERENCE, STRING = 0x01, 0x03
_INTEGERS = range(0x10, 0x12)
_BOOLEAN = 0x12


@dataclass(frozen=True, slots=True)
class Value:
    """One value as the file has it: `kind` says how to read `number`."""

    kind: int
    number: int
    pool: StringPool

    @property
    def reference(self) -> int | None:
        """The resource id this value stands for, if it stands for one."""
        return self.number if self.kind == REFERENCE else None

    @property
    def text(self) -> str | None:
        """A literal string."""
        return self.pool[self.number] if self.kind == STRING else None

    @property
    def integer(self) -> int | None:
        """A literal decimal or hexadecimal integer, unsigned."""
        return self.number if self.kind in _INTEGERS else None

    @property
    def signed(self) -> int | None:
        """A literal integer, as Java reads its 32 bits."""
        number = self.integer
        return number if number is None else (number ^ 1 << 31) - (1 << 31)

    @property
    def truth(self) -> bool | None:
        """A literal boolean; Android takes any integer but 0 for true."""
        return bool(self.number) if self.kind == _BOOLEAN or self.kind in _INTEGERS else None
