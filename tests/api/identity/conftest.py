"""A small force in a running house: three units, a few people, one terminal, one field app."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from muster.kernel.audit.models import ENTRIES
from muster.kernel.identity import (
    Officer,
    RoleGrant,
    SecretPool,
    clients,
    devices,
    judge,
    people,
    system,
)
from muster.kernel.identity.models import Credential
from muster.kernel.jobs import Worker
from muster.kernel.kernel import Kernel
from tests.conftest import House
from tests.factories.authenticators import App, install
from tests.factories.terminal import TestTerminal

UNITS = b"code,name,parent\nCITY,City bureau,\nNORTH,North branch,CITY\nSOUTH,South branch,CITY\n"
OFFICERS = b"""number,name,kind,unit,rank,roles,valid_from,valid_until
204001,Chen Yu,sworn,NORTH,1,officer,,
204002,Lin Na,sworn,NORTH,3,officer;supervisor,,
204003,Zhao Min,sworn,SOUTH,3,supervisor,,
Y1,Luo Zhiqiang,sworn,CITY,2,,,
U1,Xu Jingjing,sworn,CITY,2,,,
A1,Wu Jing,sworn,CITY,2,,,
A2,Sun Lei,sworn,NORTH,2,device_admin,,
"""
APPOINTED = {"A1": "security_admin", "Y1": "system_admin", "U1": "auditor"}
PIN = "836194"
PASSWORD = "the heron waits by the weir"
PIN_GRANT = "urn:passmuster:oauth:grant:officer-pin"


@dataclass
class Force:
    """What the tests hold on to."""

    house: House
    terminal: TestTerminal
    apps: dict[str, App] = field(default_factory=dict)

    def sign_in(self, number: str = "204001", pin: str = PIN, **form: str) -> TestResponse:
        """Sign in on the terminal."""
        return self.terminal.token(
            {
                "grant_type": PIN_GRANT,
                "number": number,
                "pin": pin,
                "client_id": "muster.field",
                **form,
            }
        )

    def refresh(self, token: str | None = None) -> TestResponse:
        """Exchange a refresh token, the newest unless told otherwise."""
        return self.terminal.token(
            {
                "grant_type": "refresh_token",
                "refresh_token": token or self.terminal.refresh_token,
                "client_id": "muster.field",
            }
        )

    def console(self, number: str, password: str = PASSWORD) -> TestResponse:
        """Sign in to the console with a password and the next code of one's app."""
        body = {"number": number, "password": password, "otp": self.app(number).code()}
        return self.house.client.post("/admin/v1/sessions", json=body)

    def app(self, number: str) -> App:
        """Return an officer's authenticator app, installed when it is first asked for."""
        if number not in self.apps:
            self.apps[number] = install(self.house.kernel, self.officer(number).id)
        return self.apps[number]

    def admin(self, number: str) -> "Desk":
        """Return a signed-in desk at the console."""
        answer = self.console(number)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return Desk(self.house, answer.get_json()["token"])

    def officer(self, number: str) -> Officer:
        """Return an officer as the database has them now."""
        with self.house.kernel.reads() as uow:
            return uow.session.scalars(select(Officer).where(Officer.number == number)).one()

    def compliant(self) -> None:
        """Let the terminal pass muster."""
        assert self.terminal.id is not None
        with self.house.kernel.writes() as uow:
            judge(uow, self.terminal.id, 2, [])

    def work(self) -> None:
        """Let the worker do what is due within two hours."""
        Worker(self.house.kernel).run_until_idle()  # a schedule first seen now begins a period on
        self.house.clock.advance(hours=2)
        Worker(self.house.kernel).run_until_idle()

    def log(self, action: str) -> list[Any]:
        """Return the audit rows of an action, oldest first."""
        with self.house.kernel.reads() as uow:
            chosen = select(ENTRIES).where(ENTRIES.c.action == action).order_by(ENTRIES.c.n)
            return list(uow.session.execute(chosen))

    def reasons(self, action: str) -> list[str]:
        """Return why each act of that name was refused, '' for those that were not."""
        return [json.loads(row.canonical).get("reason", "") for row in self.log(action)]


@dataclass
class Desk:
    """Somebody at the console, through the API."""

    house: House
    token: str

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        """Call with the console session's token."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.house.client.open(path, method=method, headers=headers, **options)


@pytest.fixture(scope="session")
def hashes() -> dict[str, str]:
    """Return everybody's hashes, made once: they are slow on purpose."""
    pool = SecretPool(1)
    made = {"pin": pool.hash(PIN), "password": pool.hash(PASSWORD)}
    pool.close()
    return made


def appoint(kernel: Kernel) -> None:
    """Make the three administrators, which files cannot: at the console two people agree on them."""
    with kernel.writes() as uow:
        city = kernel.people.by_code("CITY").id
        for officer in uow.session.scalars(select(Officer).where(Officer.number.in_(APPOINTED))):
            role = APPOINTED[officer.number]
            uow.session.add(RoleGrant(officer_id=officer.id, role=role, unit_id=city))


@pytest.fixture
def force(house: House, hashes: dict[str, str]) -> Force:
    kernel, terminal = house.kernel, new_terminal(house)
    with kernel.writes() as uow:
        people.import_units(uow, system("test"), UNITS)
        people.import_officers(uow, system("test"), OFFICERS)
        clients.register(uow, "muster.field", "field", scopes=["records", "supervision"])
    appoint(kernel)
    with kernel.writes() as uow:
        for officer in uow.session.scalars(select(Officer)).all():
            for kind, hashed in hashes.items():
                uow.session.add(Credential(officer_id=officer.id, kind=kind, hash=hashed))
        unit = kernel.people.by_code("NORTH")
        terminal.id = devices.admit(uow, label="T-1", unit_id=unit.id, jwk=terminal.jwk).id
    return Force(house, terminal)


def new_terminal(house: House) -> TestTerminal:
    """Return a terminal with a key of its own that nobody has enrolled."""
    return TestTerminal(house.client, house.kernel.settings.origin, clock=house.clock)
