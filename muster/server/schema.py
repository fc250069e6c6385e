"""Brings a database to a step of the one linear history (alembic)."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from muster.kernel.db import Database


def upgrade(db: Database, revision: str = "head") -> None:
    """Apply every missing step up to a revision, all in one transaction."""
    with db.engine.begin() as connection:
        command.upgrade(config(connection), revision)


def downgrade(db: Database, revision: str) -> None:
    """Undo steps down to a revision; what their tables held is lost."""
    with db.engine.begin() as connection:
        command.downgrade(config(connection), revision)


def config(connection: Connection) -> Config:
    """Return alembic's configuration for a connection that is already open."""
    settings = Config()
    settings.set_main_option("script_location", str(files("muster.migrations")))
    settings.attributes["connection"] = connection
    return settings
