"""A kernel on an empty database of one run alone, in a temporary folder or beside `DATABASE_URL`."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bench.server import free_port
from muster.kernel.kernel import Kernel
from muster.kernel.settings import Settings
from muster.server.assembly import assemble, close, database
from muster.server.demo.state import settings_in
from muster.server.schema import upgrade


@contextmanager
def empty_house(**changed: Any) -> Iterator[Kernel]:
    """Yield a kernel with some settings changed; its database is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder, _settings(folder) as found:
        kernel = built_empty(replace(found, **changed))
        try:
            yield kernel
        finally:
            close(kernel)


def built_empty(settings: Settings) -> Kernel:
    """Migrate an empty database and return a kernel on it."""
    db = database(settings)
    upgrade(db)
    db.dispose()
    return assemble(settings)


@contextmanager
def _settings(folder: str) -> Iterator[Settings]:
    own, server = settings_in(Path(folder), free_port()), os.environ.get("DATABASE_URL")
    if not server:
        yield own
        return
    name = f"bench_{secrets.token_hex(6)}"
    _administer(server, f'CREATE DATABASE "{name}"')
    try:
        yield replace(own, database_url=urlunsplit(urlsplit(server)._replace(path=f"/{name}")))
    finally:
        _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(server: str, statement: str) -> None:
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
