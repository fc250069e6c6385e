"""Device keys: one spelling, one thumbprint."""

import pytest

from muster.kernel.identity import InvalidProof, check_public_ec_key, thumbprint

# RFC 7517 appendix A.1's P-256 key
KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}


def test_only_the_public_members_are_kept() -> None:
    assert check_public_ec_key({**KEY, "kid": "1", "use": "sig"}) == KEY
    assert thumbprint(KEY) == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"


@pytest.mark.parametrize(
    "change",
    [
        {"d": "secret"},
        {"kty": "RSA"},
        {"crv": "P-384"},
        {"x": KEY["x"] + "="},
        {"x": KEY["x"][:-1] + "5"},
        {"x": KEY["x"][:-1]},
        {"x": "é" * 43},
        {"y": None},
        {"y": "!" * 43},
    ],
)
def test_any_other_key_or_spelling_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidProof):
        check_public_ec_key({**KEY, **change})


@pytest.mark.parametrize("key", [None, "key", [], {}])
def test_what_is_no_key_is_refused(key: object) -> None:
    with pytest.raises(InvalidProof):
        check_public_ec_key(key)
