"""A person at the console, speaking its automation API as a program would."""

from typing import Any
from uuid import uuid4

import httpx

from muster.handheld import Offline, Refused
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
        try:
            response = self._http.request(method, path, **options)
        except httpx.TransportError as error:
            raise Offline(f"the server does not answer: {error}") from error
        if response.status_code >= 400:
            raise Refused(response)
        return response.json() if response.content else None
