"""A small force with its admins, and terminals that are enrolled in it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from muster.kernel.guard import SCOPES
from muster.kernel.identity import (
    CONSOLE_PREFIX,
    Officer,
    RoleGrant,
    Session,
    Unit,
    clients,
    secret_hash,
    set_pin,
)
from muster.kernel.ids import token, uuid7
from muster.kernel.jobs import Worker
from muster.kernel.notices import Notice
from tests.conftest import House
from tests.factories.terminal import TestTerminal

ORIGIN = "http://localhost:8000"
PIN = "847291"
UNITS = {"CITY": None, "NORTH": "CITY", "N1": "NORTH", "SOUTH": "CITY"}


@dataclass(frozen=True)
class Console:
    """An administrator at the console's API."""

    client: FlaskClient
    secret: str
    officer_id: UUID

    def call(self, method: str, path: str, json: Any = None, **options: Any) -> TestResponse:
        """Call `/admin/v1` with the session's bearer token."""
        headers = {"Authorization": f"Bearer {self.secret}", **options.pop("headers", {})}
        if json is not None:
            options["json"] = json
        return self.client.open(path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.call("POST", path, json, **options)


class Force:
    """Units CITY > NORTH > N1 and SOUTH, a field app called `field`, and whoever a test appoints."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.units: dict[str, UUID] = {}
        with house.kernel.writes() as uow:
            clients.register(uow, "field", "field", package="org.passmuster.field", scopes=SCOPES)
            for code, parent in UNITS.items():
                path = f"{self._path(parent)}{code}/"
                unit = Unit(
                    id=uuid7(),
                    code=code,
                    name=code.title(),
                    parent_id=self.units.get(parent or ""),
                    path=path,
                )
                uow.session.add(unit)
                uow.session.flush()
                self.units[code] = unit.id

    def officer(
        self, number: str, *roles: str, unit: str = "NORTH", sworn: bool = True, pin: str = PIN
    ) -> UUID:
        """Appoint an officer who holds roles at their unit; without `pin` they have none."""
        with self.house.kernel.writes() as uow:
            officer = Officer(
                id=uuid7(),
                number=number,
                name=f"Officer {number}",
                sworn=sworn,
                unit_id=self.units[unit],
            )
            uow.session.add(officer)
            uow.session.flush()
            if pin:
                set_pin(uow, officer, pin)
            for role in roles or ("officer",):
                uow.session.add(
                    RoleGrant(officer_id=officer.id, role=role, unit_id=self.units[unit])
                )
            return officer.id

    def console(self, number: str, *roles: str, unit: str = "NORTH") -> Console:
        """Appoint an administrator and open a console session for them."""
        officer_id = self.officer(number, *roles, unit=unit, pin="")
        secret = CONSOLE_PREFIX + token()
        with self.house.kernel.writes() as uow:
            officer = uow.session.get_one(Officer, officer_id)
            client = clients.console(uow)
            now = uow.now()
            uow.session.add(
                Session(
                    id=uuid7(),
                    kind="console",
                    officer_id=officer_id,
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
            )
        return Console(self.house.client, secret, officer_id)

    def terminal(self, **options: Any) -> TestTerminal:
        """Return a terminal fresh from its box."""
        return TestTerminal(self.house.client, ORIGIN, clock=self.house.clock, **options)

    def enrolled(self, admin: Console, *, unit: str = "NORTH", **wish: Any) -> TestTerminal:
        """Return a terminal that came in with a token of its own."""
        terminal = self.terminal()
        answer = terminal.enrol(qr(admin, unit=unit, **wish))
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return terminal

    def compliant(self, admin: Console, *, unit: str = "NORTH", **wish: Any) -> TestTerminal:
        """Return an enrolled terminal that passed muster."""
        terminal = self.enrolled(admin, unit=unit, **wish)
        terminal.comply()
        return terminal

    def work(self) -> None:
        """Let the worker do all that is due."""
        Worker(self.house.kernel).run_until_idle()

    def notices(self) -> list[str]:
        """Return the kinds of all notices, oldest first."""
        with self.house.kernel.reads() as uow:
            return list(uow.session.scalars(select(Notice.kind).order_by(Notice.id)))

    def _path(self, code: str | None) -> str:
        return "/" if code is None else f"{self._path(UNITS[code])}{code}/"


def token_for(admin: Console, *, unit: str = "NORTH", **wish: Any) -> dict[str, Any]:
    """Make an enrolment token and return what the admin is shown."""
    answer = admin.post("/admin/v1/enrolment-tokens", {"unit": unit, **wish})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    shown: dict[str, Any] = answer.get_json()
    return shown


def qr(admin: Console, *, unit: str = "NORTH", **wish: Any) -> dict[str, Any]:
    """Make an enrolment token and return what its QR code says."""
    content: dict[str, Any] = token_for(admin, unit=unit, **wish)["content"]
    return content


def wipe(asker: Console, approver: Console, terminal: TestTerminal) -> None:
    """Have a terminal's wipe asked for by one person and approved by another."""
    order = {"kind": "wipe", "reason": "left in a taxi"}
    asked = asker.post(f"/admin/v1/devices/{terminal.id}/commands", order)
    assert asked.status_code == 202, asked.get_data(as_text=True)
    approval = asked.get_json()["approval_id"]
    agreed = approver.post(f"/admin/v1/approvals/{approval}/approve")
    assert agreed.status_code == 200, agreed.get_data(as_text=True)
