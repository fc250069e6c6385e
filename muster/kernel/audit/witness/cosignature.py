r"""Cosignatures of witnesses (C2SP tlog-cosignature, `cosignature/v1`).

    — <witness> <base64(key id || time, 8 bytes || Ed25519 signature)>\n

over `cosignature/v1\ntime <seconds>\n` and the checkpoint's text. A witness's verifier key travels
as `<name>+<key id, 8 hex digits>+<base64(0x04 || public key)>`.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from muster.kernel.audit.errors import NoteInvalid
from muster.kernel.audit.notes import Checkpoint

_TYPE = b"\x04"
_DASH = "\N{EM DASH} "


@dataclass(frozen=True)
class Cosignature:
    """One valid cosignature: the whole line without its line feed, and when it was made."""

    line: str
    at: datetime


@dataclass(frozen=True)
class WitnessKey:
    """The public half of a witness's key; `public` is the raw 32 bytes of RFC 8032."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that a signature line opens with."""
        return sha256(self.name.encode() + b"\n" + _TYPE + self.public).digest()[:4]

    def __str__(self) -> str:
        encoded = base64.b64encode(_TYPE + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the written form; `NoteInvalid` says what is wrong with it."""
        name, _, rest = text.strip().partition("+")
        digits, _, encoded = rest.partition("+")
        material = _unbase64(encoded)
        if len(material) != 33 or material[:1] != _TYPE:
            raise NoteInvalid(f"{text!r} is no witness's key: name+hash+base64, of the type 0x04")
        key = cls(name, material[1:])
        if key.key_id.hex() != digits:
            raise NoteInvalid(f"the witness's key {name!r} does not match its own hash")
        return key

    def find(self, lines: str, checkpoint: Checkpoint) -> Cosignature | None:
        """Return this witness's cosignature of the checkpoint among signature lines."""
        for line, blob in _lines(lines, self.name):
            if len(blob) == 76 and blob[:4] == self.key_id:
                seconds = int.from_bytes(blob[4:12])
                if self._signed(blob[12:], message(checkpoint, seconds)):
                    return Cosignature(line, datetime.fromtimestamp(seconds, UTC))
        return None

    def _signed(self, signature: bytes, data: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, data)
        except InvalidSignature:
            return False
        return True


def cosign(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey, seconds: int) -> str:
    """Return the signature line of a witness, with its line feed."""
    public = WitnessKey(name, key.public_key().public_bytes_raw())
    signature = key.sign(message(checkpoint, seconds))
    blob = public.key_id + seconds.to_bytes(8) + signature
    return f"{_DASH}{name} {base64.b64encode(blob).decode()}\n"


def message(checkpoint: Checkpoint, seconds: int) -> bytes:
    """Return the bytes that a witness signs."""
    return f"cosignature/v1\ntime {seconds}\n{checkpoint.text()}".encode()


def _lines(text: str, name: str) -> Iterator[tuple[str, bytes]]:
    for line in text.splitlines():
        signer, _, encoded = line.removeprefix(_DASH).rpartition(" ")
        if line.startswith(_DASH) and signer == name:
            yield line, _unbase64(encoded)


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
