"""Lists from files: taken whole or refused with a reason."""

import json

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mdm.attestation import files
from mdm.attestation.chain import pin
from mdm.attestation.errors import ListInvalid
from tests.factories.attestation import Maker, certificate, key_of, name

ROOT = Maker()


def test_roots_come_as_pem_or_as_googles_json() -> None:
    both = [ROOT.root_pem, Maker(root="second").root_pem]
    pins = files.roots("".join(both).encode())
    assert len(pins) == 2
    assert pins == files.roots(json.dumps(both).encode())
    assert pin(ROOT.root_certificate) in pins


def test_an_emulators_root_is_no_root() -> None:
    title = name(cn="Android Keystore Software Attestation Root")
    soft = certificate(title, key_of("soft"), title, key_of("soft"), serial=1)
    with pytest.raises(ListInvalid, match="everybody has its private key"):
        files.roots(pem(soft))


def test_what_did_not_sign_itself_is_no_root() -> None:
    with pytest.raises(ListInvalid):
        files.roots(pem(ROOT.certificates(key_of("device"), None)[1]))


@pytest.mark.parametrize("text", ["", "[]", "[]x", "[1]", "{}", '["no certificate"]', "\ud800"])
def test_a_file_without_roots_is_refused(text: str) -> None:
    with pytest.raises(ListInvalid):
        files.roots(text.encode("utf-8", "surrogatepass"))


def test_serials_are_read_as_chains_write_them() -> None:
    entries = {"00C0FFEE": {"status": "REVOKED"}, "6681152659205225093": {"status": "SUSPENDED"}}
    found = files.statuses(json.dumps({"entries": entries}).encode())
    assert found == {"c0ffee": "REVOKED", "6681152659205225093": "SUSPENDED"}


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"entries": []}',
        '{"entries": {"xyz": {"status": "REVOKED"}}}',
        '{"entries": {"ab": {"status": "fine"}}}',
        '{"entries": {"ab": {}}}',
        '{"entries": {"ab": {"status": "REVOKED"}, "ab": {"status": "REVOKED"}}}',
        '{"entries": {"ab": {"status": "REVOKED"}',
    ],
)
def test_a_list_that_is_cut_or_odd_is_refused_whole(text: str) -> None:
    with pytest.raises(ListInvalid):
        files.statuses(text.encode())


def test_an_agents_signer_is_taken_with_or_without_colons() -> None:
    digest = "AB:" * 31 + "AB"
    assert files.agent("org.example.agent", digest) == ("org.example.agent", "ab" * 32)
    for package, signer in (("agent", "ab" * 32), ("org.example.agent", "ab" * 20)):
        with pytest.raises(ListInvalid):
            files.agent(package, signer)


def pem(one: x509.Certificate) -> bytes:
    return one.public_bytes(Encoding.PEM)
