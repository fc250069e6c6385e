"""Offline sync for tests: a small city, terminals with sessions, and an owner of notes.

`Notes` is an owner as `mobile_api` is one: its own table, decisions by the guard, and `touch` in the
transaction that changes a note. Its scopes are units, boxes of one officer, and shelves that a
test opens to officers as it likes.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from flask.testing import FlaskClient
from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, select
from werkzeug.test import TestResponse

from muster.kernel import guard, observe
from muster.kernel.clock import Clock
from muster.kernel.errors import DomainError, InvalidInput
from muster.kernel.guard import (
    FRAGMENTS,
    SCOPES,
    Action,
    Attribute,
    Fragment,
    ResourceType,
    Target,
)
from muster.kernel.identity import (
    Actor,
    Client,
    ClientCredential,
    Device,
    Officer,
    RoleGrant,
    Session,
    Unit,
    people,
    secret_hash,
    thumbprint,
    tokens,
)
from muster.kernel.ids import token, uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.ports import Ports
from muster.kernel.settings import Settings
from muster.kernel.uow import UnitOfWork
from muster.server import assembly
from offline_sync import (
    COLLECTIONS,
    OUTBOX,
    Applied,
    Body,
    Conflicting,
    OutboxItem,
    Refused,
    Row,
    Verdict,
    touch,
)
from offline_sync.outbox.item import TYPE
from tests.factories.terminal import TestTerminal

_TABLES = MetaData()
NOTE = Table(
    "test_note",
    _TABLES,
    Column("collection", String(64), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("text", String(200), nullable=False),
    Column("scopes", JSON, nullable=False),
)
MEMO = Table(
    "test_memo",
    _TABLES,
    Column("id", String(36), primary_key=True),
    Column("author", String(36), nullable=False),
    Column("text", String(200), nullable=False),
)
UNITS = {"CITY": "/CITY/", "NORTH": "/CITY/NORTH/", "SOUTH": "/CITY/SOUTH/"}

FRAGMENT = Fragment(
    name="test_notes",
    resources=[ResourceType("Note", {"unit": Attribute("Unit")})],
    actions=[
        Action("test_notes.note.read", "Note", groups=("data",), internal=True),
        Action("test_notes.note.edit", "Note", groups=("data", "data_write"), internal=True),
    ],
    policies="""
    @id("test_notes.officers-of-the-unit")
    permit (
      principal is Officer,
      action in [Action::"test_notes.note.read", Action::"test_notes.note.edit"],
      resource
    )
    when { principal.posts has officer && resource.unit in principal.posts.officer };
    """,
)


class NoteRefused(DomainError):
    code, status = "test_note_refused", 422
    title = "This note must not be."


@dataclass
class Notes:
    """A collection of notes. `shelves` opens shelf scopes to officers, whatever their unit."""

    name: str
    schema_version: int = 1
    writable: bool = True
    units: bool = True
    shelves: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))

    def visible(self, uow: UnitOfWork, actor: Actor) -> set[str]:
        keys = {f"personal:{actor.id}"} | {f"shelf:{name}" for name in self.shelves[actor.id]}
        if self.units:
            keys |= {
                f"unit:{code}"
                for code, path in UNITS.items()
                if guard.may(uow, actor, "test_notes.note.read", Target("Note", "*", unit=path))
            }
        return keys

    def load(self, uow: UnitOfWork, actor: Actor, ids: Sequence[str]) -> Mapping[str, Body]:
        rows = uow.session.execute(
            select(NOTE.c.id, NOTE.c.text).where(NOTE.c.collection == self.name, NOTE.c.id.in_(ids))
        )
        return {row.id: {"text": row.text} for row in rows}

    def apply(self, uow: UnitOfWork, actor: Actor, row: Row) -> Verdict:
        if row.new is None:
            self.delete(uow, row.id)
            return Applied()
        text = row.new["text"]
        if text == "forbidden":
            self.write(uow, row.id, text, ["shelf:half-written"])
            return Refused("test_note_refused", "This note must not be.")
        if text == "raises":
            self.write(uow, row.id, text, ["shelf:half-written"])
            raise NoteRefused
        if text == "late":
            return Conflicting()
        if text == "crashes":
            raise RuntimeError("a fault in the owner's code")
        place = row.new.get("unit", "NORTH")
        target = Target("Note", row.id, unit=UNITS[place])
        guard.require(uow, actor, "test_notes.note.edit", target)
        self.write(uow, row.id, text, self.scopes(uow, row.id) or [f"unit:{place}"])
        return Applied()

    def merge(self, row: Row) -> Body | None:
        """Two additions to one note can both stay."""
        new, current = row.new, row.current
        if new is None or current is None or not str(new["text"]).startswith("+"):
            return None
        return {"text": f"{current['text']}{new['text']}"}

    def scopes(self, uow: UnitOfWork, doc_id: str) -> list[str]:
        found = uow.session.scalar(select(NOTE.c.scopes).where(*self._is(doc_id)))
        return list(found or [])

    def write(self, uow: UnitOfWork, doc_id: str, text: str, scopes: Iterable[str]) -> int:
        """Make or change a note; return its version."""
        keys = sorted(scopes)
        held = uow.session.scalar(select(NOTE.c.version).where(*self._is(doc_id)).with_for_update())
        values: dict[str, Any] = {"version": (held or 0) + 1, "text": text, "scopes": keys}
        if held is None:
            row = {"collection": self.name, "id": doc_id, **values}
            uow.session.execute(NOTE.insert().values(row))
        else:
            uow.session.execute(NOTE.update().where(*self._is(doc_id)).values(values))
        touch(uow, self.name, doc_id, values["version"], keys)
        return int(values["version"])

    def delete(self, uow: UnitOfWork, doc_id: str) -> None:
        held = uow.session.scalar(select(NOTE.c.version).where(*self._is(doc_id)))
        uow.session.execute(NOTE.delete().where(*self._is(doc_id)))
        touch(uow, self.name, doc_id, (held or 0) + 1, [], deleted=True)

    def texts(self, uow: UnitOfWork, keys: Iterable[str]) -> dict[str, str]:
        """Return what somebody who holds these scopes must see, from the owner's table alone."""
        rows = uow.session.execute(select(NOTE).where(NOTE.c.collection == self.name))
        return {row.id: row.text for row in rows if set(row.scopes) & set(keys)}

    def _is(self, doc_id: str) -> tuple[Any, Any]:
        return NOTE.c.collection == self.name, NOTE.c.id == doc_id


