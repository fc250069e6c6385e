"""Terminals of a fleet made in the database, with the secrets to listen by, and one admin."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import insert, select

from bench.listeners import Listener
from bench.standing import public_jwk
from mdm.devices import ManagedDevice
from mdm.enrolment.models import EnrolToken
from muster.kernel.hints import HintAddress
from muster.kernel.hints.mqtt_access import hashed
from muster.kernel.identity import (
    CONSOLE_PREFIX,
    Device,
    Officer,
    RoleGrant,
    Session,
    Unit,
    clients,
    secret_hash,
    thumbprint,
)
from muster.kernel.ids import token, uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork


def with_passwords(kernel: Kernel, number: int) -> Sequence[Listener]:
    """Make terminals with a password for the broker."""
    ids = [uuid7() for _ in range(number)]
    rows = [{"jwk": {}, "jkt": None} for _ in ids]
    passwords = [one.hex for one in ids]
    with kernel.writes() as uow:
        _insert(uow, ids, rows)
        addresses = [
            {"device_id": one, "carrier": "mqtt", "address": hashed(password, one.bytes[:12])}
            for one, password in zip(ids, passwords, strict=True)
        ]
        uow.session.execute(insert(HintAddress), addresses)
    return [
        Listener(str(one), password=password) for one, password in zip(ids, passwords, strict=True)
    ]


def with_keys(kernel: Kernel, number: int) -> Sequence[Listener]:
    """Make terminals with a key of their own."""
    ids = [uuid7() for _ in range(number)]
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in ids]
    jwks = [public_jwk(key) for key in keys]
    with kernel.writes() as uow:
        _insert(uow, ids, [{"jwk": jwk, "jkt": thumbprint(jwk)} for jwk in jwks])
    return [
        Listener(str(one), key=_pem(key), jwk=jwk)
        for one, key, jwk in zip(ids, keys, jwks, strict=True)
    ]


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _insert(uow: UnitOfWork, ids: Sequence[UUID], rows: Sequence[dict[str, Any]]) -> None:
    unit = Unit(id=uuid7(), code="BENCH", name="Bench", path="/BENCH/")
    officer = Officer(id=uuid7(), number="900001", name="B", sworn=True, unit_id=unit.id)
    uow.session.add(unit)
    uow.session.flush()
    uow.session.add(officer)
    uow.session.flush()
    made = EnrolToken(
        id=uuid7(),
        token_hash="0" * 64,
        kind="single",
        uses_left=0,
        unit_id=unit.id,
        created_by=officer.id,
        expires_at=uow.now(),
    )
    uow.session.add(made)
    uow.session.flush()
    devices = [
        {"id": one, "label": f"B-{place:05}", "unit_id": unit.id, "tier": 2, **row}
        for place, (one, row) in enumerate(zip(ids, rows, strict=True))
    ]
    uow.session.execute(insert(Device), devices)
    managed = [
        {"id": one, "token_id": made.id, "serial": f"SN{place:05}", "last_seen": uow.now()}
        for place, one in enumerate(ids)
    ]
    uow.session.execute(insert(ManagedDevice), managed)


def console_secret(kernel: Kernel) -> str:
    """Appoint the fleet's device admin and return the secret of a session at the console."""
    secret, now = CONSOLE_PREFIX + token(), kernel.clock()
    with kernel.writes() as uow:
        officer = uow.session.scalars(select(Officer).where(Officer.number == "900001")).one()
        client = clients.console(uow)
        grant = RoleGrant(officer_id=officer.id, role="device_admin", unit_id=officer.unit_id)
        session = Session(
            id=uuid7(),
            kind="console",
            officer_id=officer.id,
            client_id=client.id,
            secret_hash=secret_hash(secret),
            officer_epoch=officer.epoch,
            client_epoch=client.epoch,
            aal=2,
            amr=["pwd", "otp"],
            auth_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=12),
        )
        uow.session.add_all([grant, session])
    return secret
