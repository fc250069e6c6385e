"""What SCEP's messages mean (RFC 8894 §3): attributes in, CertRep out."""

import enum
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from mdm.certificates.scep import cms
from mdm.certificates.scep.cms import Recipient, Signed

_ARC: Final = "2.16.840.1.113733.1.9"
MESSAGE_TYPE: Final = f"{_ARC}.2"
PKI_STATUS: Final = f"{_ARC}.3"
FAIL_INFO: Final = f"{_ARC}.4"
SENDER_NONCE: Final = f"{_ARC}.5"
RECIPIENT_NONCE: Final = f"{_ARC}.6"
TRANSACTION_ID: Final = f"{_ARC}.7"
FAIL_INFO_TEXT: Final = "1.3.6.1.5.5.7.24.1"
SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
_NONCE: Final = 16
_LONGEST_TRANSACTION: Final = 255
_CERT_REP: Final = "3"


class MessageType(enum.StrEnum):
    """Messages that ask for a certificate; we answer no others."""

    RENEWAL_REQ = "17"
    PKCS_REQ = "19"


class FailInfo(enum.StrEnum):
    """Why a request failed (RFC 8894 §3.2.1.4.5)."""

    BAD_ALG = "0"
    BAD_MESSAGE_CHECK = "1"
    BAD_REQUEST = "2"
    BAD_TIME = "3"
    BAD_CERT_ID = "4"


class ScepFailure(Exception):
    """A request that gets a CertRep with a failInfo; the text says what to do."""

    def __init__(self, info: FailInfo, text: str) -> None:
        super().__init__(text)
        self.info, self.text = info, text


@dataclass(frozen=True)
class Asked:
    """A request: what it says of itself, proved or not."""

    kind: str
    transaction: str
    nonce: bytes
    signing_time: datetime | None
    signed: Signed


def read(data: bytes) -> Asked:
    """Return a request; raises `CmsError` for what cannot even be answered."""
    signed = cms.read_signed(data)
    try:
        kind = _printable(signed.attributes, MESSAGE_TYPE)
        transaction = _printable(signed.attributes, TRANSACTION_ID)
        nonce = core.OctetString.load(signed.attributes[SENDER_NONCE], strict=True).native
        moment = signed.attributes.get(SIGNING_TIME)
        at = _moment(moment) if moment is not None else None
    except cms.UNREADABLE as error:
        raise cms.CmsError("a SCEP attribute is missing or malformed") from error
    if len(nonce) != _NONCE or not 1 <= len(transaction) <= _LONGEST_TRANSACTION:
        raise cms.CmsError("a nonce has 16 bytes, a transaction 1 to 255 letters")
    return Asked(kind, transaction, nonce, at, signed)


def success(asked: Asked, signer: Recipient, certificate: x509.Certificate) -> bytes:
    """Return the CertRep that brings the certificate, sealed for the key that signed.

    It comes alone: clients take the first of a set that DER sorts. GetCACert gives the rest.
    """
    content = pkcs7.serialize_certificates([certificate], Encoding.DER)
    sealed = cms.envelope(content, asked.signed.certificate)
    return cms.sign(sealed, _attributes(asked, "0"), signer)


def failure(asked: Asked, signer: Recipient, failed: ScepFailure) -> bytes:
    """Return the CertRep that says no; it has no content (RFC 8894 §3.2.1)."""
    more = {
        FAIL_INFO: core.PrintableString(failed.info.value),
        FAIL_INFO_TEXT: core.UTF8String(failed.text),
    }
    return cms.sign(None, _attributes(asked, "2") | more, signer)


def _attributes(asked: Asked, status: str) -> dict[str, Any]:
    return {
        MESSAGE_TYPE: core.PrintableString(_CERT_REP),
        PKI_STATUS: core.PrintableString(status),
        TRANSACTION_ID: core.PrintableString(asked.transaction),
        SENDER_NONCE: core.OctetString(os.urandom(_NONCE)),
        RECIPIENT_NONCE: core.OctetString(asked.nonce),
    }


def _printable(attributes: Mapping[str, bytes], oid: str) -> str:
    text: str = core.PrintableString.load(attributes[oid], strict=True).native
    if not text.isascii() or not text.isprintable():
        raise ValueError(oid)
    return text


def _moment(der: bytes) -> datetime:
    kind = core.UTCTime if der[0] == core.UTCTime.tag else core.GeneralizedTime
    at: datetime = kind.load(der, strict=True).native
    return at
