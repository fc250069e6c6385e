"""One process, one port: event streams as coroutines, everything else to Flask in a thread pool.

A stream (its path ends in `/events`) is authorised by the same Flask route that any worker would
run; only the open connection is held here. `edge` serves streams alone, beside granian workers.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast
from wsgiref.types import WSGIApplication, WSGIEnvironment

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import build_environ
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from muster.kernel.errors import BodyTruncated
from muster.kernel.identity.gate import GATES
from muster.kernel.kernel import Kernel
from muster.kernel.web.streams import HEADER, HELD_BY_FRONT
from muster.server.listening import Listener, ShutGates

HEARTBEAT = 15.0
LIFE = 900.0
DEAF = 3.0
CUT = "muster.cut"


class Front:
    """The ASGI application of `muster serve` and, with `streams_only`, of `muster edge`."""

    def __init__(
        self, kernel: Kernel, app: WSGIApplication, *, threads: int = 8, streams_only: bool = False
    ) -> None:
        self._kernel = kernel
        self._app = app
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="stream-open")
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
        elif _is_stream(scope):
            await self._stream(scope, receive, send)
        elif scope["type"] == "http":
            await self._rest(scope, _watched(scope, receive), send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop, asked_at = asyncio.get_running_loop(), time.monotonic()
        answer = await loop.run_in_executor(self._pool, _ask, self._app, scope)
        held = answer.headers.get(HEADER)
        if held is not None:
            for name in (HEADER, "Content-Length"):
                del answer.headers[name]
            answer = StreamingResponse(
                self._messages(json.loads(held), asked_at, Request(scope, receive)),
                headers=dict(answer.headers),
                media_type="text/event-stream",
            )
        await answer(scope, receive, send)

    async def _messages(
        self, held: dict[str, Any], asked_at: float, request: Request
    ) -> AsyncIterator[bytes]:
        """Yield server-sent events until a gate message, deafness, or the stream's age ends it."""
        loop = asyncio.get_running_loop()
        listener = Listener(loop, frozenset(held["gates"]))
        topics = [*held["topics"], *held["gates"]]
        leave = await loop.run_in_executor(
            self._pool, self._kernel.bus.subscribe, topics, listener.arrived
        )
        ends, beat = loop.time() + LIFE, loop.time() + HEARTBEAT
        try:
            if self._shut.since(asked_at, listener.gates):
                return
            yield b": open\n\n"
            while loop.time() < ends and not self._deaf() and not await request.is_disconnected():
                message = await listener.next()
                if listener.ended:
                    return
                if message is not None:
                    yield b"event: look\ndata: " + (message or b"{}") + b"\n\n"
                elif loop.time() >= beat:
                    beat = loop.time() + HEARTBEAT
                    yield b": still here\n\n"
        finally:
            leave()

    def _deaf(self) -> bool:
        since = self._kernel.bus.deaf_since
        return since is not None and time.monotonic() - since > DEAF


def _is_stream(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and str(scope["path"]).endswith("/events")
    )


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
