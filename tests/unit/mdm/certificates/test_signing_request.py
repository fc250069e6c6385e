"""Of a request only the key counts, and only one whose possession it proves."""

import pytest
from asn1crypto import csr as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from mdm.certificates.errors import RequestRefused
from mdm.certificates.signing_request import read_der, read_pem
from tests.factories.certificates import ANYTHING, csr, ec_key, pem, rsa_key


def test_the_key_and_the_challenge_are_read() -> None:
    key = ec_key()
    asked = read_der(csr(key, challenge="msc_abc").public_bytes(Encoding.DER))
    assert (asked.key, asked.challenge) == (key.public_key(), "msc_abc")


@pytest.mark.parametrize("secret", ["", "\u7532\u4e59", "x" * 129])
def test_a_challenge_that_cannot_be_ours_is_none(secret: str) -> None:
    assert read_pem(pem(ec_key(), challenge=secret)).challenge == ""


def test_weak_and_strange_keys_are_refused() -> None:
    keys = [
        rsa_key(1024),
        rsa.generate_private_key(3, 2048),
        ec.generate_private_key(ec.SECP384R1()),
    ]
    for key in keys:
        with pytest.raises(RequestRefused, match="key"):
            read_pem(pem(key))
    other = ed25519.Ed25519PrivateKey.generate()
    made = x509.CertificateSigningRequestBuilder().subject_name(ANYTHING).sign(other, None)
    with pytest.raises(RequestRefused, match="key"):
        read_der(made.public_bytes(Encoding.DER))


def test_a_key_that_somebody_else_holds_is_refused() -> None:
    """The signature is of another key than the one that is to be certified."""
    mine, theirs = (csr(ec_key()).public_bytes(Encoding.DER) for _ in range(2))
    signature = x509.load_der_x509_csr(mine).signature
    swapped = theirs[: -len(signature)] + signature[: len(signature)]
    with pytest.raises(RequestRefused):
        read_der(swapped)
    spoilt = bytearray(theirs)
    spoilt[60] ^= 1
    with pytest.raises(RequestRefused):
        read_der(bytes(spoilt))


def test_a_request_signed_with_sha_1_is_refused() -> None:
    key = rsa_key()
    parsed = asn1.CertificationRequest.load(csr(key).public_bytes(Encoding.DER))
    parsed["signature_algorithm"] = {"algorithm": "sha1_rsa"}
    info = parsed["certification_request_info"].dump()
    parsed["signature"] = key.sign(info, padding.PKCS1v15(), hashes.SHA1())
    with pytest.raises(RequestRefused):
        read_der(parsed.dump())


@pytest.mark.parametrize("rubbish", ["", "hello", "-----BEGIN CERTIFICATE REQUEST-----\nAA==\n"])
def test_what_is_no_request_is_refused(rubbish: str) -> None:
    with pytest.raises(RequestRefused):
        read_pem(rubbish)
    with pytest.raises(RequestRefused):
        read_der(b"0" * 9000)
