"""Debian's nginx with the site of deploy/: cards, zones, spoofed headers, odd paths, TLS."""

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import httpx
import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from sqlalchemy import select

from muster.kernel.audit.models import ENTRIES
from muster.kernel.web import COOKIE
from tests.clients.nginx.conftest import Site
from tests.factories.cards import Card, authority

pytestmark = pytest.mark.needs("nginx")

PAGE = "/console/sign-in/certificate"
SPELLINGS = [
    "X-Muster-Client-Cert",
    "X_Muster_Client_Cert",
    "X-MUSTER_CLIENT-CERT",
    "X-SSL-Client-Cert",
    "X-SSL-Cert",
    "X-Client-Cert",
    "X-Forwarded-Client-Cert",
    "X-Forwarded-Tls-Client-Cert",
    "Client-Cert",
    "SSL_CLIENT_CERT",
]


def sign_in(site: Site, listener: str, card: Card | None) -> httpx.Response:
    with site.client(listener, card) as browser:
        return browser.post(PAGE, data=own_form(browser, next="/console/trust"))


def own_form(browser: httpx.Client, **fields: str) -> dict[str, str]:
    """A form of ours, with the token that this browser was given."""
    page = browser.get("/console/sign-in").text
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page)
    given = {"csrf_token": token[1]} if token else {}  # nginx itself may have turned us away
    return given | fields


def told(site: Site) -> dict[str, str]:
    """What the log holds of the last sign-in."""
    with site.kernel.reads() as uow:
        chosen = select(ENTRIES.c.canonical).where(ENTRIES.c.action == "identity.sign_in")
        row = uow.session.scalars(chosen.order_by(ENTRIES.c.n.desc()).limit(1)).one()
    found: dict[str, str] = json.loads(row)
    return found


def test_a_card_that_stands_signs_in_and_no_other(site: Site) -> None:
    card, revoked = site.cards.card("A1"), site.cards.card("A1")
    site.renew_lists(revoked)
    entered = sign_in(site, "cards", card)
    assert entered.status_code == 303, entered.text
    assert entered.headers["Location"] == f"{site.kernel.settings.origin}/console/trust"
    cookies = entered.headers.get_list("Set-Cookie")
    (cookie,) = (one.partition(";")[0] for one in cookies if one.startswith(f"{COOKIE}="))
    with site.client("internet") as browser:
        page = browser.get("/console/trust", headers={"Cookie": cookie})
    assert "Force Cards" in page.text
    assert (told(site)["source"], told(site)["zone"]) == ("127.0.0.1", "internet")
    assert "certificate_refused" in sign_in(site, "cards", revoked).text
    assert told(site)["reason"] == "certificate_revoked"
    assert "certificate_missing" in sign_in(site, "cards", None).text


def test_nginx_itself_turns_away_what_is_no_card(site: Site) -> None:
    foreign = authority("Force Root").authority("Force Cards").card("A1")
    expired = site.cards.card("A1", start=datetime.now(UTC) - timedelta(days=2), days=1)
    for_servers = site.cards.card("A1", eku=(ExtendedKeyUsageOID.SERVER_AUTH,))
    for card in (foreign, expired, for_servers):
        answer = sign_in(site, "cards", card)
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(f"{PAGE}?refused=1")
        with site.client("cards", card) as app:
            refused = app.post("/oauth/token", data={"grant_type": "refresh_token"})
        assert (refused.status_code, refused.json()["code"]) == (403, "certificate_refused")
    with site.client("internet") as browser:
        assert "has expired, or does not come from" in browser.get(f"{PAGE}?refused=1").text


