"""A PostgreSQL database that is made once and emptied after every test.

Making one from a template costs about a second each time; emptying what a test filled, a few
milliseconds. What a test did to the tables themselves is put right as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self
from uuid import uuid4

import psycopg

from muster.kernel.db import Database
from muster.migrations.tables import metadata
from muster.server.schema import upgrade

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


class Postgres:
    """A migrated database; `url` names it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._migrate()
        with psycopg.connect(url) as connection:
            self._tables = {name for (name,) in connection.execute(_TABLES)}
            self._sequences = [name for (name,) in connection.execute(_SEQUENCES)]
        self._order = [table.name for table in reversed(metadata().sorted_tables)]

    @classmethod
    @contextmanager
    def made(cls, server: str) -> Iterator[Self]:
        """Make a database on a server, and drop it afterwards."""
        name = f"muster_{uuid4().hex[:12]}"
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
            admin.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        try:
            yield cls(server.rsplit("/", 1)[0] + f"/{name}")
        finally:
            with psycopg.connect(server, autocommit=True) as admin:
                admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def empty(self) -> None:
        """Make it as new: end what is still connected, drop what is strange, empty the rest."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(_OTHERS)
            found = {name for (name,) in connection.execute(_TABLES)}
            for name in found - self._tables:
                connection.execute(f'DROP TABLE "{name}" CASCADE')
            if self._tables - found:
                connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            else:
                self._clear(connection)
                return
        self._migrate()

    def _clear(self, connection: "psycopg.Connection[tuple[str, ...]]") -> None:
        """Delete what is there, children first: to truncate would make every table's files anew."""
        looks = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in self._order)
        filled = {name for (name,) in connection.execute(" UNION ALL ".join(looks))}
        gone = [f'DELETE FROM "{name}"' for name in self._order if name in filled]
        again = [f'ALTER SEQUENCE "{name}" RESTART' for name in self._sequences]
        connection.execute("; ".join([*gone, *again]))

    def _migrate(self) -> None:
        db = Database(self.url)
        upgrade(db)
        db.dispose()
