"""A person at the console, speaking its automation API as a program would."""

from typing import Any
from uuid import uuid4

import httpx

from muster.handheld import Refused
from muster.server.demo.costs import Costs


class Desk:
    """One administrative person signed in over HTTP.

    `answer = desk.post("/admin/v1/…", {...})`; a refusal raises `Refused` with the problem.
    """

    def __init__(self, origin: str, number: str, password: str, costs: Costs) -> None:
        self.number = number
        self._http = httpx.Client(base_url=origin, timeout=60.0, event_hooks=costs.hooks())
        told = self.post("/admin/v1/sessions", {"number": number, "password": password})
        self._http.headers["Authorization"] = f"Bearer {told['token']}"

    def get(self, path: str, **query: Any) -> Any:
        """Read."""
        return self._answer(self._http.get(path, params=query))

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """Act; `files` or `content` go through to httpx."""
        headers = {"Idempotency-Key": uuid4().hex, **options.pop("headers", {})}
        if body is not None:
            options["json"] = body
        return self._answer(self._http.post(path, headers=headers, **options))

    def refused(self, method: str, path: str, body: Any = None, **options: Any) -> Refused:
        """Act and return the refusal that must come; anything else is an `AssertionError`."""
        try:
            answer = self.get(path) if method == "GET" else self.post(path, body, **options)
        except Refused as refusal:
            return refusal
        raise AssertionError(f"{method} {path} should have been refused, but answered {answer}")

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _answer(self, response: httpx.Response) -> Any:
        if response.status_code >= 400:
            raise Refused(response)
        return response.json() if response.content else None
