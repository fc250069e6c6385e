"""A force with two security admins over all of it, and somebody the rules are about."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import House
from tests.factories.mdm import Console, Force

SETS = "/admin/v1/access-policies/sets"
LOCK = {"role": "supervisor", "action": "mdm.device.refresh", "scope": "units"}


@dataclass
class Office:
    """Where access policies are written, and who sits there."""

    force: Force
    first: Console
    second: Console
    auditor: Console
    supervisor: Console

    @property
    def house(self) -> House:
        return self.force.house

    def draft(self, title: str = "Try", **document: Any) -> dict[str, Any]:
        answer = self.first.post(SETS, {"title": title, "document": document})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.get_json() | {"etag": answer.headers["ETag"]}
        return made

    def ask(self, made: dict[str, Any]) -> str:
        answer = self.first.post(f"{SETS}/{made['id']}/publish", {"reason": "as discussed"})
        assert answer.status_code == 202, answer.text
        return str(answer.get_json()["id"])

    def approve(self, approval: str) -> Any:
        return self.second.post(f"/admin/v1/approvals/{approval}/approve")

    def publish(self, **document: Any) -> dict[str, Any]:
        made = self.draft(**document)
        answer = self.approve(self.ask(made))
        assert answer.status_code == 200, answer.text
        return made

    def in_force(self) -> Any:
        return self.auditor.get("/admin/v1/access-policies").get_json()


@pytest.fixture
def office(house: House) -> Office:
    force = Force(house)
    return Office(
        force,
        force.console("S1", "security_admin", unit="CITY"),
        force.console("S2", "security_admin", unit="CITY"),
        force.console("A1", "auditor", unit="CITY"),
        force.console("V1", "supervisor"),
    )
