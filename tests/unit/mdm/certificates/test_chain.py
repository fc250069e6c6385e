"""Only a chain that an issuing CA can stand on is installed."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from mdm.certificates import chain
from mdm.certificates.errors import ChainRefused, RequestRefused
from mdm.certificates.offline_root import make_root, sign_issuing
from mdm.certificates.profile import Holder, Issuer, device_certificate
from tests.factories.certificates import csr, ec_key, rsa_key

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY = ec_key()
ROOT_KEY, ROOT = make_root("Root", NOW)
REQUEST = csr(KEY).public_bytes(Encoding.PEM)
CHAIN = sign_issuing(ROOT_KEY, ROOT, REQUEST, NOW)
ISSUING = x509.load_pem_x509_certificate(CHAIN)


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


def test_what_the_offline_root_signs_is_taken() -> None:
    found = chain.read(CHAIN, NOW)
    assert (found.issuing, found.root) == (ISSUING, ROOT)
    basic = found.issuing.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (basic.ca, basic.path_length) == (True, 0)


def test_the_issuing_ca_never_outlives_its_root() -> None:
    short = x509.load_pem_x509_certificate(
        sign_issuing(ROOT_KEY, ROOT, REQUEST, NOW, days=365 * 90)
    )
    assert short.not_valid_after_utc == ROOT.not_valid_after_utc


def test_the_root_signs_only_with_its_own_key_and_only_ec_requests() -> None:
    with pytest.raises(ChainRefused, match="does not belong"):
        sign_issuing(make_root("Other", NOW)[0], ROOT, REQUEST, NOW)
    with pytest.raises(RequestRefused, match="EC key"):
        sign_issuing(ROOT_KEY, ROOT, csr(rsa_key()).public_bytes(Encoding.PEM), NOW)
    with pytest.raises(RequestRefused, match="PEM"):
        sign_issuing(ROOT_KEY, ROOT, b"no request", NOW)


def leaf() -> x509.Certificate:
    """A terminal's certificate is no CA, whoever signed it."""
    issuer = Issuer(ISSUING, KEY, "http://x/pki/1.crl", "http://x/pki/1.cer")
    holder = Holder(uuid4(), "T-1")
    return device_certificate(issuer, holder, ec_key().public_key(), at=NOW, days=60)


@pytest.mark.parametrize(
    ("given", "at", "why"),
    [
        (b"rubbish", NOW, "not a chain"),
        (pem(ISSUING), NOW, "then its root"),
        (pem(ROOT, ISSUING), NOW, "fewer CAs"),
        (pem(ISSUING, make_root("Root", NOW)[1]), NOW, "not issued by"),
        (pem(ISSUING, ISSUING), NOW, "fewer CAs"),
        (pem(leaf(), ISSUING), NOW, "may not sign"),
        (pem(ISSUING, ROOT), NOW + timedelta(days=365 * 6), "dates"),
        (pem(ISSUING, ROOT), NOW - timedelta(days=1), "dates"),
        (pem(ISSUING, *[ROOT] * 4), NOW, "then its root"),
    ],
)
def test_any_other_chain_is_refused_with_its_reason(given: bytes, at: datetime, why: str) -> None:
    with pytest.raises(ChainRefused, match=why):
        chain.read(given, at)


def test_a_chain_that_is_cut_below_its_root_is_refused() -> None:
    with pytest.raises(ChainRefused):
        chain.read(pem(leaf(), ISSUING, ROOT), NOW)


def test_a_terminals_certificate_says_what_the_server_says() -> None:
    made = leaf()
    assert made.subject.rfc4514_string().startswith("CN=T-1,")
    read = made.extensions.get_extension_for_class
    assert not read(x509.BasicConstraints).value.ca
    assert list(read(x509.ExtendedKeyUsage).value) == [x509.ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not read(x509.KeyUsage).value.key_cert_sign
    assert made.not_valid_after_utc == NOW + timedelta(days=60)
    assert isinstance(made.signature_hash_algorithm, hashes.SHA256)
    assert chain.issued_by(made, ISSUING)
