"""Request ids, origin, security headers, and what other sites may make a browser send."""

import json
import logging
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from muster.kernel.audit.models import ENTRIES
from muster.kernel.observe import JsonLines, scrub
from muster.kernel.web import COOKIE, MusterFlask, csrf_token
from muster.server.app import create_app
from tests.api.kernel.conftest import Bench
from tests.conftest import House
from tests.factories.mdm import Console, Force

STRICT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SPOOFED = {
    "X-Muster-Address": "10.9.9.9",
    "X-Muster-Zone": "station",
    "X-Forwarded-For": "10.9.9.9",
    "X-Forwarded-Host": "evil.example",
    "X-Real-IP": "10.9.9.9",
    "X-SSL-Client-Verify": "SUCCESS",
    "X-Muster-Actor": "A1",
}
SECRET = "j8Jx2mVq0Zr7Lw4Tn6Yb1Kd5Hs9Gf3Pc-QvRzUa"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/bench/units"),
        ("POST", "/bench/units"),
        ("POST", "/bench/forgets"),
        ("POST", "/bench/breaks"),
        ("GET", "/nothing"),
        ("PATCH", "/bench/units"),
        ("OPTIONS", "/bench/units"),
    ],
)
def test_every_answer_has_its_id_and_the_strict_headers(
    bench: Bench, method: str, path: str
) -> None:
    answer = bench.client.open(path, method=method)
    assert STRICT.items() <= dict(answer.headers).items()
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert len(answer.headers["X-Request-Id"]) == 36
    assert answer.headers["Server-Timing"].startswith("statements;desc=")


@pytest.mark.parametrize("given", ["short", "x" * 65, "a b c d e f g", '"><script>', "ümläute-1"])
def test_a_request_id_that_could_lie_in_a_log_is_replaced(bench: Bench, given: str) -> None:
    answer = bench.client.get("/bench/units", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] != given


def test_only_an_https_origin_promises_https(house: House) -> None:
    assert "Strict-Transport-Security" not in house.client.get("/healthz").headers
    kernel = replace(
        house.kernel, settings=replace(house.kernel.settings, origin="https://muster.example")
    )
    answer = create_app(kernel).test_client().get("/healthz")
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def recorded(house: House, somebody: Console, **headers: str) -> tuple[str, str]:
    answer = somebody.get("/admin/v1/approvals", headers=headers)
    assert answer.status_code == 200
    with house.kernel.reads() as uow:
        chosen = select(ENTRIES.c.canonical).where(ENTRIES.c.action == "approvals.read")
        (row,) = uow.session.scalars(chosen.order_by(ENTRIES.c.n.desc()).limit(1))
    told: dict[str, Any] = json.loads(row)
    return told["source"], told["zone"]


def behind(house: House, somebody: Console) -> tuple[MusterFlask, Console]:
    settings = replace(house.kernel.settings, proxy_secret=SECRET)
    app = create_app(replace(house.kernel, settings=settings))
    return app, Console(app.test_client(), somebody.secret, somebody.officer_id)


def test_headers_from_outside_change_nothing(house: House, force: Force) -> None:
    admin = force.console("A1", "device_admin")
    assert recorded(house, admin, **SPOOFED) == ("127.0.0.1", "internet")
    _, proxied = behind(house, admin)
    for wrong in ("", SECRET[:-1], SECRET.lower(), "ü" * 40):
        told = recorded(house, proxied, **SPOOFED, **{"X-Muster-Proxy": wrong})
        assert told == ("127.0.0.1", "internet")


def test_the_proxy_that_knows_the_secret_is_believed(house: House, force: Force) -> None:
    _, proxied = behind(house, force.console("A1", "device_admin"))
    told = recorded(house, proxied, **SPOOFED, **{"X-Muster-Proxy": SECRET})
    assert told == ("10.9.9.9", "station")


@pytest.fixture
def browser(bench: Bench, force: Force) -> tuple[FlaskClient, str]:
    """Somebody signed in to the console with a browser, and their form token."""
    auditor = force.console("A9", "auditor")
    bench.client.set_cookie(COOKIE, auditor.secret, domain="localhost")
    return bench.client, csrf_token(auditor.secret)


def test_a_form_of_our_own_page_is_taken(browser: tuple[FlaskClient, str]) -> None:
    client, token = browser
    header = client.post(
        "/bench/decides", headers={"X-CSRF-Token": token, "Sec-Fetch-Site": "same-origin"}
    )
    assert header.status_code == 200
    assert client.post("/bench/forms", data={}).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "odd"])
def test_a_form_of_another_site_is_refused(browser: tuple[FlaskClient, str], site: str) -> None:
    client, token = browser
    headers = {"X-CSRF-Token": token, "Sec-Fetch-Site": site}
    answer = client.post("/bench/decides", headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "cross_site")


@pytest.mark.parametrize("token", ["", "0" * 64, "ü"])
def test_a_form_without_its_token_is_refused(browser: tuple[FlaskClient, str], token: str) -> None:
    client, _ = browser
    answer = client.post("/bench/decides", headers={"X-CSRF-Token": token})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "cross_site")
    form = client.post("/bench/decides", data={"csrf_token": token})
    assert form.status_code == 403


def test_a_form_token_may_come_in_the_form(browser: tuple[FlaskClient, str]) -> None:
    client, token = browser
    assert client.post("/bench/decides", data={"csrf_token": token}).status_code == 200


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("Authorization: DPoP eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln", "eyJ"),
        ("authorization='Bearer mcs_0123456789abcdef'", "0123456789abcdef"),
        ('{"password": "the heron waits", "number": "1"}', "heron"),
        ('{"password": "the \\"heron\\" waits"}', "waits"),
        ("{'pin': '836194'}", "836194"),
        ("pin=836194&client_id=x", "836194"),
        ("GET /fdroid/t/AbCdEf0123456789/index", "AbCdEf0123456789"),
        ("POST /hmdm-AbCdEf0123456789/rest", "AbCdEf0123456789"),
        ("Cookie: __Host-muster=mcs_0123456789abcdef; a=b", "0123456789abcdef"),
        ("the token mrt_0123456789abcdef was used twice", "0123456789abcdef"),
        ("MUSTER_MASTER_KEY=aGVyb24=", "aGVyb24"),
        ("DPoP: eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln", "eyJ"),
    ],
)
def test_no_secret_reaches_a_log_line(line: str, secret: str) -> None:
    assert secret not in scrub(line)


def test_a_failure_is_logged_without_what_was_in_its_message(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.client.post("/bench/breaks", headers={"X-Request-Id": "roadside-0300"})
    written = [JsonLines().format(record) for record in caplog.records]
    logged = "\n".join(written)
    assert "RuntimeError" in logged
    assert "heron" not in logged
    assert "0123456789abcdef" not in logged
    assert any(record.levelno == logging.ERROR for record in caplog.records)
