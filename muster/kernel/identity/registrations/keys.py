"""Reads the key set a server registers: public P-256 keys, each with an id of its own (RFC 7517)."""

from collections.abc import Mapping
from typing import Any, Final

from muster.kernel.errors import Fault, InvalidInput
from muster.kernel.identity.dpop import check_public_ec_key
from muster.kernel.identity.errors import InvalidProof

MOST: Final = 5


def public_keys(jwks: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the keys reduced to what we need; raises `InvalidInput` that names the bad one."""
    given = jwks.get("keys")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST:
        raise InvalidInput(errors=[Fault("/jwks/keys", f"Give 1 to {MOST} keys.")])
    return [_public(key, number) for number, key in enumerate(given)]


def _public(key: object, number: int) -> dict[str, Any]:
    try:
        members = check_public_ec_key(key)
    except InvalidProof as error:
        why = "Give a public P-256 key, without d."
        raise InvalidInput(errors=[Fault(f"/jwks/keys/{number}", why)]) from error
    kid = key.get("kid") if isinstance(key, dict) else None
    if kid is not None and (not isinstance(kid, str) or not 1 <= len(kid) <= 100):
        where = f"/jwks/keys/{number}/kid"
        raise InvalidInput(errors=[Fault(where, "A kid is a text of 1 to 100 characters.")])
    return {**members, **({"kid": kid} if kid else {})}
