"""Debian's scepclient enrols at a live server, and openssl judges what it was given.

scepclient knows only single DES and SHA-1 and sends octet strings in pieces: the setting for such
clients is on here.
"""

import json
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from mdm.certificates import verify_presented
from muster.kernel.settings import Settings
from muster.server.demo.authority import make_authority
from muster.server.serving import Embedded
from tests.conftest import House
from tests.factories.mdm import Console, Force
from tests.factories.terminal import TestTerminal

pytestmark = pytest.mark.needs("scep")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, scep_legacy=True)


@pytest.fixture
def server(house: House) -> Iterator[str]:
    make_authority(house.kernel)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with Embedded(house.kernel, host="127.0.0.1", port=port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def force(house: House) -> Force:
    return Force(house)


@pytest.fixture
def admin(force: Force) -> Console:
    return force.console("A1", "device_admin")


@pytest.fixture
def terminal(force: Force, admin: Console) -> TestTerminal:
    return force.enrolled(admin)


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def ra_fingerprint(server: str) -> str:
    """The RA is the one with an RSA key: scepclient seals for the certificate that is named."""
    given = pkcs7.load_der_pkcs7_certificates(fetch(f"{server}/scep?operation=GetCACert"))
    (ra,) = (one for one in given if isinstance(one.public_key(), rsa.RSAPublicKey))
    return ra.fingerprint(SHA256()).hex()


def challenge(admin: Console, terminal: TestTerminal) -> str:
    answer = admin.post(f"/admin/v1/devices/{terminal.id}/certificate-challenges")
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer.get_json()["challenge"]


def scepclient(folder: Path, server: str, secret: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            "scepclient",
            *("-server-url", f"{server}/scep"),
            *("-private-key", "client.key"),
            *("-certificate", "client.pem"),
            *("-ca-fingerprint", ra_fingerprint(server)),
            *("-cn", "chief-of-police", "-challenge", secret),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def openssl(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_scepclient_enrols_and_openssl_verifies_chain_and_revocation(
    server: str, house: House, admin: Console, terminal: TestTerminal, tmp_path: Path
) -> None:
    done = scepclient(tmp_path, server, challenge(admin, terminal))
    assert done.returncode == 0, done.stdout + done.stderr
    got = x509.load_pem_x509_certificate((tmp_path / "client.pem").read_bytes())
    assert terminal.label in got.subject.rfc4514_string()
    assert "chief" not in got.subject.rfc4514_string(), "the server says who it is"
    der = got.public_bytes(Encoding.DER)
    assert verify_presented(house.kernel, der, house.clock()) == terminal.id

    chain = pkcs7.load_der_pkcs7_certificates(fetch(f"{server}/scep?operation=GetCACert"))
    above = [one for one in chain if isinstance(one.public_key(), rsa.RSAPublicKey) is False]
    issuing = next(one for one in above if one.subject == got.issuer)
    root = next(one for one in above if one.subject == one.issuer)
    (tmp_path / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (tmp_path / "issuing.pem").write_bytes(issuing.public_bytes(Encoding.PEM))
    assert x509.load_der_x509_certificate(fetch(f"{server}/pki/issuing.cer")) == issuing

    def verdict() -> str:
        (tmp_path / "crl.der").write_bytes(fetch(f"{server}/pki/issuing.crl"))
        openssl(tmp_path, "crl", "-inform", "DER", "-in", "crl.der", "-out", "crl.pem")
        return openssl(
            tmp_path,
            *("verify", "-x509_strict", "-crl_check", "-purpose", "sslclient"),
            *("-CAfile", "root.pem", "-untrusted", "issuing.pem", "-CRLfile", "crl.pem"),
            "client.pem",
        )

    assert verdict() == "client.pem: OK\n"
    listed = admin.get("/admin/v1/certificates").get_json()["items"]
    assert [(one["source"], one["state"]) for one in listed] == [("scep", "live")]
    path = f"/admin/v1/certificates/{listed[0]['id']}/revoke"
    assert admin.post(path, {"reason": "key seen in a mail"}).status_code == 200
    assert "certificate revoked" in verdict()


def test_scepclient_is_refused_with_a_challenge_that_was_used(
    server: str, house: House, admin: Console, terminal: TestTerminal, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    secret = challenge(admin, terminal)
    assert scepclient(first, server, secret).returncode == 0
    again = scepclient(second, server, secret)
    assert again.returncode != 0
    assert "badRequest" in again.stdout + again.stderr
    assert not (second / "client.pem").exists()
    held = admin.get("/admin/v1/certificates").get_json()["items"]
    assert len(held) == 1, json.dumps(held)
