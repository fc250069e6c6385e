"""The demo as a process of its own, on a free port, with a database that nobody else uses."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.conftest import POSTGRES

COMMAND = [sys.executable, "-c", "from muster.server.cli import main; main()"]


@pytest.fixture
def port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number: int = found.getsockname()[1]
        return number


@pytest.fixture
def own_database(engine: str) -> Iterator[str]:
    """The address of an empty database for the demo; empty for the embedded default."""
    if engine == "sqlite":
        yield ""
        return
    name = f"muster_shift_{uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with settings of Muster's, and none of its own."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    return bare | {f"MUSTER_{name}": value for name, value in settings.items() if value}


def demo(*words: str, database: str = "", state: Path) -> subprocess.CompletedProcess[str]:
    """Run `muster demo` to its end."""
    return subprocess.run(
        [*COMMAND, "demo", "--state", str(state), *words],
        env=environment(DATABASE_URL=database),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
