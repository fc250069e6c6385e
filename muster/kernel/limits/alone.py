"""One statement in a transaction of its own: limits never join the unit of work.

On PostgreSQL that is autocommit. On SQLite it is a short BEGIN IMMEDIATE, so a limit must be
asked before the request's own writing transaction begins, or it waits for itself.
"""

from typing import Any

from sqlalchemy import Executable, Row

from muster.kernel.db import Database, Mode


def execute_alone(db: Database, statement: Executable) -> list[Row[Any]]:
    """Run and commit one statement; return the rows it returned (RETURNING or SELECT)."""
    if db.is_sqlite:
        with db.session(Mode.WRITES) as session:
            rows = list(session.execute(statement).all())
            session.commit()
        return rows
    autocommit = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    with autocommit.connect() as connection:
        return list(connection.execute(statement).all())