@pytest.mark.parametrize("listener", ["internet", "cards"])
def test_what_a_client_says_of_itself_changes_nothing(site: Site, listener: str) -> None:
    pem = quote(site.cards.card("A1").pem)
    said = [
        (name, value)
        for value in ("office", "10.9.9.9")
        for name in ("X-Muster-Zone", "X_Muster_Zone", "X-Muster-Address", "X-Forwarded-For")
    ]
    said += [("X-Muster-Proxy", "guess"), ("X_Muster_Proxy", "guess"), ("X-SSL-Verify", "SUCCESS")]
    said += [("Connection", "close, X-Muster-Client-Cert, X-Muster-Proxy")]
    lines = "".join(f"{name}: {value}\r\n" for name, value in said)
    for name in SPELLINGS:
        twice = f"{name}: {pem}\r\n" * 2
        start = f"GET {PAGE} HTTP/1.1\r\nHost: localhost\r\n"
        answer = site.raw(listener, f"{start}{lines}{twice}\r\n".encode())
        assert b" 200 " in answer.splitlines()[0], (name, answer[:300])
        assert b"No personal certificate was shown." in answer, name
        assert b"Wu Jing" not in answer, name
    with site.client(listener) as browser:
        form = urlencode(own_form(browser, username="A1", password="a wrong password"))
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    request = (
        "POST /console/sign-in HTTP/1.1\r\nHost: localhost\r\n"
        f"Cookie: {cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
        f"{lines}\r\n{form}"
    )
    site.raw(listener, request.encode())
    assert (told(site)["source"], told(site)["zone"]) == ("127.0.0.1", "internet")


def test_the_zone_is_the_listeners(site: Site) -> None:
    headers = {"X-Muster-Zone": "internet", "X-Muster-Address": "10.9.9.9"}
    with site.client("office") as browser:
        form = own_form(browser, username="A1", password="a wrong password")
        page = browser.post("/console/sign-in", data=form, headers=headers)
    assert page.status_code == 400
    assert (told(site)["source"], told(site)["zone"]) == ("127.0.0.1", "office")


INSIDE = ["/metrics", "/readyz"]
CLOSED = ["/admin/v1/officers", "/console/trust", "/mobile/v1/me"]


def tricks(path: str) -> list[str]:
    first, rest = path[1], path[2:]
    return [
        path,
        f"/{path}",
        f"/.{path}",
        f"/x/..{path}",
        f"/x/%2e%2e{path}",
        f"/x/..%2f{path[1:]}",
        f"/%{ord(first):02x}{rest}",
        f"/%25{ord(first):02x}{rest}",
        f"{path};x=1",
        f"/;x{path}",
        f"{path}/",
        f"{path}/.",
        f"{path}%20",
        f"{path}%00",
        f"{path}%2f",
        f"{path}?x",
        f"{path}#x",
        f"/static/..;{path}",
        path.upper(),
        path.replace("/", "\\"),
    ]


def test_no_spelling_of_a_path_leads_around_the_gate(site: Site) -> None:
    """Ivanti EPMM CVE-2023-35078: another spelling of an address asked for no credential."""
    open_ = []
    for path in (*INSIDE, *CLOSED):
        for spelling in tricks(path):
            request = f"GET {spelling} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            answer = site.raw("internet", request.encode(), source="127.0.0.3")
            status = answer[9:12]
            if status not in (b"303", b"308", b"400", b"401", b"403", b"404"):
                open_.append((spelling, status))
    assert open_ == []


def handshake(site: Site, listener: str, *options: str) -> str:
    target = f"127.0.0.1:{site.ports[listener]}"
    command = ["openssl", "s_client", "-connect", target, *options]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=10, check=False)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def test_tls_is_new_strong_and_asks_for_cards_at_one_listener_only(site: Site) -> None:
    for weak in (
        ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"),
        ("-tls1_2", "-cipher", "AES128-SHA256"),
        ("-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA"),
    ):
        assert "Cipher is (NONE)" in handshake(site, "internet", *weak), weak
    assert "TLSv1.3" in handshake(site, "internet")
    assert "CN = Force Root" in handshake(site, "cards")
    assert "No client certificate CA names sent" in handshake(site, "internet")
