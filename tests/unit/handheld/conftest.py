"""A terminal on a bench: its vault is real, its network is a function of the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from muster.handheld import Connection, Vault
from muster.handheld.proofs import DeviceKey

ORIGIN = "http://localhost:8000"
Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    vault = Vault(tmp_path / "vault")
    yield vault
    vault.close()


@pytest.fixture
def key(vault: Vault) -> DeviceKey:
    return DeviceKey(vault)


@pytest.fixture
def speaks(vault: Vault, key: DeviceKey) -> Iterator[Callable[[Answer], Connection]]:
    """Return a connection whose requests a function of the test answers; somebody is signed in."""
    opened = []

    def connect(answer: Answer) -> Connection:
        vault.put("tokens", "current", {"access_token": "mat", "client": "field"})
        connection = Connection(vault, key, ORIGIN, transport=httpx.MockTransport(answer))
        opened.append(connection)
        return connection

    yield connect
    for connection in opened:
        connection.close()
