"""The demo's city in a running house: its map, its addresses, an officer in the field, a steward."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from werkzeug.test import TestResponse

from muster.kernel.identity import (
    Officer,
    clients,
    devices,
    judge,
    people,
    set_password,
    set_pin,
    system,
)
from muster.kernel.jobs import Worker
from muster.server.demo.city import City, generate
from tests.conftest import House
from tests.factories.terminal import TestTerminal

UNITS = b"code,name,parent\nCITY,City bureau,\n"
OFFICERS = b"""number,name,kind,unit,rank,roles,valid_from,valid_until
204001,Chen Yu,sworn,CITY,1,officer,,
F204002,Ma Ning,auxiliary,CITY,0,officer,,
S1,Jiang Min,sworn,CITY,2,data_steward,,
A1,Sun Lei,sworn,CITY,2,device_admin,,
"""
PIN = "836194"
PASSWORD = "the heron waits by the weir"


@cache
def demo_city() -> City:
    """Return the city of the demo, made once."""
    return generate(datetime(2031, 5, 4, 9, 0, tzinfo=UTC))


@dataclass
class FieldMaps:
    """What the tests hold on to: a house, a compliant terminal in an officer's hand, a desk."""

    house: House
    terminal: TestTerminal
    city: City

    def get(self, path: str, headers: Mapping[str, str] | None = None, **query: Any) -> TestResponse:
        """Ask from the terminal; None leaves a parameter out."""
        given = {name: value for name, value in query.items() if value is not None}
        address = f"{path}?{urlencode(given)}" if given else path
        return self.terminal.call("GET", address, headers=dict(headers or {}))

    def load(self, kind: str, data: bytes | str, number: str = "S1", **query: Any) -> TestResponse:
        """Send a file as the data steward, and run the jobs that follow from it."""
        signed_in = self.house.client.post(
            "/admin/v1/sessions", json={"number": number, "password": PASSWORD}
        )
        answer = self.house.client.post(
            f"/admin/v1/imports/{kind}",
            query_string=query,
            data=data.encode() if isinstance(data, str) else data,
            content_type="application/octet-stream",
            headers={"Authorization": f"Bearer {signed_in.get_json()['token']}"},
        )
        self.work()
        return answer

    def load_file(self, kind: str, name: str) -> None:
        """Send one of the city's own files."""
        answer = self.load(kind, self.city.files()[name])
        assert answer.status_code == 200, answer.get_data(as_text=True)

    def work(self) -> None:
        """Run every job that is due."""
        Worker(self.house.kernel).run_until_idle()

    def sign_in(self, number: str) -> None:
        """Put the terminal into another officer's hand."""
        answer = self.terminal.sign_in(number, PIN, client_id="muster.field")
        assert answer.status_code == 200, answer.get_data(as_text=True)

    def judge(self, tier: int) -> None:
        """Let the terminal's posture be found: 1 is enrolled only, 2 compliant."""
        assert self.terminal.id is not None
        with self.house.kernel.writes() as uow:
            judge(uow, self.terminal.id, tier, [] if tier > 1 else ["passcode"])


def field_maps(house: House) -> FieldMaps:
    """Return a house with people and a compliant terminal; no file is loaded yet."""
    kernel = house.kernel
    terminal = TestTerminal(house.client, kernel.settings.origin, clock=house.clock)
    with kernel.writes() as uow:
        people.import_units(uow, system("test"), UNITS)
        people.import_officers(uow, system("test"), OFFICERS)
        clients.register(uow, "muster.field", "field", scopes=["records"])
    with kernel.writes() as uow:
        for officer in uow.session.scalars(select(Officer)):
            set_pin(uow, officer, PIN)
            set_password(uow, officer, PASSWORD)
        unit = kernel.people.by_code("CITY")
        terminal.id = devices.admit(uow, label="T-1", unit_id=unit.id, jwk=terminal.jwk).id
    maps = FieldMaps(house, terminal, demo_city())
    maps.judge(2)
    maps.sign_in("204001")
    return maps
