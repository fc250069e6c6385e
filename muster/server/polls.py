"""Polls of a foreign agent that are held: its path does not end in `/events`, its answer is its own.

The route answers at once. Where it found nothing and asks to be held, the front listens and asks it
again at each news; when the time is over its empty answer goes out. No worker waits meanwhile.
"""

import asyncio
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from muster.kernel.kernel import Kernel
from muster.kernel.web.streams import HOLD
from muster.server.listening import Listener

_POLL: Final = re.compile(r"/hmdm-[0-9a-f]{32}/rest/notification/polling/")


def is_poll(scope: Scope) -> bool:
    """Tell whether a request is a poll that may be held: Headwind's is the one there is."""
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and _POLL.match(str(scope["path"])) is not None
    )


class Polls:
    """Answers polls; `ask` runs the route once, `deaf` says that the bus hears nothing."""

    def __init__(
        self,
        kernel: Kernel,
        pool: ThreadPoolExecutor,
        ask: Callable[[Scope], Response],
        deaf: Callable[[], bool],
    ) -> None:
        self._kernel, self._pool, self._ask, self._deaf = kernel, pool, ask, deaf

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one poll."""
        answer = await self._asked(scope)
        if HOLD in answer.headers:
            answer = await self._held(scope, Request(scope, receive), answer)
        if HOLD in answer.headers:
            del answer.headers[HOLD]
        await answer(scope, receive, send)

    async def _held(self, scope: Scope, request: Request, answer: Response) -> Response:
        """Return the first answer that is not to be held, or the last when the time is over.

        The first look after the subscription finds what came between the two.
        """
        loop, held = asyncio.get_running_loop(), json.loads(answer.headers[HOLD])
        listener = Listener(loop, frozenset())
        leave = await loop.run_in_executor(
            self._pool, self._kernel.bus.subscribe, held["topics"], listener.arrived
        )
        ends, news = loop.time() + held["seconds"], True
        try:
            while loop.time() < ends and not self._deaf() and not await request.is_disconnected():
                if news:
                    answer = await self._asked(scope)
                if HOLD not in answer.headers:
                    break
                news = await listener.next() is not None
        finally:
            leave()
        return answer

    async def _asked(self, scope: Scope) -> Response:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._ask, scope)
