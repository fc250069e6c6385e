"""Brings a database to a step of the one linear history (alembic).

Alembic is imported at use: it takes 10 MB, and a server that runs never moves its schema.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from muster.kernel.db import Database

if TYPE_CHECKING:
    from alembic.config import Config


def upgrade(db: Database, revision: str = "head") -> None:
    """Apply every missing step up to a revision, all in one transaction."""
    from alembic import command

    with _stepping(db) as connection:
        command.upgrade(config(connection), revision)


def downgrade(db: Database, revision: str) -> None:
    """Undo steps down to a revision; what their tables held is lost."""
    from alembic import command

    with _stepping(db) as connection:
        command.downgrade(config(connection), revision)


@contextmanager
def _stepping(db: Database) -> Iterator[Connection]:
    """Open the one transaction of all steps.

    SQLite changes a table by making it anew, which enforced references would forbid: they rest
    meanwhile and are checked before the commit (sqlite.org/lang_altertable.html, §7).
    """
    with db.engine.connect() as connection:
        if not db.is_sqlite:
            with connection.begin():
                yield connection
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"the steps would break {len(broken)} references")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def config(connection: Connection) -> "Config":
    """Return alembic's configuration for a connection that is already open."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(files("muster.migrations")))
    settings.attributes["connection"] = connection
    return settings
