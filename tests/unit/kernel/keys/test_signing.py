"""Signatures: what one process signs, any stranger with the public key can check."""

import jwt
import pytest

from muster.kernel.keys import KeyMissingError, Keys
from muster.ondevice.jwk import thumbprint


def test_a_stranger_verifies_an_access_token_with_the_published_set(keys: Keys) -> None:
    signer = keys.signer("access_token")
    token = jwt.encode({"sub": "o"}, signer.private_key, "ES256", headers={"kid": signer.kid})
    published = {key.key_id: key for key in jwt.PyJWKSet.from_dict(keys.jwks()).keys}
    assert jwt.decode(token, published[signer.kid], ["ES256"]) == {"sub": "o"}


def test_the_published_set_names_current_and_next_and_holds_no_private_member(keys: Keys) -> None:
    current, following = keys.jwks()["keys"]
    assert current["kid"] == keys.signer("access_token").kid != following["kid"]
    for key in (current, following):
        assert key.keys() == {"kty", "crv", "x", "y", "kid", "alg", "use"}
        assert (key["alg"], key["use"]) == ("ES256", "sig")
        assert key["kid"] == thumbprint(key)


def test_the_thumbprint_is_the_one_of_rfc_8037() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert thumbprint(jwk) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize("purpose", ["access_token", "audit_checkpoint", "manifest"])
def test_a_signature_is_64_raw_bytes_over_exactly_these_bytes(keys: Keys, purpose: str) -> None:
    signer = keys.signer(purpose)
    signature = signer.sign(b"tree head")
    verifier = keys.verifier(purpose, signer.kid)
    assert len(signature) == 64
    assert verifier.verify(signature, b"tree head")
    assert not verifier.verify(signature, b"tree heads")
    assert not verifier.verify(signature[:-1], b"tree head")
    assert not verifier.verify(bytes(64), b"tree head")


def test_a_key_serves_its_own_purpose_only(keys: Keys) -> None:
    with pytest.raises(KeyMissingError):
        keys.verifier("manifest", keys.signer("access_token").kid)
    with pytest.raises(KeyMissingError):
        keys.secret("manifest")
    with pytest.raises(KeyMissingError):
        keys.signer("copies")
    with pytest.raises(KeyMissingError):
        keys.signer("coffee")


def test_no_secret_shows_in_a_representation(keys: Keys) -> None:
    signer = keys.signer("access_token")
    numbers = signer.private_key.private_numbers()
    assert str(numbers.private_value) not in repr(signer)
    assert "private" not in repr(signer)
    assert repr(keys.secret("copies")[1]) not in repr(keys.__dict__["_keys"])
