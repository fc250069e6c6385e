"""Reading a signed outbox item: what it claims, and whether its session's key signed it.

An item is a compact JWS (RFC 7515) over JSON, ES256, `typ` `muster-item+jwt`, with the terminal's
public key as `jwk`. The signature covers the exact bytes the terminal wrote when it made the item,
so nobody between the officer and the record can change it or put another name to it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import jwt
import msgspec

from muster.kernel.identity import InvalidProof, Session, check_public_ec_key, thumbprint
from offline_sync.errors import ItemSignatureInvalid, ItemUnreadable

TYPE = "muster-item+jwt"
TOLERANCE = timedelta(minutes=5)
_Word = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._:-]{8,64}$")]
_Kind = Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,32}$")]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the terminal wrote. `elapsed_ms` counts since the boot that `boot_id` names."""

    op_id: _Word
    kind: _Kind
    session_id: UUID
    device_time: _Moment
    body: dict[str, Any]
    boot_id: Annotated[str, msgspec.Meta(max_length=64)] = ""
    elapsed_ms: Annotated[int, msgspec.Meta(ge=0, le=2**62)] = 0


@dataclass(frozen=True)
class Signed:
    """Claims, the thumbprint of the key that signed them, and a digest of the exact bytes."""

    claims: Claims
    jkt: str
    digest: str


_decoder = msgspec.json.Decoder(Claims)


def read(token: str) -> Signed:
    """Return what a signed item claims.

    Raises `ItemSignatureInvalid` if its own key did not sign it, `ItemUnreadable` for the shape.
    """
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != TYPE or header.get("alg") != "ES256":
            raise ItemSignatureInvalid(f"An outbox item is a {TYPE} signed with ES256.")
        jwk = check_public_ec_key(header.get("jwk"))
        payload = jwt.PyJWS().decode(token, jwt.PyJWK(jwk, algorithm="ES256"), ["ES256"])
    except (jwt.PyJWTError, InvalidProof, ValueError, TypeError, RecursionError) as error:
        raise ItemSignatureInvalid from error
    try:
        claims = _decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ItemUnreadable(f"{ItemUnreadable.title} {error}") from error
    return Signed(claims, thumbprint(jwk), hashlib.sha256(payload).hexdigest())


def flags(claims: Claims, session: Session, now: datetime) -> tuple[str, ...]:
    """Return what is odd about an item's time; a wrong clock never loses work.

    The session's own times are the server's. Five minutes of clock offset are forgiven.
    """
    ended = min(session.expires_at, session.revoked_at or session.expires_at)
    found = []
    if not session.auth_at - TOLERANCE <= claims.device_time <= ended + TOLERANCE:
        found.append("outside_session")
    if claims.device_time > now + TOLERANCE:
        found.append("clock_ahead")
    return tuple(found)
