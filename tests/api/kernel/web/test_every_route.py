"""Every address of the house against every wrong credential and every twisted spelling."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from muster.kernel.web import Auth, is_static, marks
from muster.server.app import UnmarkedRoute, create_app
from tests.conftest import House
from tests.factories.mdm import Force
from tests.factories.terminal import TestTerminal

DENIED = "error.permission.denied"


@dataclass(frozen=True)
class Door:
    """One method of one route."""

    method: str
    path: str
    auth: frozenset[Auth]
    page: bool

    @property
    def closed(self) -> bool:
        return not self.auth & {Auth.OPEN, Auth.ENROL}

    def stays_shut(self, answer: TestResponse) -> bool:
        """Whether a closed door stayed closed; a page may show the way to its sign-in.

        The Headwind agent understands a refusal only as 200 with a word for it and no data. A path
        of nobody's is simply not there.
        """
        if Auth.PATH in self.auth and answer.status_code == 404:
            return True
        if Auth.PATH in self.auth and answer.status_code == 200:
            said = answer.get_json(silent=True) or {"message": DENIED, "data": None}
            return (said["message"], said["data"]) == (DENIED, None)
        if self.page and answer.status_code == 303:
            return "sign-in" in answer.headers["Location"] or "login" in answer.headers["Location"]
        return answer.status_code in (401, 403)


def doors(house: House) -> list[Door]:
    return list(_doors(house))


def _doors(house: House) -> Iterator[Door]:
    urls = house.app.url_map.bind("localhost")
    for rule in house.app.url_map.iter_rules():
        if is_static(house.app, rule.endpoint):
            continue
        path = urls.build(rule.endpoint, _values(rule), force_external=False)
        mark = marks(house.app)[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            yield Door(method, path, frozenset(mark.auth), mark.page)


def _values(rule: Rule) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        kind, exact = type(converter).__name__, re.search(r"\{(\d+)\}", converter.regex)
        text = "a" * int(exact[1]) if exact else min(getattr(converter, "items", "x"))
        values[name] = uuid4() if "UUID" in kind else 1 if "Integer" in kind else text
    return values


def test_every_route_says_who_may_knock(house: House) -> None:
    assert len(doors(house)) > 50
    assert all(door.auth for door in doors(house))


def test_a_route_without_an_auth_class_stops_the_boot(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from muster.server import app as boot

    loose = boot.health.__class__("loose", __name__)
    loose.add_url_rule("/loose/static", "static", lambda: "open to all")
    monkeypatch.setattr(boot, "PAGES", (*boot.PAGES, loose))
    with pytest.raises(UnmarkedRoute, match=r"loose\.static"):
        create_app(house.kernel)


def unsigned(claims: dict[str, object], **header: object) -> str:
    parts = [{"alg": "none", "typ": "at+jwt"} | header, claims]
    coded = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts]
    return ".".join(coded) + "."


def wrong(terminal: TestTerminal, door: Door) -> list[dict[str, str]]:
    """Headers that must open nothing but open doors."""
    forged = unsigned({"sub": str(uuid4()), "sid": str(uuid4()), "iss": terminal.origin})
    proof = terminal.proof(door.method, door.path)
    named = terminal.proof(door.method, door.path, forged)
    return [
        {},
        {"Authorization": "Bearer garbage"},
        {"Authorization": "Bearer mcs_" + "x" * 43},
        {"Authorization": "Bearer mcc_" + "x" * 43},
        {"Authorization": "DPoP"},
        {"Authorization": f"DPoP {forged}"},
        {"Authorization": f"DPoP {forged}", "DPoP": named},
        {"Authorization": f"Bearer {forged}", "DPoP": proof},
        {"Authorization": "Basic " + base64.b64encode(b"admin:admin").decode()},
        {"Authorization": "Basic \xff\xfe"},
        {"DPoP": unsigned({"jti": uuid4().hex}, typ="dpop+jwt")},
        {"DPoP": proof},
        {"Cookie": "__Host-muster=somebody-elses", "Sec-Fetch-Site": "same-origin"},
        {"X-SSL-Client-Verify": "SUCCESS", "X-SSL-Client-S-DN": "CN=T-1", "X-Forwarded-User": "A1"},
    ]


def test_no_door_opens_to_a_wrong_credential_and_none_breaks(house: House) -> None:
    terminal = TestTerminal(house.client, house.kernel.settings.origin, clock=house.clock)
    faults = []
    for door in doors(house):
        for headers in wrong(terminal, door):
            answer = house.client.open(
                door.path, method=door.method, headers=headers, json={} if door.closed else None
            )
            fine = door.stays_shut(answer) if door.closed else answer.status_code not in (500, 502)
            if not fine:
                faults.append((answer.status_code, door.method, door.path, headers))
            house.client._cookies.clear()
    assert not faults, faults[:10]


def test_a_door_of_another_class_stays_closed(house: House, force: Force) -> None:
    """A console session at the field's doors, a terminal's key at the console's."""
    admin = force.console("A1", "device_admin", "system_admin")
    terminal = force.enrolled(admin)
    faults = []
    for door in doors(house):
        tries = []
        if door.closed and Auth.CONSOLE not in door.auth:
            tries.append({"Authorization": f"Bearer {admin.secret}"})
            tries.append({"Cookie": f"__Host-muster={admin.secret}"})
        if door.closed and Auth.AGENT not in door.auth:
            tries.append({"DPoP": terminal.proof(door.method, door.path)})
        for headers in tries:
            answer = house.client.open(door.path, method=door.method, headers=headers)
            if not door.stays_shut(answer):
                faults.append((answer.status_code, door.method, door.path, list(headers)))
    assert not faults, faults[:10]


PROTECTED = ["/admin/v1/officers", "/admin/v1/audit/entries", "/mobile/v1/me"]


def spellings(path: str) -> list[str]:
    head, tail = path.split("/v1/")
    return [
        f"/{path}",
        f"{head}//v1/{tail}",
        f"{path}/",
        f"{path};jsessionid=1",
        f"/healthz;/..{path}",
        f"/healthz/..{path}",
        f"/healthz/%2e%2e{path}",
        f"/healthz/..%2f{path[1:]}",
        path.upper(),
        f"{path}%00",
        f"{path}%2f",
        f"{path}/.",
        f"/.{path}",
        f"\\{path[1:]}",
        path.replace("v1", "v%31"),
        f"{path}?_method=POST",
    ]


@pytest.mark.parametrize("path", PROTECTED)
def test_no_twisted_spelling_reaches_a_protected_view(house: House, path: str) -> None:
    for spelling in spellings(path):
        answer = house.client.get(spelling, base_url="http://localhost:8000")
        assert answer.status_code in (308, 400, 401, 404), (spelling, answer.status_code)
        if answer.status_code == 308:
            assert answer.headers["Location"].startswith(("/", "http://localhost:8000/"))
            again = house.client.get(answer.headers["Location"])
            assert again.status_code in (401, 404), spelling
