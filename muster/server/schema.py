"""Brings a database to the newest step of the one linear history (alembic)."""

from muster.kernel.db import Database
from muster.migrations.tables import metadata


def upgrade(db: Database, revision: str = "head") -> None:
    metadata().create_all(db.engine)
