"""A v1 signature beside v2 and v3 must hold as well, or the file is refused."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appstore.apk import ApkError
from muster.server.demo.apk_signing import ApkKey, jar_signature

SF, MF, BLOCK = "META-INF/CERT.SF", "META-INF/MANIFEST.MF", "META-INF/CERT.EC"


@pytest.fixture(scope="module")
def contents(forge):
    """The files of an APK as its v1 signature must name them."""
    apk = forge.package(forge.manifest(), {"res/a.png": b"picture"}, jar={})
    with zipfile.ZipFile(io.BytesIO(apk)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def jar(contents, key):
    """The files of the v1 signature over them."""
    return jar_signature(contents, key)


@pytest.fixture(scope="module")
def signed_by(forge):
    """An APK that is good in every respect but has this v1 signature."""

    def build(jar):
        return forge.package(forge.manifest(), {"res/a.png": b"picture"}, jar=jar)

    return build


def test_a_whole_v1_signature_is_welcome_with_either_kind_of_key(forge):
    for key in (forge.key, ApkKey.generate("RSA publisher", use_rsa=True)):
        assert forge.inspect(forge.good(key=key, min_sdk=21)).schemes == ("v2", "v3")


def test_a_broken_v1_signature_beside_good_ones_is_refused(
    forge, contents, jar, signed_by, key, other_key
):
    fewer = {name: data for name, data in contents.items() if name != "res/a.png"}
    faults = {
        "a file was changed": jar_signature(contents | {"res/a.png": b"other"}, key),
        "a file was added": jar_signature(fewer, key),
        "a file was taken away": jar_signature(contents | {"res/b": b""}, key),
        "another key": jar_signature(contents, other_key),
        "another's block": jar | {BLOCK: jar_signature(contents, other_key)[BLOCK]},
        "no block": {name: jar[name] for name in (SF, MF)},
        "no manifest": {name: jar[name] for name in (SF, BLOCK)},
        "a manifest that grew": jar | {MF: jar[MF] + b"Name: x\r\n\r\n"},
        "a signature file that grew": jar | {SF: jar[SF] + b"Name: x\r\n\r\n"},
        "no text": jar | {MF: b"\xff\xfe"},
    }
    for fault, wrong in faults.items():
        assert forge.refusal(signed_by(wrong)) == "v1_invalid", fault


def test_a_second_v1_signer_is_refused(forge, jar, signed_by):
    more = {name.replace("CERT", "MORE"): data for name, data in jar.items()}
    assert forge.refusal(signed_by(more | jar)) == "several_signers"


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_mutated_block_is_refused_or_means_the_same(forge, jar, signed_by, data):
    block = bytearray(jar[BLOCK])
    position = data.draw(st.integers(0, len(block) - 1))
    block[position] ^= data.draw(st.integers(1, 255))
    try:
        forge.inspect(signed_by(jar | {BLOCK: bytes(block)}))
    except ApkError as error:
        assert error.code in {"v1_invalid", "v1_weak", "several_signers"}  # noqa: PT017
