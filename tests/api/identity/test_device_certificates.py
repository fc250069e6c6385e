"""Terminals at their doors with a certificate: alone, beside a proof, beside a token of another.

Also how a sign-in by card or provider goes on at an app. Certificates come from the issuing CA and
codes from the authorization server, as in production.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.test import TestResponse

from muster.kernel.identity import move, system
from muster.kernel.identity.personal_certificates import lists, trust
from muster.kernel.kernel import Kernel
from muster.kernel.settings import Settings
from muster.server.assembly import assemble, close
from muster.server.demo.authority import make_authority
from tests.conftest import House, MovableClock
from tests.factories import certificates
from tests.factories.cards import authority
from tests.factories.console import own_form
from tests.factories.mdm import PIN, Force
from tests.factories.oauth import CALLBACK, FieldApp, callable_back
from tests.factories.provider import CLIENT_ID, CLIENT_SECRET, Provider, running
from tests.factories.terminal import COMPLIANT, TestTerminal

SECRET = "j8Jx2mVq0Zr7Lw4Tn6Yb1Kd5Hs9Gf3Pc-QvRzUa"
ME, CONFIGURATION = "/mobile/v1/me", "/agent/v1/configuration"


@pytest.fixture
def kernel(settings: Settings, clock: MovableClock) -> Iterator[Kernel]:
    kernel = assemble(replace(settings, proxy_secret=SECRET), clock=clock)
    make_authority(kernel)
    yield kernel
    close(kernel)


@pytest.fixture
def force(house: House) -> Force:
    force = Force(house)
    force.officer("P1", "officer")
    return force


@pytest.fixture
def pair(force: Force) -> tuple[TestTerminal, TestTerminal]:
    """Two terminals in service."""
    admin = force.console("A1", "device_admin")
    return force.compliant(admin), force.compliant(admin)


def certificate(terminal: TestTerminal) -> str:
    """Have a certificate made for a terminal; return it as PEM."""
    assert isinstance(terminal.key, ec.EllipticCurvePrivateKey)
    body = {"csr": certificates.pem(terminal.key)}
    answer = terminal.agent("POST", "/agent/v1/certificate", body)
    assert answer.status_code in (200, 201), answer.get_data(as_text=True)
    pem: str = answer.get_json()["chain"][0]
    return pem


def shown(pem: str | bytes) -> dict[str, str]:
    """What nginx says of a connection."""
    return {"X-Muster-Proxy": SECRET, "X-Muster-Client-Cert": quote(pem)}


def configuration(terminal: TestTerminal, **headers: str) -> TestResponse:
    return terminal.client.get(CONFIGURATION, headers=headers)


def test_the_agent_door_takes_a_certificate_a_proof_or_both_of_one_terminal(
    pair: tuple[TestTerminal, TestTerminal],
) -> None:
    terminal, other = pair
    mine, theirs = certificate(terminal), certificate(other)
    assert configuration(terminal, **shown(mine)).status_code == 200
    proof = {"DPoP": terminal.proof("GET", CONFIGURATION)}
    assert configuration(terminal, **shown(mine), **proof).status_code == 200
    proof = {"DPoP": terminal.proof("GET", CONFIGURATION)}
    refused = configuration(terminal, **shown(theirs), **proof)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "invalid_token")
    assert configuration(terminal, **shown(authority("Devices").card("T-1").pem)).status_code == 401
    assert configuration(terminal, **{"X-Muster-Client-Cert": quote(mine)}).status_code == 401


def test_a_lost_terminals_certificate_opens_nothing_and_its_key_still_the_agents_door(
    force: Force, pair: tuple[TestTerminal, TestTerminal]
) -> None:
    terminal, _ = pair
    mine = certificate(terminal)
    assert terminal.id
    with force.house.kernel.writes() as uow:
        move(uow, terminal.id, "lost")
    assert configuration(terminal, **shown(mine)).status_code in (401, 403)
    proof = {"DPoP": terminal.proof("POST", "/agent/v1/check-in")}
    answer = terminal.client.post(
        "/agent/v1/check-in",
        json={"posture": COMPLIANT, "applied_hash": terminal.applied_hash},
        headers={**proof, **shown(mine)},
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)


def test_a_token_on_the_connection_of_another_terminal_is_refused(
    pair: tuple[TestTerminal, TestTerminal],
) -> None:
    terminal, other = pair
    mine, theirs = certificate(terminal), certificate(other)
    assert terminal.sign_in("P1", PIN).status_code == 200
    assert terminal.call("GET", ME, headers=shown(mine)).status_code == 200
    refused = terminal.call("GET", ME, headers=shown(theirs))
    assert (refused.status_code, refused.get_json()["code"]) == (401, "invalid_token")
    card = authority("Force Root").card("P1")
    assert terminal.call("GET", ME, headers=shown(card.pem)).status_code == 200, "an officer's card"


@pytest.fixture
def app(force: Force, pair: tuple[TestTerminal, TestTerminal]) -> FieldApp:
    callable_back(force.house, "field", CALLBACK)
    return FieldApp(force.house, pair[0], "field")


def finished(app: FieldApp, address: str) -> dict[str, Any]:
    """Redeem what the callback brings, and say who is signed in."""
    (code,) = parse_qs(urlsplit(address).query)["code"]
    assert app.redeem(code).status_code == 200
    me: dict[str, Any] = app.terminal.call("GET", ME).get_json()
    return me


def test_a_card_ends_the_sign_in_of_an_app(force: Force, app: FieldApp) -> None:
    root, kernel, client = authority("Force Root"), force.house.kernel, force.house.client
    with kernel.writes() as uow:
        trust.add(uow, system("test"), root.pem)
        lists.take(uow, system("test"), root.crl())
    form = own_form(client, handle=handle_of(app.page()))
    answer = client.post(
        "/console/sign-in/certificate", data=form, headers=shown(root.card("P1").pem)
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert finished(app, answer.location)["officer"]["number"] == "P1"


def test_the_provider_ends_the_sign_in_of_an_app_and_signs_it_out(
    force: Force, app: FieldApp
) -> None:
    kernel, client = force.house.kernel, force.house.client
    with running(Provider(force.house.clock)) as provider:
        kernel.settings = replace(
            kernel.settings,
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=CLIENT_SECRET,
            oidc_number_claim="preferred_username",
        )
        provider.claims = {"preferred_username": "P1"}
        away = client.get(f"/console/sign-in/provider?handle={handle_of(app.page())}").location
        asked = dict(pair.split("=", 1) for pair in away.partition("?")[2].split("&"))
        provider.nonce = asked["nonce"]
        answer = {"code": "c0de", "state": asked["state"]}
        page = client.get("/console/sign-in/provider/callback", query_string=answer)
        back = page.get_data(as_text=True).partition("0;url=")[2].partition('"')[0]
        assert finished(app, back.replace("&amp;", "&"))["officer"]["number"] == "P1"
        client.post("/oauth/backchannel-logout", data={"logout_token": provider.logout_token()})
    assert app.terminal.call("GET", ME).get_json()["code"] == "session_ended"


def handle_of(page: str) -> str:
    return urlsplit(page).path.rsplit("/", 1)[-1]