class Memos:
    """Takes outbox items of the kind `memo`."""

    def receive(self, uow: UnitOfWork, author: Actor, item: OutboxItem) -> dict[str, Any]:
        guard.require(
            uow, author, "test_notes.note.edit", Target("Note", "new", unit=UNITS["NORTH"])
        )
        if "text" not in item.body:
            raise InvalidInput("A memo has a text.")
        memo_id = str(uuid7())
        uow.session.execute(
            MEMO.insert().values(id=memo_id, author=str(author.id), text=item.body["text"])
        )
        return {"id": memo_id, "feedback": f"thank you, {author.label}", "at": uow.now()}


@contextmanager
def house_with_notes(
    patch: pytest.MonkeyPatch, settings: Settings, clock: Clock
) -> Iterator[tuple[Kernel, Notes]]:
    """Assemble a house in which one more package lives: the owner of `notes` and of memos."""
    notes = Notes("notes")

    def wire(ports: Ports) -> None:
        ports.answer(FRAGMENTS, FRAGMENT.name, FRAGMENT)
        ports.answer(COLLECTIONS, "notes", notes)
        ports.answer(OUTBOX, "memo", Memos())

    patch.setattr(assembly, "WIRES", (*assembly.WIRES, wire))
    kernel = assembly.assemble(settings, clock=clock)
    _TABLES.create_all(kernel.db.engine)
    try:
        yield kernel, notes
    finally:
        assembly.close(kernel)


@dataclass
class City:
    """Units and officers by code and number; `actor` is one as they stand now."""

    kernel: Kernel
    units: dict[str, UUID]
    officers: dict[str, UUID]
    field_app: UUID

    def actor(self, number: str, *, surface: str = "field") -> Actor:
        with self.kernel.reads() as uow:
            actor = people.actor_for(uow, self.officers[number])
        return replace(actor, surface=surface, scope=tuple(SCOPES))


def build_city(kernel: Kernel) -> City:
    """Found a city with two districts, an officer in each, and a supervisor over the north."""
    units: dict[str, UUID] = {}
    officers: dict[str, UUID] = {}
    with kernel.writes() as uow:
        for code, path in UNITS.items():
            units[code] = uuid7()
            parent = None if code == "CITY" else units["CITY"]
            uow.session.add(Unit(id=units[code], code=code, name=code, path=path, parent_id=parent))
            uow.session.flush()
        for number, unit, role in (
            ("N1", "NORTH", "officer"),
            ("N2", "NORTH", "officer"),
            ("S1", "SOUTH", "officer"),
            ("NS", "NORTH", "supervisor"),
            ("SS", "SOUTH", "supervisor"),
        ):
            officers[number] = uuid7()
            uow.session.add(
                Officer(
                    id=officers[number],
                    number=number,
                    name=f"Officer {number}",
                    sworn=True,
                    unit_id=units[unit],
                )
            )
            uow.session.flush()
            uow.session.add(RoleGrant(officer_id=officers[number], role=role, unit_id=units[unit]))
        app = uow.session.scalar(select(Client).where(Client.name == "field"))
        if app is None:
            app = Client(id=uuid7(), name="field", kind="field", scopes=list(SCOPES))
            uow.session.add(app)
        uow.session.flush()
        return City(kernel, units, officers, app.id)


