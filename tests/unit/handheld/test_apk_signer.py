import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.handheld.apk_signer import signer_of
from muster.handheld.errors import FileDamaged
from muster.server.demo.apks import ApkKey, build_apk

KEY = ApkKey.generate("Tests")
APK = build_apk(package="org.example.app", version_code=1, version_name="1.0", label="App", key=KEY)


def test_the_signer_is_the_certificate_in_the_signing_block() -> None:
    assert signer_of(APK) == KEY.sha256


def test_another_key_is_another_signer() -> None:
    other = ApkKey.generate("Somebody else")
    apk = build_apk(
        package="org.example.app", version_code=1, version_name="1.0", label="App", key=other
    )
    assert signer_of(apk) == other.sha256 != KEY.sha256


@given(st.binary(max_size=200))
def test_bytes_that_are_no_app_have_no_signer(content: bytes) -> None:
    with pytest.raises(FileDamaged):
        signer_of(content)


@given(st.integers(0, len(APK) - 1))
def test_a_cut_app_has_no_signer(length: int) -> None:
    with pytest.raises(FileDamaged):
        signer_of(APK[:length])
