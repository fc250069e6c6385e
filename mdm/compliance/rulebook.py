"""The rules in force, read by every check-in and therefore kept in memory for a few seconds."""

import threading
import time
from dataclasses import fields
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import select

from mdm.compliance.models import ComplianceRule
from mdm.compliance.rules import DEFAULTS, Rule
from muster.kernel.db import Database
from muster.kernel.uow import UnitOfWork

FRESH_SECONDS: Final = 5.0
_lock = threading.Lock()
_books: WeakKeyDictionary[Database, tuple[float, tuple[Rule, ...]]] = WeakKeyDictionary()


def in_force(uow: UnitOfWork) -> tuple[Rule, ...]:
    """Return the rules; a change made in another process is seen after `FRESH_SECONDS`."""
    db = uow.kernel.db
    with _lock:
        read_at, rules = _books.get(db, (-FRESH_SECONDS, ()))
    if time.monotonic() - read_at < FRESH_SECONDS:
        return rules
    rules = read(uow)
    with _lock:
        _books[db] = (time.monotonic(), rules)
    return rules


def read(uow: UnitOfWork) -> tuple[Rule, ...]:
    """Return the rules as they stand in the database: the house's, with changes, then people's."""
    rows = uow.session.scalars(select(ComplianceRule).order_by(ComplianceRule.created_at))
    written = {row.id: of_row(row) for row in rows}
    ours = [written.pop(rule.id, rule) for rule in DEFAULTS]
    return (*ours, *written.values())


def forget(db: Database) -> None:
    """Read the rules again at the next check-in; called after a change of this process."""
    with _lock:
        _books.pop(db, None)


def of_row(row: ComplianceRule) -> Rule:
    """Return a stored rule as the judge knows it."""
    values: dict[str, Any] = {each.name: getattr(row, each.name) for each in fields(Rule)}
    return Rule(**values | {"classes": tuple(row.classes)})
