"""Brings a database to a step of the one linear history (alembic).

Alembic is imported at use: it takes 10 MB, and a server that runs never moves its schema.
"""

from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from muster.kernel.db import Database

if TYPE_CHECKING:
    from alembic.config import Config


def upgrade(db: Database, revision: str = "head") -> None:
    """Apply every missing step up to a revision, all in one transaction."""
    from alembic import command

    with db.engine.begin() as connection:
        command.upgrade(config(connection), revision)


def downgrade(db: Database, revision: str) -> None:
    """Undo steps down to a revision; what their tables held is lost."""
    from alembic import command

    with db.engine.begin() as connection:
        command.downgrade(config(connection), revision)


def config(connection: Connection) -> "Config":
    """Return alembic's configuration for a connection that is already open."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(files("muster.migrations")))
    settings.attributes["connection"] = connection
    return settings
