"""How the terminal speaks: the agent door by key alone, everything else by token and key."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal
from uuid import uuid4

import httpx

from muster.handheld.proofs import DeviceKey
from muster.handheld.vault import Vault

GRANT = "urn:passmuster:oauth:grant:officer-pin"
_TOKENS, _ROOM = "tokens", "identity"
Hooks = dict[str, list[Callable[..., Any]]]
"""httpx event hooks: somebody may count or log what this terminal sends."""


Server = Literal["oauth", "api"]
Door = Literal["officer", "agent"]
"""By whose right something is fetched: whoever is signed in, or the terminal itself."""


class Offline(Exception):
    """The server cannot be reached; what was made waits in the outbox."""


class Refused(Exception):
    """The server said no: `status`, the problem's `code` and `detail`, and the whole document."""

    def __init__(self, response: httpx.Response) -> None:
        try:
            body = response.json()
        except ValueError:
            body = {}
        self.problem: dict[str, Any] = body if isinstance(body, dict) else {}
        self.status = response.status_code
        self.code = str(self.problem.get("code") or self.problem.get("error") or "unknown")
        self.detail = str(self.problem.get("detail") or self.problem.get("error_description") or "")
        super().__init__(f"{self.status} {self.code}: {self.detail}")


class Connection:
    """One server, one device key, and the tokens of whoever is signed in."""

    def __init__(
        self,
        vault: Vault,
        key: DeviceKey,
        origin: str,
        hooks: Hooks | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._vault, self._key = vault, key
        self._http = httpx.Client(timeout=30.0, event_hooks=hooks, transport=transport)
        self.origin = ""
        self.turn_to(origin or vault.get(_ROOM, "origin") or "")
        self.last: httpx.Response | None = None
        self._nonces = {"oauth": "", "api": ""}

    def turn_to(self, origin: str) -> None:
        """Speak to this server from now on, and remember it."""
        self.origin = origin.rstrip("/")
        self._http.base_url = httpx.URL(self.origin)
        if self.origin and self._vault.get(_ROOM, "origin") != self.origin:
            self._vault.put(_ROOM, "origin", self.origin)

    def agent(self, method: str, path: str, json: Any = None) -> Any:
        """Call the agent door: a proof by the device key and no token."""
        headers = {"DPoP": self._key.proof(method, self.origin + path)}
        if method == "POST":
            headers["Idempotency-Key"] = uuid4().hex
        return self._answer(self._send(method, path, headers, json=json))

    def certificate_request(self) -> str:
        """Return a request for a certificate of the device key, in PEM."""
        return self._key.certificate_request()

    def sign_in(self, number: str, pin: str, client: str) -> dict[str, Any]:
        """Sign an officer in on this terminal and keep the tokens, encrypted."""
        form = {"grant_type": GRANT, "number": number, "pin": pin, "client_id": client}
        return self._token(form, client)

    def sign_out(self) -> None:
        """Forget the tokens; the caller has told the server."""
        self._vault.clear(_TOKENS)

    def call(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """Call as the officer signed in; an expired token is refreshed once and tried again."""
        response = self._as_officer(method, path, headers or {}, json=json, content=content)
        if response.status_code == 401 and self._refreshed():
            response = self._as_officer(method, path, headers or {}, json=json, content=content)
        self._answer(response)
        return response

    def _wants_nonce(self, response: httpx.Response, server: Server) -> bool:
        """Keep the server's newest nonce; say whether a request failed for want of it."""
        given = response.headers.get("DPoP-Nonce", "")
        self._nonces[server] = given or self._nonces[server]
        return bool(given) and _asks_for_nonce(response)

    def fetch(self, method: str, path: str, json: Any = None) -> Any:
        """Call as the officer and return the JSON answer."""
        return self.call(method, path, json).json()

    @contextmanager
    def stream(
        self, path: str, headers: dict[str, str] | None = None, *, door: Door = "officer"
    ) -> Iterator[httpx.Response]:
        """Open a download and yield its answer, its body still to be read."""
        with self._opened(path, headers or {}, door) as response:
            stale = response.status_code == 401 and door == "officer"
            if stale and (self._wants_nonce(response, "api") or self._refreshed()):
                response.close()
            else:
                self._checked(response)
                yield response
                return
        with self._opened(path, headers or {}, door) as response:
            self._checked(response)
            yield response

    def raw(self, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        """Send a request exactly as given (the demo shows that a stolen token is worthless)."""
        return self._send(method, path, headers)

    @property
    def access_token(self) -> str:
        """The access token of whoever is signed in, or an empty text."""
        return str((self._vault.get(_TOKENS, "current") or {}).get("access_token", ""))

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    @contextmanager
    def _opened(self, path: str, headers: dict[str, str], door: Door) -> Iterator[httpx.Response]:
        proof = {"DPoP": self._key.proof("GET", self.origin + path)}
        own = self._officer_headers("GET", path) if door == "officer" else proof
        try:
            with self._http.stream("GET", path, headers=own | headers) as response:
                yield response
        except httpx.TransportError as error:
            raise Offline(f"{self.origin} does not answer: {error}") from error

    def _checked(self, response: httpx.Response) -> None:
        if response.status_code >= 400:
            response.read()
            raise Refused(response)

    def _as_officer(
        self, method: str, path: str, headers: dict[str, str], **body: Any
    ) -> httpx.Response:
        own = self._officer_headers(method, path) | headers
        response = self._send(method, path, own, **body)
        if self._wants_nonce(response, "api"):
            own |= {"DPoP": self._officer_headers(method, path)["DPoP"]}
            response = self._send(method, path, own, **body)
        return response

    def _officer_headers(self, method: str, path: str) -> dict[str, str]:
        token = self.access_token
        headers = {
            "Authorization": f"DPoP {token}",
            "DPoP": self._key.proof(method, self.origin + path, token, self._nonces["api"]),
        }
        if method == "POST":
            headers["Idempotency-Key"] = uuid4().hex
        return headers

    def refresh(self) -> None:
        """Change the refresh token for new tokens; raises `Refused` when the session is over."""
        kept = self._vault.get(_TOKENS, "current") or {}
        form = {
            "grant_type": "refresh_token",
            "refresh_token": kept.get("refresh_token", ""),
            "client_id": kept.get("client", ""),
        }
        self._token(form, form["client_id"])

    def _refreshed(self) -> bool:
        if "refresh_token" not in (self._vault.get(_TOKENS, "current") or {}):
            return False
        try:
            self.refresh()
        except Refused:
            return False
        return True

    def _token(self, form: dict[str, str], client: str) -> dict[str, Any]:
        """Ask once more with the server's nonce if it wants one (RFC 9449 §8)."""
        path = "/oauth/token"
        for _attempt in range(2):
            proof = self._key.proof("POST", self.origin + path, nonce=self._nonces["oauth"])
            response = self._send("POST", path, {"DPoP": proof}, data=form)
            if not self._wants_nonce(response, "oauth"):
                break
        told: dict[str, Any] = self._answer(response)
        self._vault.put(_TOKENS, "current", told | {"client": client})
        return told

    def _send(self, method: str, path: str, headers: dict[str, str], **body: Any) -> httpx.Response:
        given = {name: value for name, value in body.items() if value is not None}
        try:
            self.last = self._http.request(method, path, headers=headers, **given)
        except httpx.TransportError as error:
            raise Offline(f"{self.origin} does not answer: {error}") from error
        return self.last

    def _answer(self, response: httpx.Response) -> Any:
        if response.status_code >= 400:
            raise Refused(response)
        typed = response.headers.get("Content-Type", "").startswith("application/json")
        return response.json() if typed and response.content else None


def _asks_for_nonce(response: httpx.Response) -> bool:
    """Both servers of RFC 9449 ask: the authorization server in its body, the API in a header."""
    if response.status_code == 401:
        return 'error="use_dpop_nonce"' in response.headers.get("WWW-Authenticate", "")
    return response.status_code == 400 and b'"use_dpop_nonce"' in response.content
