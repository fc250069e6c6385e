"""INSERT … ON CONFLICT for the two databases we run on; SQLAlchemy keeps one per dialect."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

from muster.kernel.db import Database

Insert = postgresql.Insert | sqlite.Insert


def insert_into(db: Database, model: type[DeclarativeBase]) -> Insert:
    """Return an insert for the model's table that knows `on_conflict_do_update` and `…_nothing`."""
    table = model.__table__
    assert isinstance(table, Table)
    return sqlite.insert(table) if db.is_sqlite else postgresql.insert(table)
