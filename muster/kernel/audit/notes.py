r"""Signed checkpoints in the C2SP formats (tlog-checkpoint, signed-note), readable by any witness.

    <origin>\n<size>\n<base64 root>\n\n— <key name> <base64(key id || Ed25519 signature)>\n

A verifier key travels as `<name>+<key id, 8 hex digits>+<base64(0x01 || public key)>`.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from muster.kernel.audit.errors import NoteInvalid
from muster.kernel.keys import SigningKey, VerifyingKey

_ED25519 = b"\x01"
_DASH = "\N{EM DASH} "


@dataclass(frozen=True)
class Checkpoint:
    """What the log committed to: its name, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the bytes-for-bytes text that is signed, with its last newline."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True)
class VerifierKey:
    """The public half of a checkpoint key; `public` is the raw 32 bytes of RFC 8032."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that a signature line opens with."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def verify(self, signature: bytes, text: str) -> bool:
        """Say whether this key signed the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True

    @classmethod
    def of(cls, origin: str, key: VerifyingKey) -> Self:
        """Return a checkpoint key of ours; it is named after the log, as C2SP advises."""
        assert isinstance(key.public_key, Ed25519PublicKey)
        return cls(origin, key.public_key.public_bytes_raw())

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(_ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the written form; `NoteInvalid` says what is wrong with it."""
        name, _, rest = text.strip().partition("+")
        digits, _, encoded = rest.partition("+")
        material = _unbase64(encoded)
        if len(material) != 33 or material[:1] != _ED25519:
            raise NoteInvalid(f"{text!r} is not an Ed25519 verifier key: name+hash+base64")
        key = cls(name, material[1:])
        if key.key_id.hex() != digits:
            raise NoteInvalid(
                f"the verifier key {name!r} does not match its own hash: copy it anew"
            )
        return key


def sign(checkpoint: Checkpoint, key: SigningKey) -> str:
    """Return the signed note of a checkpoint."""
    text, name = checkpoint.text(), checkpoint.origin
    blob = VerifierKey.of(name, key).key_id + key.sign(text.encode())
    return f"{text}\n{_DASH}{name} {_base64(blob)}\n"


def parse(note: str) -> Checkpoint:
    """Read what a note says without checking who signed it, or raise `NoteInvalid`."""
    lines = _halves(note)[0].split("\n")
    if len(lines) < 4 or not lines[0] or not _is_decimal(lines[1]):
        raise NoteInvalid("a checkpoint opens with three lines: origin, size and root")
    root = _unbase64(lines[2])
    if len(root) != 32:
        raise NoteInvalid("the root of a checkpoint is 32 bytes in base64")
    return Checkpoint(lines[0], int(lines[1]), root)


def verify(note: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """Return the checkpoint if one of the keys signed it; unknown signatures are skipped.

    Raises `NoteInvalid` if none did.
    """
    checkpoint, (text, signatures) = parse(note), _halves(note)
    trusted = {(key.name, key.key_id): key for key in keys if key.name == checkpoint.origin}
    for line in signatures.splitlines():
        name, _, encoded = line.removeprefix(_DASH).rpartition(" ")
        blob = _unbase64(encoded)
        key = trusted.get((name, blob[:4]))
        if line.startswith(_DASH) and key and key.verify(blob[4:], text):
            return checkpoint
    raise NoteInvalid(f"no trusted key signed the checkpoint of size {checkpoint.size}")


def _halves(note: str) -> tuple[str, str]:
    text, found, signatures = note.rpartition("\n\n")
    if not found:
        raise NoteInvalid("a note has a blank line between its text and its signatures")
    return text + "\n", signatures


def _is_decimal(text: str) -> bool:
    digits = text.isascii() and text.isdigit() and len(text) < 20
    return digits and (text == "0" or not text.startswith("0"))


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unbase64(text: str) -> bytes:
    """Decode, or return nothing: no key id, root or signature is empty."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