class FieldTerminal(TestTerminal):
    """A compliant terminal on which officers sign in, as rows of the kernel."""

    def __init__(self, city: City, client: FlaskClient, *, clock: Clock, unit: str = "NORTH"):
        super().__init__(client, city.kernel.settings.origin, clock=clock)
        self.city = city
        self.session_id: UUID | None = None
        self.id = uuid7()
        with city.kernel.writes() as uow:
            uow.session.add(
                Device(
                    id=self.id,
                    label=f"T-{uuid4().hex[:8]}",
                    unit_id=city.units[unit],
                    jwk=self.jwk,
                    jkt=thumbprint(self.jwk),
                    tier=2,
                    posture_at=uow.now(),
                )
            )

    def officer(self, number: str, *, hours: float = 8) -> UUID:
        """Sign an officer in (the last one stays signed out of the token) and return the session."""
        kernel = self.city.kernel
        assert self.id is not None
        with kernel.writes() as uow:
            now = uow.now()
            app = uow.session.get_one(Client, self.city.field_app)
            device = uow.session.get_one(Device, self.id)
            officer = uow.session.get_one(Officer, self.city.officers[number])
            session = Session(
                id=uuid7(),
                kind="field",
                officer_id=officer.id,
                device_id=device.id,
                client_id=app.id,
                jkt=device.jkt,
                officer_epoch=officer.epoch,
                device_epoch=device.epoch,
                client_epoch=app.epoch,
                aal=2,
                scope=list(SCOPES),
                auth_at=now,
                seen_at=now,
                expires_at=now + timedelta(hours=hours),
            )
            uow.session.add(session)
        self.session_id = session.id
        self.access_token = tokens.issue(kernel, session, app, session.scope, now)
        return session.id

    def judged(self, tier: int, *reasons: str, hours_ago: float = 0) -> None:
        """Let mdm's verdict on the terminal be this."""
        with self.city.kernel.writes() as uow:
            device = uow.session.get_one(Device, self.id)
            device.tier, device.posture_reasons = tier, list(reasons)
            device.posture_at = uow.now() - timedelta(hours=hours_ago)

    def item(self, text: str = "found a bicycle", **claims: Any) -> str:
        """Return a signed memo made now under the session; `claims` overwrite what is usual."""
        usual: dict[str, Any] = {
            "op_id": uuid4().hex,
            "kind": "memo",
            "session_id": str(self.session_id),
            "device_time": self.clock().isoformat(),
            "body": {"text": text},
        }
        return sign_item(self, usual | claims)


def sign_item(terminal: TestTerminal, claims: Mapping[str, Any], **headers: Any) -> str:
    """Sign an outbox item as a terminal does."""
    header = {"typ": TYPE, "jwk": terminal.jwk} | headers
    payload = json.dumps(claims).encode()
    return jwt.PyJWS().encode(payload, terminal.key, algorithm="ES256", headers=header)


def console_session(city: City, number: str) -> dict[str, str]:
    """Sign a person in to the console and return the header that shows it."""
    secret = f"mcs_{token()}"
    with city.kernel.writes() as uow:
        app = uow.session.scalar(select(Client).where(Client.kind == "console"))
        if app is None:
            app = Client(id=uuid7(), name="console", kind="console")
            uow.session.add(app)
            uow.session.flush()
        officer = uow.session.get_one(Officer, city.officers[number])
        now = uow.now()
        uow.session.add(
            Session(
                id=uuid7(),
                kind="console",
                officer_id=officer.id,
                client_id=app.id,
                secret_hash=secret_hash(secret),
                officer_epoch=officer.epoch,
                client_epoch=app.epoch,
                aal=2,
                amr=["pwd", "otp"],
                auth_at=now,
                seen_at=now,
                expires_at=now + timedelta(hours=8),
            )
        )
    return {"Authorization": f"Bearer {secret}"}


def sync_credential(city: City, number: str, until: datetime) -> str:
    """Return the secret of a client credential of the surface `sync`."""
    secret = f"mcc_{token()}"
    with city.kernel.writes() as uow:
        officer = uow.session.get_one(Officer, city.officers[number])
        app = uow.session.get_one(Client, city.field_app)
        uow.session.add(
            ClientCredential(
                id=uuid7(),
                surface="sync",
                label="RxDB",
                secret_hash=secret_hash(secret),
                officer_id=officer.id,
                client_id=app.id,
                officer_epoch=officer.epoch,
                client_epoch=app.epoch,
                expires_at=until,
            )
        )
    return secret


def push_row(
    doc_id: str, text: str | None, assumed: str | None = None, **more: Any
) -> dict[str, Any]:
    """Return one row of a push; `text` None deletes."""
    new: dict[str, Any] = {"id": doc_id, "_deleted": text is None, **more}
    if text is not None:
        new["text"] = text
    row: dict[str, Any] = {"newDocumentState": new}
    if assumed is not None:
        row["assumedMasterState"] = {"id": doc_id, "text": assumed, "_deleted": False}
    return row


@contextmanager
def statements() -> Iterator[observe.Counts]:
    """Count the database's work of a block."""
    counts = observe.Counts()
    mark = observe.counts.set(counts)
    try:
        yield counts
    finally:
        observe.counts.reset(mark)


def answered(answer: TestResponse, status: int = 200) -> Any:
    """Return an answer's JSON; fail with the answer's text if the status is another."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()
