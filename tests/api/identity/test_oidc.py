"""The force's provider: who it lets in, what a forged answer comes to, and how it ends sessions."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from sqlalchemy import select
from werkzeug.test import TestResponse

from muster.kernel.identity import Session, system
from muster.kernel.identity.oidc import links
from muster.kernel.web import COOKIE
from tests.api.identity.conftest import Force
from tests.factories.provider import CLIENT_ID, CLIENT_SECRET, Provider, running

PENDING = "__Host-muster-provider"
CALLBACK = "/console/sign-in/provider/callback"


@dataclass
class Browser:
    """Somebody at the console whose browser goes to the provider and comes back."""

    force: Force
    provider: Provider

    def settle(self, **changes: Any) -> None:
        kernel = self.force.house.kernel
        kernel.settings = replace(kernel.settings, **changes)

    def leave(self, query: str = "") -> dict[str, str]:
        """Set off; return what the provider is asked."""
        away = self.force.house.client.get(f"/console/sign-in/provider{query}")
        assert away.status_code == 303, away.get_data(as_text=True)
        asked = {k: v[0] for k, v in parse_qs(urlsplit(away.location).query).items()}
        self.provider.nonce = asked["nonce"]
        return asked

    def back(self, **answer: str) -> TestResponse:
        return self.force.house.client.get(CALLBACK, query_string=answer)

    def sign_in(self, query: str = "") -> TestResponse:
        return self.back(code="c0de", state=self.leave(query)["state"])

    def logout(self, token: str) -> TestResponse:
        form = {"logout_token": token}
        return self.force.house.client.post("/oauth/backchannel-logout", data=form)

    def sessions(self) -> list[Session]:
        with self.force.house.kernel.reads() as uow:
            return list(uow.session.scalars(select(Session).order_by(Session.id)))

    def alive(self) -> int:
        return len([session for session in self.sessions() if session.revoked_at is None])

    def reason(self) -> str:
        row = self.force.log("identity.sign_in")[-1]
        assert row.outcome == "denied"
        return str(json.loads(row.canonical)["reason"])


@pytest.fixture
def browser(force: Force) -> Iterator[Browser]:
    with running(Provider(force.house.clock)) as provider:
        browser = Browser(force, provider)
        browser.settle(
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=CLIENT_SECRET,
            oidc_name="Force ID",
            oidc_number_claim="preferred_username",
            oidc_aal="amr=mfa:2",
        )
        provider.claims = {"amr": ["mfa"]}
        yield browser
    for cookie in (COOKIE, PENDING):
        force.house.client.delete_cookie(cookie)


def test_an_officer_with_an_account_signs_in(browser: Browser) -> None:
    page = browser.sign_in("?next=/console/people")
    assert page.status_code == 200, page.get_data(as_text=True)
    assert 'content="0;url=/console/people"' in page.get_data(as_text=True)
    (session,) = browser.sessions()
    assert (session.kind, session.aal, session.amr) == ("console", 2, ["fed", "mfa"])
    cookies = page.headers.getlist("Set-Cookie")
    (strict,) = (cookie for cookie in cookies if cookie.startswith(f"{COOKIE}=mcs_"))
    assert "SameSite=Strict" in strict
    assert any(cookie.startswith(f"{PENDING}=;") for cookie in cookies)


def test_the_question_is_bound_to_the_browser_and_the_code_to_us(browser: Browser) -> None:
    asked = browser.leave()
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == "http://localhost:8000" + CALLBACK
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    browser.back(code="c0de", state=asked["state"])
    (_, form, authorization) = next(one for one in browser.provider.asked if one[0] == "/token")
    assert form["code_verifier"] not in json.dumps(asked)
    pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
    assert pair == "muster:a%20secret%3A%20with%20signs%2Fof%20its%20own"


def forged(browser: Browser, **claims: Any) -> str:
    browser.provider.claims = claims
    assert browser.sign_in().status_code == 403
    assert browser.sessions() == []
    return browser.reason()


FOREIGN: list[tuple[dict[str, Any], str]] = [
    ({"iss": "https://evil.example"}, "iss"),
    ({"iss": None}, "iss"),
    ({"aud": "another-client"}, "aud"),
    ({"aud": None}, "aud"),
    ({"aud": [CLIENT_ID, "another-client"]}, "azp"),
    ({"aud": [CLIENT_ID, "another-client"], "azp": "another-client"}, "azp"),
    ({"exp": 1}, "exp"),
    ({"exp": None}, "exp"),
    ({"iat": 4102444800}, "iat"),
    ({"iat": 1000}, "iat"),
    ({"nonce": "of another sign-in"}, "nonce"),
    ({"nonce": None}, "nonce"),
    ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
    ({"sub": ""}, "sub"),
    ({"sub": None}, "sub"),
    ({"sub": ["subject-1"]}, "sub"),
]


def test_a_token_that_is_not_for_this_sign_in_is_refused(browser: Browser) -> None:
    for claims, reason in FOREIGN:
        assert forged(browser, **claims) == f"provider_id_token_{reason}", claims


def unsigned(browser: Browser) -> None:
    browser.provider.key, browser.provider.algorithm = None, "none"


def by_another_key(browser: Browser) -> None:
    browser.provider.key, browser.provider.algorithm = (
        ec.generate_private_key(ec.SECP256R1()),
        "ES256",
    )


def by_a_key_it_brings(browser: Browser) -> None:
    by_another_key(browser)
    own = Provider.jwk(browser.provider.key, "k1")
    browser.provider.header = {"jwk": own, "jku": f"{browser.provider.issuer}/evil"}


def by_the_client_secret(browser: Browser) -> None:
    browser.provider.key, browser.provider.algorithm = CLIENT_SECRET * 2, "HS256"


def by_the_public_key_as_secret(browser: Browser) -> None:
    browser.provider.key = base64.urlsafe_b64decode(browser.provider.published[0]["x"] + "=")
    browser.provider.algorithm = "HS256"


def by_a_key_of_another_kind(browser: Browser) -> None:
    browser.provider.key = rsa.generate_private_key(65537, 2048)
    browser.provider.algorithm = "RS256"


FORGERIES = [
    unsigned,
    by_another_key,
    by_a_key_it_brings,
    by_the_client_secret,
    by_the_public_key_as_secret,
    by_a_key_of_another_kind,
]


def test_a_token_that_the_provider_did_not_sign_is_refused(browser: Browser) -> None:
    """Fleet GHSA-63m5-974w-448v: unsigned and foreign tokens were believed."""
    for forge in FORGERIES:
        forge(browser)
        assert forged(browser) == "provider_signature", forge


def test_a_logout_token_signs_nobody_in(browser: Browser) -> None:
    browser.provider.header = {"typ": "logout+jwt"}
    assert forged(browser) == "provider_id_token_wrong_typ"


def test_an_answer_fits_only_the_question_it_was_asked(browser: Browser) -> None:
    first = browser.leave()["state"]
    second = browser.leave()["state"]
    assert browser.back(code="c0de", state=first).status_code == 403
    assert browser.reason() == "provider_wrong_state"
    assert browser.back(code="c0de", state=second).status_code == 403
    assert browser.reason() == "provider_not_begun_here"


def test_an_answer_brought_to_another_browser_is_refused(browser: Browser) -> None:
    state = browser.leave()["state"]
    browser.force.house.client.delete_cookie(PENDING)
    assert browser.back(code="c0de", state=state).status_code == 403
    assert browser.sessions() == []


def test_an_answer_counts_once_and_for_ten_minutes(browser: Browser) -> None:
    client = browser.force.house.client
    state = browser.leave()["state"]
    cookie = client.get_cookie(PENDING)
    assert cookie
    assert browser.back(code="c0de", state=state).status_code == 200
    client.set_cookie(PENDING, cookie.value, secure=True)
    assert browser.back(code="c0de", state=state).status_code == 403
    late = browser.leave()["state"]
    browser.force.house.clock.advance(minutes=11)
    assert browser.back(code="c0de", state=late).status_code == 403


def test_a_provider_that_says_no_or_names_another_issuer_lets_nobody_in(browser: Browser) -> None:
    state = browser.leave()["state"]
    assert browser.back(error="access_denied", state=state).status_code == 403
    assert browser.reason() == "provider_not_granted"
    state = browser.leave()["state"]
    assert browser.back(code="c0de", state=state, iss="https://evil.example").status_code == 403
    assert browser.reason() == "provider_wrong_iss"
    browser.provider.token_status = 400
    assert browser.sign_in().status_code == 403


def test_nobody_is_made_by_signing_in(browser: Browser) -> None:
    """Fleet CVE-2026-24899: whoever the provider knew became an administrator."""
    assert forged(browser, preferred_username="777777") == "provider_no_such_account"
    assert forged(browser, preferred_username=None) == "provider_no_number_claimed"


def test_a_name_can_change_hands_a_link_cannot(browser: Browser) -> None:
    assert browser.sign_in().status_code == 200
    browser.provider.claims = {"sub": "subject-2"}
    assert browser.sign_in().status_code == 403
    assert browser.reason() == "provider_account_linked_otherwise"
    browser.provider.claims = {"preferred_username": "A2"}
    assert browser.sign_in().status_code == 200
    assert {session.officer_id for session in browser.sessions()} == {
        browser.force.officer("A1").id
    }


def test_without_a_claim_only_links_count(browser: Browser) -> None:
    browser.settle(oidc_number_claim="")
    assert browser.sign_in().status_code == 403
    assert browser.reason() == "provider_not_linked"
    with browser.force.house.kernel.writes() as uow:
        links.link(uow, system("test"), "A2", "subject-1")
    assert browser.sign_in().status_code == 200
    assert browser.sessions()[0].officer_id == browser.force.officer("A2").id


def test_what_userinfo_says_of_another_is_not_used(browser: Browser) -> None:
    browser.provider.claims = {"preferred_username": None}
    browser.provider.userinfo = {"preferred_username": "A1"}
    assert browser.sign_in().status_code == 200
    browser.provider.userinfo = {"preferred_username": "A1", "sub": "subject-2"}
    browser.provider.claims = {"preferred_username": None, "sub": "subject-3"}
    assert browser.sign_in().status_code == 403
    assert browser.reason() == "provider_userinfo_of_another"


def test_what_the_provider_says_of_a_sign_in_counts_as_the_settings_say(browser: Browser) -> None:
    browser.settle(oidc_aal="acr=urn:force:card:3,amr=mfa:2")
    earlier = int(browser.force.house.clock().timestamp()) - 3600
    for claims, aal in (
        ({"amr": ["pwd", "mfa", "made-up"], "auth_time": earlier}, 2),
        ({"acr": "urn:force:card", "amr": ["hwk"]}, 3),
        ({"acr": "urn:force:car"}, 1),
    ):
        browser.provider.claims = claims
        assert browser.sign_in().status_code == 200
        assert browser.sessions()[-1].aal == aal
    first = browser.sessions()[0]
    assert first.amr == ["fed", "pwd", "mfa"]
    assert int(first.auth_at.timestamp()) == earlier


def test_a_step_up_demands_a_sign_in_made_anew(browser: Browser) -> None:
    now = int(browser.force.house.clock().timestamp())
    for auth_time, status in ((None, 403), (now - 3600, 403), (now, 200)):
        browser.provider.claims = {"auth_time": auth_time}
        asked = browser.leave("?anew=1")
        assert (asked["prompt"], asked["max_age"]) == ("login", "0")
        assert browser.back(code="c0de", state=asked["state"]).status_code == status


ELSEWHERE: list[dict[str, Any]] = [
    {"issuer": "https://evil.example"},
    {"jwks_uri": "https://evil.example/jwks"},
    {"token_endpoint": "http://169.254.169.254/token"},
    {"userinfo_endpoint": "http://127.0.0.1:1/userinfo"},
    {"authorization_endpoint": "http://evil.example/auth"},
    {"jwks_uri": None},
]


def test_metadata_that_leads_elsewhere_is_not_followed(browser: Browser) -> None:
    for metadata in ELSEWHERE:
        browser.provider.metadata = metadata
        away = browser.force.house.client.get("/console/sign-in/provider")
        assert away.status_code == 503, metadata
    asked = {path for path, _, _ in browser.provider.asked}
    assert asked == {"/.well-known/openid-configuration"}


def test_signing_out_at_the_provider_ends_its_session_here_at_once(browser: Browser) -> None:
    browser.sign_in()
    browser.provider.claims = {"sid": "session-2"}
    browser.sign_in()
    token = browser.provider.logout_token()
    assert browser.logout(token).status_code == 200
    assert browser.alive() == 1
    replayed = browser.logout(token)
    assert (replayed.status_code, replayed.get_json()["error"]) == (400, "invalid_request")
    assert browser.logout(browser.provider.logout_token(sid=None)).status_code == 200
    assert browser.alive() == 0
    page = browser.force.house.client.get("/console")
    assert page.status_code == 303


MISFITS: list[dict[str, Any]] = [
    {"header": {"typ": "JWT"}},
    {"header": {"typ": None}},
    {"iss": "https://evil.example"},
    {"aud": "another-client"},
    {"events": None},
    {"events": {"http://schemas.openid.net/event/other": {}}},
    {"nonce": "n"},
    {"sub": None, "sid": None},
    {"sub": ""},
    {"jti": None},
    {"exp": None},
    {"exp": 1},
    {"iat": 1},
    {"iat": None},
]


def test_a_logout_token_that_does_not_fit_ends_nothing(browser: Browser) -> None:
    browser.sign_in()
    for claims in MISFITS:
        assert browser.logout(browser.provider.logout_token(**claims)).status_code == 400, claims
    assert browser.logout("no token").status_code == 400
    assert browser.logout(browser.provider.id_token("access")).status_code == 400
    for forge in FORGERIES:
        forge(browser)
        assert browser.logout(browser.provider.logout_token()).status_code == 400, forge
    assert browser.alive() == 1
