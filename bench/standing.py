"""Officers on terminals with open sessions, made in the database: what a bench needs of sign-in."""

import base64
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from muster.kernel.guard import SCOPES
from muster.kernel.identity import Client, Device, Officer, RoleGrant, Session, Unit, thumbprint
from muster.kernel.identity.tokens import issue
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork


@dataclass
class Held:
    """One officer's session on one terminal; its token is of this moment."""

    origin: str
    officer_id: UUID
    device_id: UUID
    client_id: UUID
    session_id: UUID
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    jwk: dict[str, str]
    token: str = field(default="", repr=False)

    def headers(self, method: str, url: str) -> dict[str, str]:
        """Return the credentials of one request: the token and a proof that names it."""
        claims = {
            "jti": uuid4().hex,
            "htm": method,
            "htu": url.partition("?")[0],
            "iat": int(time.time()),
            "ath": _b64(hashlib.sha256(self.token.encode()).digest()),
        }
        header = {"typ": "dpop+jwt", "jwk": self.jwk}
        proof = jwt.encode(claims, self.key, algorithm="ES256", headers=header)
        return {"Authorization": f"DPoP {self.token}", "DPoP": proof}


def appoint(kernel: Kernel, number: int, path: str = "/BENCH/") -> Sequence[Held]:
    """Make officers of a unit, each with a compliant terminal and a session on it."""
    with kernel.writes() as uow:
        unit_id = _unit(uow, path)
        found = [_one(uow, unit_id, index) for index in range(number)]
    with kernel.reads() as uow:
        for one in found:
            session = uow.session.get_one(Session, one.session_id)
            client = uow.session.get_one(Client, one.client_id)
            one.token = issue(kernel, session, client, list(SCOPES), kernel.clock())
    return found


def _unit(uow: UnitOfWork, path: str) -> UUID:
    """Make a unit and those above it; return its id."""
    above, place = None, "/"
    for code in path.strip("/").split("/"):
        place += f"{code}/"
        unit = Unit(id=uuid7(), code=code, name=code, parent_id=above, path=place)
        uow.session.add(unit)
        uow.session.flush()
        above = unit.id
    assert above is not None
    return above


def _one(uow: UnitOfWork, unit_id: UUID, index: int) -> Held:
    key = ec.generate_private_key(ec.SECP256R1())
    jwk, now = public_jwk(key), uow.now()
    officer = Officer(id=uuid7(), number=f"9{index:05}", name="B", sworn=True, unit_id=unit_id)
    device = Device(
        id=uuid7(),
        label=f"BENCH-{index:05}",
        unit_id=unit_id,
        jwk=jwk,
        jkt=thumbprint(jwk),
        tier=2,
        posture_at=now,
    )
    client = Client(id=uuid7(), name=f"bench-{index}", kind="field", scopes=list(SCOPES))
    uow.session.add_all((officer, device, client))
    uow.session.flush()
    session = Session(
        id=uuid7(),
        kind="field",
        officer_id=officer.id,
        device_id=device.id,
        client_id=client.id,
        jkt=device.jkt,
        officer_epoch=1,
        device_epoch=1,
        client_epoch=1,
        aal=2,
        auth_at=now,
        seen_at=now,
        opened_at=now,
        scope=list(SCOPES),
        expires_at=now + timedelta(hours=8),
    )
    grant = RoleGrant(officer_id=officer.id, role="officer", unit_id=unit_id)
    uow.session.add_all((session, grant))
    return Held(uow.kernel.settings.origin, officer.id, device.id, client.id, session.id, key, jwk)


def public_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """Return the public part of a P-256 key."""
    numbers = key.public_key().public_numbers()
    x, y = (_b64(number.to_bytes(32)) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
