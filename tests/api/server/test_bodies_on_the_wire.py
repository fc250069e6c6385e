"""Bodies over a real socket: cut, chunked, and smuggled."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import select

from muster.kernel.db import Mode
from muster.kernel.identity import Unit
from muster.kernel.uow import UnitOfWork
from muster.server.front import Front
from tests.conftest import House
from tests.factories.mdm import Console, Force

from .conftest import Served

UNITS = b"code,name,parent\nCITY,City,\nNORTH,North,CITY\nN1,N1,NORTH\nSOUTH,South,CITY\nEAST,East,CITY\n"
PATH = "/admin/v1/units/import"


@pytest.fixture
def admin(force: Force) -> Console:
    return force.console("A1", "security_admin", unit="CITY")


def head(admin: Console, *more: str) -> bytes:
    lines = [
        f"POST {PATH} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {admin.secret}",
        "Content-Type: text/csv",
        "Connection: close",
        *more,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def east(served: Served) -> bool:
    with UnitOfWork(served.house.kernel, Mode.READS) as uow:
        return uow.session.scalars(select(Unit).where(Unit.code == "EAST")).first() is not None


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_a_whole_body_is_taken(served: Served, admin: Console) -> None:
    answer = served.raw(head(admin, f"Content-Length: {len(UNITS)}"), UNITS)
    assert status(answer) == 200, answer
    assert east(served)


def test_a_body_that_is_cut_off_changes_nothing(served: Served, admin: Console) -> None:
    """Every cut of this file is a file that could be taken."""
    announced = head(admin, f"Content-Length: {len(UNITS) + 100}")
    answer = served.raw(announced, UNITS, cut=True)
    assert not answer or (status(answer) == 400 and b"body_truncated" in answer)
    assert not east(served)


def test_a_chunked_body_is_read_to_its_end(served: Served, admin: Console) -> None:
    chunks = [UNITS[:20], UNITS[20:50], UNITS[50:]]
    coded = [b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks]
    answer = served.raw(head(admin, "Transfer-Encoding: chunked"), *coded, b"0\r\n\r\n")
    assert status(answer) == 200, answer
    assert east(served)


def test_a_chunked_body_that_is_cut_off_changes_nothing(served: Served, admin: Console) -> None:
    coded = b"%x\r\n%s\r\n" % (len(UNITS), UNITS)
    answer = served.raw(head(admin, "Transfer-Encoding: chunked"), coded, cut=True)
    assert not answer or status(answer) == 400
    assert not east(served)


def test_a_chunked_body_has_its_limit_too(served: Served, admin: Console) -> None:
    chunk = b"%x\r\n%s\r\n" % (1 << 16, b"x" * (1 << 16))
    request = (
        head(admin, "Transfer-Encoding: chunked")
        .replace(PATH.encode(), b"/admin/v1/approvals/0197b0c0-0000-7000-8000-000000000000/refuse")
        .replace(b"text/csv", b"application/json")
    )
    answer = served.raw(request, *[chunk] * 8, b"0\r\n\r\n")
    assert status(answer) == 413, answer


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: -1",),
        ("Content-Length: five",),
        ("Transfer-Encoding: chunked", "Content-Length: 5"),
    ],
)
def test_a_body_of_two_lengths_smuggles_nothing(
    served: Served, admin: Console, lines: tuple[str, ...]
) -> None:
    hidden = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = served.raw(head(admin, *lines), hidden, cut=True)
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert b"\r\n\r\nok\n" not in answer


def test_twisted_paths_reach_nothing_on_the_wire(served: Served) -> None:
    for path in (
        b"//admin/v1/officers",
        b"/healthz/../admin/v1/officers",
        b"/healthz/%2e%2e/admin/v1/officers",
        b"/healthz;/../admin/v1/officers",
        b"/%61dmin/v1/officers",
        b"/admin/v1/officers/%00",
        b"http://localhost/admin/v1/officers",
        b"/admin/v1/officers\\",
    ):
        answer = served.raw(b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path)
        assert status(answer) in (308, 400, 401, 404), (path, answer)


def test_answers_come_with_their_problem_and_no_server_name(served: Served) -> None:
    answer = served.http.post(
        "/admin/v1/sessions", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert json.loads(answer.content)["code"] == "malformed"
    assert "server" not in answer.headers


def test_a_chunked_body_whose_sender_left_is_not_taken_for_whole(
    house: House, admin: Console
) -> None:
    told = [
        {"type": "http.request", "body": UNITS, "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "query_string": b"",
        "http_version": "1.1",
        "headers": [
            (b"authorization", b"Bearer " + admin.secret.encode()),
            (b"content-type", b"text/csv"),
            (b"transfer-encoding", b"chunked"),
        ],
    }

    async def receive() -> Any:
        return told.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    async def serve() -> None:
        await Front(house.kernel, house.app)(scope, receive, send)

    asyncio.run(serve())
    assert sent[0]["status"] == 400
    assert b"body_truncated" in b"".join(part.get("body", b"") for part in sent)
