"""An app that signs officers in by the authorization code flow, and the browser in between."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.test import TestResponse

from muster.kernel.identity import clients
from tests.conftest import House
from tests.factories.console import own_form
from tests.factories.terminal import TestTerminal

CALLBACK = "org.passmuster.field:/signed-in"


@dataclass
class FieldApp:
    """A registered app on a terminal; each call can be bent by naming what it sends instead."""

    house: House
    terminal: TestTerminal
    client_id: str
    redirect_uri: str = CALLBACK
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = "x7"

    @property
    def challenge(self) -> str:
        """The S256 challenge of the verifier (RFC 7636 §4.2)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def push(self, **bent: Any) -> TestResponse:
        """Push an authorization request; None leaves a field out."""
        usual: dict[str, Any] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "state": self.state,
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        }
        form = {name: value for name, value in (usual | bent).items() if value is not None}
        return self.terminal.post("/oauth/par", form)

    def pushed(self, **bent: Any) -> str:
        """Push a request that is taken and return its request_uri."""
        answer = self.push(**bent)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        uri: str = answer.get_json()["request_uri"]
        return uri

    def open(self, request_uri: str, client_id: str = "") -> TestResponse:
        """Open the authorization endpoint in a browser."""
        query = {"client_id": client_id or self.client_id, "request_uri": request_uri}
        return self.house.client.get("/oauth/authorize", query_string=query)

    def page(self, **bent: Any) -> str:
        """Push and open; return the address of the page that follows."""
        answer = self.open(self.pushed(**bent))
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.headers["Location"]

    def submit(self, page: str, number: str, pin: str, **more: str) -> TestResponse:
        """Fill in number and PIN."""
        return self.send(page, username=number, pin=pin, **more)

    def send(self, page: str, **fields: str) -> TestResponse:
        """Send the page's form with the token that this browser was given."""
        client = self.house.client
        return client.post(page, data=own_form(client, **fields))

    def signed_in(self, number: str, pin: str, **bent: Any) -> dict[str, str]:
        """Go all the way to the callback and return what it brings."""
        answer = self.submit(self.page(**bent), number, pin)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer_of(answer)

    def redeem(self, code: str, **bent: Any) -> TestResponse:
        """Redeem a code; the terminal keeps the tokens."""
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "code": code,
            "code_verifier": self.verifier,
        }
        return self.terminal.token(form | bent)


def answer_of(redirect: TestResponse) -> dict[str, str]:
    """Return the parameters of an authorization response."""
    query = parse_qs(urlsplit(redirect.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def callable_back(house: House, client_id: str, *addresses: str) -> None:
    """Let a registered client be called back at these addresses."""
    with house.kernel.writes() as uow:
        client = clients.by_name(uow, client_id)
        assert client is not None
        client.redirect_uris = list(addresses)
