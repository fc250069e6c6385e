"""Proof of rotation: the chain of signing certificates an app has had, each vouched by the last.

Format: Android "APK Signature Scheme v3", section "Proof-of-rotation and self-trusted-old-certs".
"""

from dataclasses import dataclass

from .cursor import Cursor
from .errors import ApkError
from .keys import Certificate, load_certificate

ATTRIBUTE = 0x3BA06F8C

_VERSION = 1
_MAX_LINKS = 32
_INSTALLED_DATA = 0x1
_CODE = "lineage_invalid"


@dataclass(frozen=True, slots=True)
class Link:
    """One certificate of the chain and the trust (capability flags) the app still grants it."""

    certificate: Certificate
    flags: int

    @property
    def may_be_updated_from(self) -> bool:
        """Whether a device takes this app as an update of one signed by this certificate."""
        return bool(self.flags & _INSTALLED_DATA)


def read_lineage(value: bytes) -> tuple[Link, ...]:
    """The verified chain, oldest certificate first; ApkError when a link is not vouched for."""
    cursor = Cursor(value, _CODE)
    if cursor.u32() != _VERSION:
        raise ApkError(_CODE, "The proof of rotation has an unknown version.")
    links: list[Link] = []
    voucher_algorithm = 0
    while cursor.remaining:
        if len(links) == _MAX_LINKS:
            raise ApkError(_CODE, f"The proof of rotation has more than {_MAX_LINKS} links.")
        previous = links[-1] if links else None
        node = Cursor(cursor.prefixed(), _CODE)
        link, voucher_algorithm = _read_link(node, previous, voucher_algorithm)
        links.append(link)
    if len({link.certificate.der for link in links}) != len(links):
        raise ApkError(_CODE, "The proof of rotation names a certificate twice.")
    return tuple(links)


def _read_link(node: Cursor, previous: Link | None, voucher_algorithm: int) -> tuple[Link, int]:
    """A link, and the algorithm with which its own key signs the next one."""
    signed = node.prefixed()
    flags, next_algorithm = node.u32(), node.u32()
    signature = node.prefixed()
    node.finish()
    body = Cursor(signed, _CODE)
    certificate = load_certificate(body.prefixed())
    signed_algorithm = body.u32()
    body.finish()
    if previous is not None:
        if signed_algorithm != voucher_algorithm:
            raise ApkError(_CODE, "A link names another algorithm than the key before it used.")
        previous.certificate.public_key.verify(voucher_algorithm, signature, signed)
    return Link(certificate, flags), next_algorithm
