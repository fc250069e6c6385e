"""Debian's apksigner as a second opinion: on the APKs we build and on the ones we read."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from appstore.apk import ApkError, inspect_apk
from muster.server.demo.apk_signing import sign_contents
from muster.server.demo.apks import ApkKey, build_apk

pytestmark = pytest.mark.needs("apksigner")


def apksigner(*arguments: str | Path) -> str:
    done = subprocess.run(
        ["apksigner", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def write_apk(path: Path, key: ApkKey, min_sdk: int = 21) -> Path:
    path.write_bytes(
        build_apk(
            package="city.muster.notes",
            version_code=7,
            version_name="1.7",
            label="Notes",
            min_sdk=min_sdk,
            key=key,
            extra=bytes(3 << 20),
        )
    )
    return path


def key_files(folder: Path, name: str, key: ApkKey) -> list[str | Path]:
    private, certificate = folder / f"{name}.pk8", folder / f"{name}.pem"
    private.write_bytes(
        key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    )
    certificate.write_bytes(key.certificate.public_bytes(Encoding.PEM))
    return ["--key", private, "--cert", certificate]


@pytest.mark.parametrize("use_rsa", [False, True], ids=["EC", "RSA"])
def test_apksigner_verifies_what_we_build_and_sees_the_same_signer(tmp_path, use_rsa):
    key = ApkKey.generate("Publisher", use_rsa=use_rsa)
    path = write_apk(tmp_path / "a.apk", key)
    report = apksigner("verify", "--verbose", "--print-certs", path)
    for scheme in ("v1 scheme (JAR signing)", "v2 scheme (APK", "v3 scheme (APK"):
        (line,) = (each for each in report.splitlines() if scheme in each)
        assert line.endswith("true")
    assert f"certificate SHA-256 digest: {inspect_apk(path).signer_sha256}" in report


@pytest.mark.parametrize("use_rsa", [False, True], ids=["EC", "RSA"])
def test_we_read_what_apksigner_signs(tmp_path, use_rsa):
    key = ApkKey.generate("Publisher", use_rsa=use_rsa)
    path = write_apk(tmp_path / "a.apk", ApkKey.generate("Someone before"))
    apksigner("sign", *key_files(tmp_path, "key", key), path)
    facts = inspect_apk(path)
    assert (facts.signer_sha256, facts.schemes) == (key.sha256, ("v2", "v3"))


def test_we_follow_a_key_rotation_made_by_apksigner(tmp_path):
    old, new = ApkKey.generate("Old", use_rsa=True), ApkKey.generate("New")
    old_files, new_files = key_files(tmp_path, "old", old), key_files(tmp_path, "new", new)
    history = tmp_path / "history"
    path = write_apk(tmp_path / "a.apk", old)
    apksigner("rotate", "--out", history, "--old-signer", *old_files, "--new-signer", *new_files)
    apksigner("sign", *old_files, "--next-signer", *new_files, "--lineage", history, path)
    facts = inspect_apk(path)
    assert facts.signer_sha256 == new.sha256
    assert facts.lineage == (old.sha256, new.sha256)


@pytest.mark.needs("jarsigner")
@pytest.mark.parametrize("use_rsa", [False, True], ids=["EC", "RSA"])
def test_we_verify_what_jarsigner_signs_and_refuse_its_sha1(tmp_path, use_rsa):
    key = ApkKey.generate("Publisher", use_rsa=use_rsa)
    assert jarsigned(tmp_path, key, "SHA-256").schemes == ("v2", "v3")
    with pytest.raises(ApkError) as caught:
        jarsigned(tmp_path, key, "SHA-1")
    assert caught.value.code == "v1_weak"


def jarsigned(folder, key, digest):
    """The facts of an APK with jarsigner's v1 signature, below v2 and v3 of the same key."""
    path, store = folder / "a.apk", folder / "keys.p12"
    built = write_apk(path, key).read_bytes()
    offset = int.from_bytes(built[-6:-2], "little")
    block = int.from_bytes(built[offset - 24 : offset - 16], "little") + 8
    end = built[-22:-6] + (offset - block).to_bytes(4, "little") + built[-2:]
    path.write_bytes(built[: offset - block] + built[offset:-22] + end)
    subprocess.run(["zip", "-q", "-d", path, "META-INF/*"], check=True)
    secret = BestAvailableEncryption(b"secret")
    store.write_bytes(
        pkcs12.serialize_key_and_certificates(b"CERT", key.private, key.certificate, None, secret)
    )
    options = ["-keystore", store, "-storetype", "PKCS12", "-storepass", "secret"]
    subprocess.run(
        ["jarsigner", *options, "-digestalg", digest, path, "CERT"], check=True, capture_output=True
    )
    jar = path.read_bytes()
    size, offset = (int.from_bytes(jar[place : place + 4], "little") for place in (-10, -6))
    local, directory, end = jar[:offset], jar[offset : offset + size], jar[-22:]
    block = sign_contents(local, directory, end, key)
    moved = end[:16] + (offset + len(block)).to_bytes(4, "little") + end[20:]
    path.write_bytes(local + block + directory + moved)
    return inspect_apk(path)
