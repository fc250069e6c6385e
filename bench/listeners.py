"""Terminals that only listen, thousands in one process: MQTT 3.1.1, event streams, long polls.

Each runs `serve` in a process of its own (spawn) and answers on a queue: ("ready", count) when
all listen, then (device id, moment) for every hint, by the clock that all processes share.
"""

import asyncio
import resource
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from multiprocessing.queues import Queue
from typing import Any, Final, Literal
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

Told = tuple[str, float]
_AT_ONCE: Final = 64


@dataclass(frozen=True)
class Listener:
    """One terminal: its id, and the broker's password or its own key (PEM) with the public JWK."""

    id: str
    password: str = ""
    key: bytes = b""
    jwk: dict[str, str] | None = None


@dataclass(frozen=True)
class Place:
    """Where to listen, and how."""

    way: Literal["mqtt", "events", "hints"]
    port: int
    origin: str = ""


def serve(place: Place, listeners: Sequence[Listener], told: "Queue[Any]") -> None:
    """Listen until killed."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(_serve(place, listeners, told))


async def _serve(place: Place, listeners: Sequence[Listener], told: "Queue[Any]") -> None:
    doors = asyncio.Semaphore(_AT_ONCE)
    ready = asyncio.Event()
    waiting = len(listeners)

    def listens() -> None:
        nonlocal waiting
        waiting -= 1
        doors.release()
        if not waiting:
            told.put(("ready", time.monotonic()))
            ready.set()

    one = {"mqtt": _mqtt, "events": _http, "hints": _http}[place.way]
    tasks = []
    for listener in listeners:
        await doors.acquire()
        tasks.append(asyncio.create_task(one(place, listener, listens, told)))
    await asyncio.gather(*tasks)


async def _mqtt(
    place: Place, listener: Listener, listens: Callable[[], None], told: "Queue[Any]"
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
    name, secret = listener.id.encode(), listener.password.encode()
    hello = b"\x00\x04MQTT\x04\xc2\x00\x00" + b"".join(map(_field, (name, name, secret)))
    writer.write(_packet(0x10, hello))
    if (await _read(reader))[1][1:2] != b"\x00":
        raise ConnectionRefusedError(listener.id)
    topic = _field(f"muster/device/{listener.id}/hint".encode())
    writer.write(_packet(0x82, b"\x00\x01" + topic + b"\x01"))
    await _read(reader)
    listens()
    while True:
        kind, body = await _read(reader)
        if kind & 0xF0 == 0x30:
            told.put((listener.id, time.monotonic()))
            skip = 2 + int.from_bytes(body[:2])
            if kind & 0x06:
                writer.write(b"\x40\x02" + body[skip : skip + 2])


def _packet(kind: int, body: bytes) -> bytes:
    size, left = b"", len(body)
    while True:
        left, digit = left >> 7, left & 0x7F
        size += bytes([digit | (0x80 if left else 0)])
        if not left:
            return bytes([kind]) + size + body


def _field(data: bytes) -> bytes:
    return len(data).to_bytes(2) + data


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    kind, size, shift = (await reader.readexactly(1))[0], 0, 0
    while True:
        digit = (await reader.readexactly(1))[0]
        size |= (digit & 0x7F) << shift
        shift += 7
        if not digit & 0x80:
            return kind, await reader.readexactly(size)


async def _http(
    place: Place, listener: Listener, listens: Callable[[], None], told: "Queue[Any]"
) -> None:
    key = load_pem_private_key(listener.key, None)
    path = f"/agent/v1/{place.way}"
    wait: Callable[[asyncio.StreamReader], Awaitable[bool]]
    wait = _event if place.way == "events" else _answer
    first = True
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
        proof = _proof(key, listener, place.origin + path)
        asked = path if place.way == "events" else f"{path}?wait=55"
        writer.write(f"GET {asked} HTTP/1.1\r\nHost: localhost\r\nDPoP: {proof}\r\n\r\n".encode())
        if place.way == "events":
            await reader.readuntil(b": open\n\n")
        if first:
            first = False
            listens()
        if await wait(reader):
            told.put((listener.id, time.monotonic()))
            writer.close()
        else:
            writer.close()


async def _event(reader: asyncio.StreamReader) -> bool:
    while line := await reader.readline():
        if line.startswith(b"data:"):
            return True
    return False


async def _answer(reader: asyncio.StreamReader) -> bool:
    return b" 200 " in await reader.readline()


def _proof(key: Any, listener: Listener, url: str) -> str:
    claims = {"jti": uuid4().hex, "htm": "GET", "htu": url, "iat": int(time.time())}
    headers = {"typ": "dpop+jwt", "jwk": listener.jwk}
    return jwt.encode(claims, key, algorithm="ES256", headers=headers)
