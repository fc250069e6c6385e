"""One process, one port: event streams as coroutines, everything else to Flask in a thread pool.

A stream (its path ends in `/events`) or the agents' long poll is authorised by the same Flask route
that any worker would run; only the open connection is held here. So is the poll of Headwind's agent
that finds nothing (`polls.py`). `edge` serves these alone, beside granian workers.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from functools import partial
from typing import Any, cast
from wsgiref.types import WSGIApplication, WSGIEnvironment

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import build_environ
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from muster.kernel.errors import BodyTruncated
from muster.kernel.identity.gate import GATES
from muster.kernel.kernel import Kernel
from muster.kernel.web.streams import HEADER, HELD_BY_FRONT
from muster.server.listening import Listener, ShutGates
from muster.server.polls import Polls, is_poll

HEARTBEAT = 15.0
LIFE = 900.0
DEAF = 3.0
CUT = "muster.cut"
LONG_POLL = "/agent/v1/hints"
TICK = 1.0
OPEN, QUIET = b": open", b": still here"


class Front:
    """The ASGI application of `muster serve` and, with `streams_only`, of `muster edge`."""

    def __init__(
        self, kernel: Kernel, app: WSGIApplication, *, threads: int = 8, streams_only: bool = False
    ) -> None:
        self._kernel = kernel
        self._app = app
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="stream-open")
        self._polls = Polls(kernel, self._pool, partial(_ask, app), self._deaf)
        self._shut = ShutGates()
        kernel.bus.subscribe([GATES], lambda _, gate: self._shut.note(gate.decode()))
        self._rest: Any = (
            PlainTextResponse("only event streams are served here\n", 404)
            if streams_only
            else WSGIMiddleware(cast("Any", _chunked(app)), workers=threads)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif _is_held(scope):
            await self._stream(scope, receive, send)
        elif is_poll(scope):
            await self._polls(scope, receive, send)
        elif scope["type"] == "http":
            await self._rest(scope, _watched(scope, receive), send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop, asked_at = asyncio.get_running_loop(), time.monotonic()
        answer = await loop.run_in_executor(self._pool, _ask, self._app, scope)
        held = answer.headers.get(HEADER)
        if held is not None:
            for name in (HEADER, "Content-Length"):
                del answer.headers[name]
            order = json.loads(held)
            messages = self._messages(order, asked_at, Request(scope, receive))
            if "wait" not in order:
                await _as_events(answer, messages, send)
                return
            told = await anext(messages, None)
            await messages.aclose()
            answer = Response(told, 204 if told is None else 200, dict(answer.headers))
        await answer(scope, receive, send)

    async def _messages(
        self, held: dict[str, Any], asked_at: float, request: Request
    ) -> AsyncGenerator[bytes, None]:
        """Yield messages until a gate message, deafness, or the connection's age ends them.

        An event stream also gets a comment at once, and after every quarter of a minute of silence.
        """
        loop = asyncio.get_running_loop()
        listener = Listener(loop, frozenset(held["gates"]))
        topics = [*held["topics"], *held["gates"]]
        leave = await loop.run_in_executor(
            self._pool, self._kernel.bus.subscribe, topics, listener.arrived
        )
        ends, beat = loop.time() + held.get("wait", LIFE), loop.time() + HEARTBEAT
        try:
            if self._shut.since(asked_at, listener.gates):
                return
            if "wait" not in held:
                yield OPEN
            while loop.time() < ends and not self._deaf():
                quiet = loop.time() >= beat
                if ("wait" in held or quiet) and await request.is_disconnected():
                    return
                message = await listener.next(min(TICK, ends - loop.time()))
                if listener.ended:
                    return
                if message is not None:
                    yield message or b"{}"
                elif quiet and "wait" not in held:
                    beat = loop.time() + HEARTBEAT
                    yield QUIET
        finally:
            leave()

    def _deaf(self) -> bool:
        since = self._kernel.bus.deaf_since
        return since is not None and time.monotonic() - since > DEAF


async def _as_events(answer: Response, messages: AsyncGenerator[bytes, None], send: Send) -> None:
    """Send messages as they come, in this one task: thousands of streams wait here at once."""
    start = {"type": "http.response.start", "status": 200, "headers": answer.raw_headers}
    await send(start)
    async with aclosing(messages):
        async for message in messages:
            comment = message in (OPEN, QUIET)
            body = (message if comment else b"event: look\ndata: " + message) + b"\n\n"
            await send({"type": "http.response.body", "body": body, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _is_held(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    return str(scope["path"]).endswith("/events") or scope["path"] == LONG_POLL


def _ask(app: WSGIApplication, scope: Scope) -> Response:
    """Run the stream's route once to authenticate, decide and record."""
    environ: WSGIEnvironment = build_environ(scope, _NoBody())  # type: ignore[arg-type,assignment]
    environ[HELD_BY_FRONT] = True
    environ.setdefault("wsgi.errors", sys.stderr)
    kept: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], exc: object = None) -> Any:
        kept["status"], kept["headers"] = int(status.split(" ", 1)[0]), dict(headers)

    body = b"".join(app(environ, start))
    return Response(body, kept["status"], kept["headers"])


class _NoBody:
    """The empty body of a GET."""

    def read(self, size: int = -1) -> bytes:
        return b""

    def readline(self, size: int = -1) -> bytes:
        return b""


def _chunked(app: WSGIApplication) -> WSGIApplication:
    """Let werkzeug read chunked bodies to their end, and no further than they came."""

    def wrapped(environ: WSGIEnvironment, start: Callable[..., Any]) -> Iterable[bytes]:
        if "HTTP_TRANSFER_ENCODING" in environ and "CONTENT_LENGTH" not in environ:
            environ["wsgi.input_terminated"] = True
            environ["wsgi.input"] = _Whole(environ)
        return app(environ, start)

    return wrapped


class _Whole:
    """A chunked body that says so when its sender left half-way; a2wsgi ends it like a whole one."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        self._body, self._scope = environ["wsgi.input"], environ["asgi.scope"]

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._body.read(size)
        if self._scope.get(CUT):
            raise BodyTruncated
        return data


def _watched(scope: Scope, receive: Receive) -> Receive:
    """Note in the scope when the sender leaves before its body ended."""

    async def hear() -> Message:
        message = await receive()
        if message["type"] == "http.disconnect":
            scope[CUT] = True
        return message

    return hear


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
