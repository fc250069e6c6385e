"""A person at the console, speaking its automation API as a program would."""

import time
from typing import Any
from uuid import uuid4

import httpx

from muster.handheld import Offline, Refused
from muster.kernel.identity.authenticators import totp
from muster.server.demo.costs import Costs


class Desk:
    """One administrative person signed in over HTTP.

    `answer = desk.post("/admin/v1/…", {...})`; a refusal raises `Refused` with the problem. Where
    the server asks who is there once more, the desk answers and repeats what it was doing.
    """

    def __init__(self, origin: str, number: str, password: str, app: str, costs: Costs) -> None:
        self.number, self._password, self._app = number, password, app
        self._http = httpx.Client(base_url=origin, timeout=60.0, event_hooks=costs.hooks())
        self._prove("/admin/v1/sessions", {"number": number, "password": password})

    def get(self, path: str, **query: Any) -> Any:
        """Read."""
        return self._call("GET", path, params=query)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """Act; `files` or `content` go through to httpx."""
        if body is not None:
            options["json"] = body
        headers = {"Idempotency-Key": uuid4().hex, **options.pop("headers", {})}
        return self._call("POST", path, headers=headers, **options)

    def put(self, path: str, body: Any = None) -> Any:
        """Put something in its place."""
        return self._call("PUT", path, json=body)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _call(self, method: str, path: str, **options: Any) -> Any:
        response = self._send(method, path, **options)
        if response.status_code == 401 and response.json().get("code") == "step_up_required":
            self._prove("/admin/v1/sessions/current/step-up", {"password": self._password})
            response = self._send(method, path, **options)
        if response.status_code >= 400:
            raise Refused(response)
        return response.json() if response.content else None

    def _prove(self, path: str, body: dict[str, str]) -> None:
        """Show the code of now, else of the next step, else wait for a third: each is good once."""
        now = int(time.time()) // totp.STEP
        for step in (now, now + 1, now + 2):
            time.sleep(max(0.0, (step - 1) * totp.STEP - time.time()))
            response = self._send("POST", path, json=body | {"otp": totp.code_at(self._app, step)})
            if response.status_code < 400:
                self._http.headers["Authorization"] = f"Bearer {response.json()['token']}"
                return
            if response.json().get("code") != "invalid_grant":
                break
        raise Refused(response)

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **options)
        except httpx.TransportError as error:
            raise Offline(f"the server does not answer: {error}") from error
