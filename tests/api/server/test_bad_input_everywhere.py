"""Whatever is sent to whichever documented address, the answer is a problem and never a 500."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from muster.kernel.identity import ROLES
from tests.conftest import House
from tests.factories.mdm import PIN, Console, Force
from tests.factories.terminal import TestTerminal

DEEP: Any = []
for _ in range(200):
    DEEP = [DEEP]
ODD: list[Any] = [
    None,
    True,
    -1,
    2**70,
    1.5,
    "",
    "x" * 70_000,
    "\x00",
    "\ud83d\udc6e",
    [],
    {},
    DEEP,
]
WHOLE: list[Any] = [[], None, 1, "text", {}, {"": ""}, {"unheard_of": 1}, DEEP]
RAW = [b"", b"{", b"\xff\xfe", b"[" * 5000, b'{"a": NaN}', b'{"a": 1e999}', b'{"a": "\\ud800"}']
QUERIES = [
    "?limit=0",
    "?limit=x",
    "?limit=1&limit=2",
    "?after=%00",
    "?after=WyJ4Il0",
    "?after=WzFd",
    "?after=W251bGxd",
    "?nonsense=1",
]
JSON = "application/json"
MEDIA = ["text/xml", "multipart/form-data; boundary=x", "text/csv", ""]


def operations(house: House) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Every documented method and path with its properties, refs resolved."""
    for api in house.app.extensions["muster_documents"].values():
        document = api.spec.to_dict()
        schemas = document.get("components", {}).get("schemas", {})
        for path, item in document["paths"].items():
            for method, operation in item.items():
                if method == "parameters":
                    continue
                content = operation.get("requestBody", {}).get("content", {})
                schema = content.get("application/json", {}).get("schema", {})
                name = schema.get("$ref", "").rsplit("/", 1)[-1]
                yield method.upper(), path, operation, schemas.get(name, schema)


def bodies(schema: dict[str, Any]) -> Iterator[Any]:
    """Bodies of the wrong shape, and the right properties with odd values."""
    yield from WHOLE
    names = list(schema.get("properties", {}))
    for odd in ODD:
        yield dict.fromkeys(names, odd)


class Everybody:
    """One person of every role that may meet at the console, an auditor, and one officer on a compliant terminal."""

    def __init__(self, house: House) -> None:
        force = Force(house)
        roles = [role for role in ROLES if role not in ("auditor", "system_admin")]
        self.console: Console = force.console("A1", *roles, unit="CITY")
        self.auditor: Console = force.console("U1", "auditor", unit="CITY")
        self.terminal: TestTerminal = force.compliant(self.console, unit="CITY")
        force.officer("P1", "officer", "supervisor", unit="CITY")
        assert self.terminal.sign_in("P1", PIN).status_code == 200

    def send(self, auth: str, method: str, path: str, **options: Any) -> TestResponse:
        """Send as whoever the auth class wants."""
        if auth in ("console", "publisher"):
            desk = self.auditor if path.startswith("/admin/v1/audit") else self.console
            return desk.call(method, path, **options)
        if auth in ("field", "deposit"):
            return self.terminal.call(method, path, **options)
        if auth in ("agent", "enrol"):
            return self.terminal.agent(method, path, **options)
        return self.console.client.open(path, method=method, **options)


@pytest.fixture
def everybody(house: House) -> Everybody:
    return Everybody(house)


def concrete(path: str) -> str:
    """The path with something plausible for each of its parameters."""
    parts = [
        "0190a0a0-0000-7000-8000-000000000000" if "{" in part else part for part in path.split("/")
    ]
    return "/".join(parts)


def harmless(method: str, path: str) -> bool:
    """Whether the address may be called at will: the front holds some, some end our own session."""
    held = "/events" in path or path == "/agent/v1/hints"
    return not held and "sessions/current" not in path and "sign-out" not in path


def test_no_body_makes_the_server_stumble(house: House, everybody: Everybody) -> None:
    stumbles = []
    for method, path, operation, schema in operations(house):
        if method not in ("POST", "PUT", "PATCH") or not harmless(method, path):
            continue
        for auth in operation.get("x-auth", ["open"]):
            for body in bodies(schema):
                headers = {"If-Match": '"v1"', "Idempotency-Key": uuid4().hex}
                options = {"json": body} if body is not None else {"data": b"null"}
                answer = everybody.send(auth, method, concrete(path), headers=headers, **options)
                if answer.status_code >= 500 and answer.status_code != 503:
                    stumbles.append((auth, method, path, str(body)[:60]))
    assert stumbles == []


def test_no_raw_bytes_make_the_server_stumble(house: House, everybody: Everybody) -> None:
    stumbles = []
    for method, path, operation, _ in operations(house):
        if method not in ("POST", "PUT", "PATCH") or not harmless(method, path):
            continue
        auth = operation.get("x-auth", ["open"])[0]
        for media, raw in (*((JSON, raw) for raw in RAW), *((media, RAW[2]) for media in MEDIA)):
            headers = {"Content-Type": media, "Idempotency-Key": uuid4().hex}
            answer = everybody.send(auth, method, concrete(path), data=raw, headers=headers)
            if answer.status_code >= 500 and answer.status_code != 503:
                stumbles.append((auth, method, path, media, raw[:20]))
    assert stumbles == []


def test_no_query_makes_the_server_stumble(house: House, everybody: Everybody) -> None:
    stumbles = []
    for method, path, operation, _ in operations(house):
        if method != "GET" or not harmless(method, path):
            continue
        auth = operation.get("x-auth", ["open"])[0]
        for query in QUERIES:
            answer = everybody.send(auth, method, concrete(path) + query)
            if answer.status_code >= 500 and answer.status_code != 503:
                stumbles.append((auth, method, path, query))
    assert stumbles == []
