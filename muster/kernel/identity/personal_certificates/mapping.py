"""Whose certificate it is: one rule reads one field; a whole subject is never compared as text.

Names can be spelt in more than one way and ordered in more than one way, and a CA that lets people
choose part of a name lets them choose whose it looks like (CVE-2026-35616 compared subjects).
"""

import re
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from muster.kernel.identity.personal_certificates.errors import CertificateRefused

UPN: Final = x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3")
RULE: Final = re.compile(
    r"(?P<field>serial_number|uid)|(?P<at>email|upn)@(?P<domain>[a-z0-9.-]+)"
    r"|other_name:(?P<oid>[0-2](?:\.[0-9]+)+)"
)
"""`serial_number`, `uid`, `email@police.example`, `upn@police.example`, `other_name:1.2.156.1`."""

_RDN: Final = {"serial_number": NameOID.SERIAL_NUMBER, "uid": NameOID.USER_ID}
_NUMBER: Final = re.compile(r"[A-Za-z0-9_.\-]{1,32}")
_UTF8, _PRINTABLE, _IA5 = 0x0C, 0x13, 0x16


@dataclass(frozen=True)
class Rule:
    """Where a certificate of this force carries the police number."""

    text: str

    def number_in(self, certificate: x509.Certificate) -> str:
        """Return the police number; raises `CertificateRefused` unless there is exactly one."""
        rule = RULE.fullmatch(self.text)
        assert rule is not None, "the settings were checked at the start"
        if rule["field"]:
            named = certificate.subject.get_attributes_for_oid(_RDN[rule["field"]])
            found = {str(attribute.value) for attribute in named}
        elif rule["at"] == "email":
            found = _at(_emails(certificate), rule["domain"])
        elif rule["at"] == "upn":
            found = _at(_other_names(certificate, UPN), rule["domain"])
        else:
            found = _other_names(certificate, x509.ObjectIdentifier(rule["oid"]))
        if len(found) != 1 or not _NUMBER.fullmatch(number := found.pop()):
            raise CertificateRefused(
                "certificate_names_nobody", "This certificate does not name one police number."
            )
        return number


def _names(certificate: x509.Certificate) -> x509.GeneralNames | list[x509.GeneralName]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return list(extension.value)


def _emails(certificate: x509.Certificate) -> set[str]:
    return {name.value for name in _names(certificate) if isinstance(name, x509.RFC822Name)}


def _other_names(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> set[str]:
    return {
        _text(name.value)
        for name in _names(certificate)
        if isinstance(name, x509.OtherName) and name.type_id == oid
    }


def _at(addresses: set[str], domain: str) -> set[str]:
    """Return the local parts of the addresses of the force's own domain."""
    parts = [address.rpartition("@") for address in addresses]
    return {local for local, _, at in parts if at.lower() == domain}


def _text(der: bytes) -> str:
    """Read a short DER string (UTF8, Printable or IA5); anything else is no number."""
    if len(der) < 2 or der[0] not in (_UTF8, _PRINTABLE, _IA5) or der[1] != len(der) - 2:
        return ""
    return der[2:].decode("utf-8", "replace") if der[1] < 0x80 else ""
