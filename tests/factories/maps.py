"""The demo's city in a running house: its files, an officer in the field and a data steward."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import TestResponse

from muster.kernel.identity import devices, judge
from muster.server.demo.city import City, generate
from tests.conftest import House
from tests.factories.mdm import PIN, Console, Force
from tests.factories.terminal import TestTerminal

OFFICER, AUXILIARY = "204001", "F204002"


@cache
def demo_city() -> City:
    """Return the city of the demo, made once."""
    return generate(datetime(2031, 5, 4, 9, 0, tzinfo=UTC))


@dataclass
class FieldMaps:
    """What the tests hold on to: a house, a compliant terminal in an officer's hand, a desk."""

    house: House
    force: Force
    steward: Console
    terminal: TestTerminal
    city: City

    def get(
        self, path: str, headers: Mapping[str, str] | None = None, **query: Any
    ) -> TestResponse:
        """Ask from the terminal; a parameter that is None is left out."""
        given = {name: value for name, value in query.items() if value is not None}
        address = f"{path}?{urlencode(given)}" if given else path
        return self.terminal.call("GET", address, headers=dict(headers or {}))

    def load(self, kind: str, data: bytes | str, by: Console | None = None) -> TestResponse:
        """Send a file from the steward's desk, and run the jobs that follow from it."""
        answer = (by or self.steward).post(
            f"/admin/v1/imports/{kind}",
            data=data.encode() if isinstance(data, str) else data,
            content_type="application/octet-stream",
        )
        self.force.work()
        return answer

    def load_file(self, kind: str, name: str) -> None:
        """Send one of the city's own files."""
        answer = self.load(kind, self.city.files()[name])
        assert answer.status_code == 200, answer.get_data(as_text=True)

    def sign_in(self, number: str) -> None:
        """Put the terminal into an officer's hand."""
        answer = self.terminal.sign_in(number, PIN)
        assert answer.status_code == 200, answer.get_data(as_text=True)

    def judge(self, tier: int) -> None:
        """Let the terminal's posture be found: 1 is enrolled only, 2 compliant."""
        assert self.terminal.id is not None
        with self.house.kernel.writes() as uow:
            judge(uow, self.terminal.id, tier, [] if tier > 1 else ["passcode"])


def field_maps(house: House) -> FieldMaps:
    """Return a house with people and a compliant terminal; no file is loaded yet."""
    force = Force(house)
    force.officer(OFFICER, "officer", unit="N1")
    force.officer(AUXILIARY, "officer", unit="N1", sworn=False)
    steward = force.console("S1", "data_steward", unit="CITY")
    terminal = force.terminal()
    with house.kernel.writes() as uow:
        admitted = devices.admit(uow, label="T-1", unit_id=force.units["N1"], jwk=terminal.jwk)
        terminal.id = admitted.id
    maps = FieldMaps(house, force, steward, terminal, demo_city())
    maps.judge(2)
    maps.sign_in(OFFICER)
    return maps


def statements(answer: TestResponse) -> int:
    """Return how many statements an answer cost, the gate row and the audit rows included."""
    return int(answer.headers["Server-Timing"].split('"')[1])
