"""Holds what people search by against the entries, inside PostgreSQL: a stretch in one statement.

It only says that a stretch is plainly in order. Whatever is not, or cannot be read by the database
(an entry may hold U+0000, which `jsonb` does not take), is looked at row by row in `live.py`.
"""

from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from muster.kernel.audit import document

_TEXTS = "\n".join(
    f"AND e.{name} = left(coalesce(d->>'{name}', ''), 200)" for name in document.PROJECTED_TEXTS
)
_IDS = "\n".join(
    f"AND e.{name} IS NOT DISTINCT FROM (d->>'{name}')::uuid" for name in document.PROJECTED_IDS
)
# OFFSET 0 keeps the planner from parsing the JSON anew for every member.
_IN_ORDER = text(
    f"""
    SELECT count(*) AS rows, max(n) AS last, coalesce(bool_and(fine), true) AS fine FROM (
      SELECT e.n, jsonb_typeof(d) = 'object'
        {_TEXTS}
        {_IDS}
        AND e.at = (d->>'at')::timestamptz
        AND e.policies = coalesce(d->'policies', '[]'::jsonb)
        AND coalesce((SELECT array_agg(s.hash || ' ' || s.key_id ORDER BY s.hash COLLATE "C")
                        FROM kern_audit_subject s WHERE s.n = e.n), '{{}}')
          = coalesce((SELECT array_agg(o.hash || ' ' || o.key ORDER BY o.hash COLLATE "C")
                        FROM (SELECT DISTINCT one->>'hash' AS hash, one->>'key' AS key
                                FROM jsonb_array_elements(d->'subjects') AS one) AS o), '{{}}')
        AND (l.seq IS NOT NULL OR e.n > :floor AND (e.xid, e.n) > (:xid, :n)) AS fine
      FROM (SELECT * FROM kern_audit WHERE n > :after ORDER BY n LIMIT :chunk) AS e
      LEFT JOIN kern_audit_leaf l ON l.n = e.n
      CROSS JOIN LATERAL (SELECT convert_from(e.canonical, 'UTF8')::jsonb AS d OFFSET 0) AS j
    ) AS looked
    """  # noqa: S608 - names of our own columns, nothing from outside
)


def in_order(session: Session, bounds: dict[str, Any]) -> tuple[bool, int | None]:
    """Say whether the next stretch is in order, and where it ends; None if nothing is left.

    `bounds`: `after`, `chunk`, and the head's `floor`, `xid` and `n`.
    """
    try:
        with session.begin_nested():
            row = session.execute(_IN_ORDER, bounds).one()
    except DBAPIError:
        return False, None
    return bool(row.fine), row.last
