"""Settings of cards and of the provider: half of them, or another form, stops the start."""

import base64
import os

import pytest

from muster.kernel.settings import Settings, SettingsError, from_environment

SECRET = "j8Jx2mVq0Zr7Lw4Tn6Yb1Kd5Hs9Gf3Pc-QvRzUa"
PROVIDER = {
    "OIDC_ISSUER": "https://id.police.example/realms/force",
    "OIDC_CLIENT_ID": "muster",
    "OIDC_CLIENT_SECRET": "s3cret of the provider",
}


def read(monkeypatch: pytest.MonkeyPatch, **given: str) -> Settings:
    for name in [name for name in os.environ if name.startswith("MUSTER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MUSTER_MASTER_KEY", base64.b64encode(os.urandom(32)).decode())
    for name, value in given.items():
        monkeypatch.setenv(f"MUSTER_{name}", value)
    return from_environment()


def test_nothing_set_is_no_other_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch)
    assert (found.certificate_origin, found.oidc_issuer) == ("", "")
    assert (found.certificate_number, found.certificate_crl) == ("serial_number", "required")


def test_a_provider_and_cards_are_taken_and_the_secret_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = read(
        monkeypatch,
        **PROVIDER,
        OIDC_AAL="acr=urn:force:card:3,amr=mfa:2",
        CERTIFICATE_ORIGIN="https://muster.example:8443",
        CERTIFICATE_NUMBER="upn@police.example",
        CERTIFICATE_HARDWARE_POLICY="1.2.156.10197.9.1",
        PROXY_SECRET=SECRET,
    )
    assert found.oidc_client_secret == PROVIDER["OIDC_CLIENT_SECRET"]
    assert PROVIDER["OIDC_CLIENT_SECRET"] not in repr(found)
    assert read(monkeypatch, **{**PROVIDER, "OIDC_ISSUER": "http://127.0.0.1:3000"}).oidc_issuer


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"OIDC_ISSUER": PROVIDER["OIDC_ISSUER"]}, "go together"),
        ({"OIDC_CLIENT_SECRET": "s"}, "go together"),
        ({**PROVIDER, "OIDC_ISSUER": "http://id.police.example"}, "MUSTER_OIDC_ISSUER"),
        ({**PROVIDER, "OIDC_ISSUER": "http://localhost.evil.example"}, "MUSTER_OIDC_ISSUER"),
        ({**PROVIDER, "OIDC_ISSUER": "http://127.0.0.1@evil.example"}, "MUSTER_OIDC_ISSUER"),
        ({**PROVIDER, "OIDC_ISSUER": "https://id.example/?x=1"}, "MUSTER_OIDC_ISSUER"),
        ({"OIDC_AAL": "acr=card"}, "MUSTER_OIDC_AAL"),
        ({"OIDC_AAL": "acr=card:4"}, "MUSTER_OIDC_AAL"),
        ({"CERTIFICATE_ORIGIN": "https://muster.example:8443"}, "needs MUSTER_PROXY_SECRET"),
        ({"CERTIFICATE_ORIGIN": "https://muster.example:8443/x"}, "MUSTER_CERTIFICATE_ORIGIN"),
        ({"CERTIFICATE_NUMBER": "common_name"}, "MUSTER_CERTIFICATE_NUMBER"),
        ({"CERTIFICATE_NUMBER": "email"}, "MUSTER_CERTIFICATE_NUMBER"),
        ({"CERTIFICATE_CRL": "never"}, "MUSTER_CERTIFICATE_CRL"),
        ({"CERTIFICATE_HARDWARE_POLICY": "cards"}, "MUSTER_CERTIFICATE_HARDWARE_POLICY"),
    ],
)
def test_what_is_half_set_or_misspelt_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        read(monkeypatch, **given)
