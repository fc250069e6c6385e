"""Certificates of terminals: the issuing CA under an offline root, SCEP, renewal, revocation.

A certificate is a way to know a terminal, never a right: what it opens is decided by the terminal's
row. Start with `issuing.py`, then `presented.py` (what a shown certificate is worth now),
`authority.py` (the CA's life), `scep/service.py`. `offline_root.py` runs without a server.
"""

from mdm.certificates.authority import listing as authorities
from mdm.certificates.issuing import Issued, issue, renewal
from mdm.certificates.lapse import lapse
from mdm.certificates.models import DeviceCertificate, IssuingCa
from mdm.certificates.presented import holder, verify_presented
from mdm.certificates.service import CertificateQuery, Held
from mdm.certificates.signing_request import read_pem

__all__ = [
    "CertificateQuery",
    "DeviceCertificate",
    "Held",
    "Issued",
    "IssuingCa",
    "authorities",
    "holder",
    "issue",
    "lapse",
    "read_pem",
    "renewal",
    "verify_presented",
]
