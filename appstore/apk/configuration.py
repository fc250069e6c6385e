"""For which devices a resource's value is meant: language, script, country and density.

Layout: Android `ResourceTypes.h`, ResTable_config; three-letter codes are packed in two bytes.
"""

import re
import struct
from dataclasses import dataclass

from .errors import ApkError

_CONFIG = struct.Struct("<IHH2s2sBBH")
_SCRIPT_OFFSET, _SCRIPT_SIZE = 36, 4
_PACKED = 0x80
_WORD = re.compile(r"[A-Za-z0-9]*")


@dataclass(frozen=True, slots=True)
class Configuration:
    """The part of a configuration that matters here; "" and 0 stand for any device."""

    language: str = ""
    script: str = ""
    country: str = ""
    density: int = 0
    """Dots per inch."""

    @property
    def locale(self) -> str:
        """The language tag (RFC 5646), as zh-Hans-CN; "" for the default."""
        return "-".join(filter(None, (self.language, self.script, self.country)))


ANY = Configuration()


def read_configuration(data: bytes, start: int, end: int) -> Configuration:
    """The configuration between `start` and `end` of a type chunk's header."""
    if start + _CONFIG.size > end:
        raise ApkError("resources_corrupt", "A resource type lacks its configuration.")
    size, _, _, language, country, _, _, density = _CONFIG.unpack_from(data, start)
    script = b""
    if min(start + size, end) >= start + _SCRIPT_OFFSET + _SCRIPT_SIZE:
        script = data[start + _SCRIPT_OFFSET :][:_SCRIPT_SIZE]
    return Configuration(
        language=_unpack(language, "a"),
        script=_word(script),
        country=_unpack(country, "0"),
        density=density,
    )


def _unpack(code: bytes, base: str) -> str:
    """A language or country code: two letters as they are, or three of five bits each."""
    high, low = code
    if not high & _PACKED:
        return _word(code)
    letters = low & 0x1F, (low & 0xE0) >> 5 | (high & 0x03) << 3, (high & 0x7C) >> 2
    return _word(bytes(ord(base) + letter for letter in letters))


def _word(code: bytes) -> str:
    """Letters and digits; whatever else a hostile table has there is no locale of anybody's."""
    text = code.rstrip(b"\0").decode("latin-1")
    return text if _WORD.fullmatch(text) else ""
