"""An officer signs in for an app in a real browser, which then leads back to the app and nowhere else."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from muster.handheld import Terminal
from muster.kernel.identity import clients
from tests.browser.admin_ui.conftest import World
from tests.browser.admin_ui.test_every_page import violations
from tests.browser.admin_ui.test_main_tasks import newcomer

VERIFIER = "v" * 64
APP, OWN_SCHEME = "browser.app", "org.passmuster.browser:/back"


class Callback(BaseHTTPRequestHandler):
    """What an app on the same machine listens with while its browser is away."""

    def do_GET(self) -> None:
        self.server.seen.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"You may close this window.")

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@pytest.fixture
def callback() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Callback)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def terminal(world: World) -> Terminal:
    with world.kernel.writes() as uow:
        app = clients.register(uow, APP, "field", scopes=["records", "checks"])
        app.redirect_uris = ["http://127.0.0.1/back", OWN_SCHEME]
    return newcomer(world, "for-the-browser")[0]


def page_of(world: World, terminal: Terminal, redirect_uri: str) -> str:
    """Push a request as the terminal and return the address for its browser."""
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    form = {
        "response_type": "code",
        "client_id": APP,
        "redirect_uri": redirect_uri,
        "state": "s1",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    told = post(world, terminal, "/oauth/par", form)
    query = urlencode({"client_id": APP, "request_uri": told["request_uri"]})
    return f"{world.origin}/oauth/authorize?{query}"


def post(world: World, terminal: Terminal, path: str, form: dict[str, str]) -> Any:
    address, nonce = world.origin + path, ""
    for _attempt in range(2):
        proof = terminal.key.proof("POST", address, nonce=nonce)
        answer = httpx.post(address, data=form, headers={"DPoP": proof})
        nonce = answer.headers["DPoP-Nonce"]
    assert answer.is_success, answer.text
    return answer.json()


def fill_in(world: World, page: Page) -> None:
    number = world.city.force.leads.first_officer.number
    page.get_by_label("Police number").fill(number)
    page.get_by_label("PIN").fill(world.secrets[number].pin)


def test_an_officer_signs_in_and_the_app_gets_its_tokens(
    world: World, terminal: Terminal, callback: HTTPServer
) -> None:
    redirect_uri = f"http://127.0.0.1:{callback.server_port}/back"
    context = world.browser.new_context(locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(page_of(world, terminal, redirect_uri))
    expect(page.get_by_text(APP)).to_be_visible()
    expect(page.get_by_text("Background checks")).to_be_visible()
    fill_in(world, page)
    page.keyboard.press("Enter")
    expect(page.get_by_text("You may close this window.")).to_be_visible()
    context.close()
    path = callback.seen[0]  # type: ignore[attr-defined]
    answer = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    assert (answer["state"], answer["iss"]) == ("s1", world.origin)
    form = {
        "grant_type": "authorization_code",
        "client_id": APP,
        "code": answer["code"],
        "redirect_uri": redirect_uri,
        "code_verifier": VERIFIER,
    }
    assert post_once(world, terminal, form)["token_type"] == "DPoP"


def post_once(world: World, terminal: Terminal, form: dict[str, str]) -> Any:
    """Redeem: the first attempt only fetches the nonce, the code is spent by the second."""
    address = f"{world.origin}/oauth/token"
    first = httpx.post(address, headers={"DPoP": terminal.key.proof("POST", address)})
    proof = terminal.key.proof("POST", address, nonce=first.headers["DPoP-Nonce"])
    return httpx.post(address, data=form, headers={"DPoP": proof}).json()


def test_the_form_may_lead_to_the_apps_own_scheme(world: World, terminal: Terminal) -> None:
    context = world.browser.new_context(locale="en-GB")
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(page_of(world, terminal, OWN_SCHEME))
    fill_in(world, page)
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.get_by_role("button", name="Sign in").click()
    assert sent.value.status == 303
    assert sent.value.headers["location"].startswith(f"{OWN_SCHEME}?code=")
    assert [said for said in complaints if "Content Security Policy" in said] == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_the_page_and_its_end_are_accessible(
    world: World, terminal: Terminal, axe: str, lang: str, scheme: str
) -> None:
    locale = "zh-CN" if lang == "zh-Hans" else "en-GB"
    context = world.browser.new_context(bypass_csp=True, color_scheme=scheme, locale=locale)
    page = context.new_page()
    page.goto(page_of(world, terminal, OWN_SCHEME))
    assert page.locator("html").get_attribute("lang") == lang
    assert violations(page, axe) == []
    form = page.locator("form", has=page.locator("[name=pin]"))
    form.locator("button[type=submit]").first.click()  # empty: the browser holds it back
    page.locator("[name=username]").fill("1")
    page.locator("[name=pin]").fill("111111")
    form.locator("button[type=submit]").first.click()
    expect(form.locator(".field-error")).to_be_visible()
    assert violations(page, axe) == []
    page.goto(f"{world.origin}/oauth/authorize")
    assert violations(page, axe) == []
    context.close()
