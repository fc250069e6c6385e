"""Personal certificates: the force's own CA says who somebody is, on a smart card or TF card.

The proxy's TLS handshake proves that the card is there (`Origin.certificate`). This room decides
whether the card still stands and whose it is: `chain.py` (issuer, validity, purpose),
`revocation.py` (the CA's revocation lists), `mapping.py` (whose number it names), `bindings.py`
(since when an account believes cards at all), and `entrance.py` lets people in. What is trusted
is held in the database, so that all workers agree: `trust.py` and `lists.py`, filled by `muster trust`.
"""

from muster.kernel.identity.personal_certificates.bindings import end_for
from muster.kernel.identity.personal_certificates.entrance import (
    Holder,
    holder,
    sign_in_for_app,
    sign_in_on_terminal,
    sign_in_to_console,
)
from muster.kernel.identity.personal_certificates.errors import CertificateRefused
from muster.kernel.identity.personal_certificates.trust import Trusted, listing

__all__ = [
    "CertificateRefused",
    "Holder",
    "Trusted",
    "end_for",
    "holder",
    "listing",
    "sign_in_for_app",
    "sign_in_on_terminal",
    "sign_in_to_console",
]
