"""Apps registered before scopes were asked for may do what they could; so may their sessions."""

import json

from sqlalchemy import text

from muster.kernel.db import Database
from muster.server.schema import upgrade
from tests.migrations.test_steps_keep_rows import in_use

__all__ = ["in_use"]


def test_an_app_in_use_keeps_what_it_could_do(in_use: Database) -> None:
    upgrade(in_use)
    with in_use.engine.begin() as connection:
        rows = connection.execute(
            text(
                "SELECT c.scopes, s.scope, s.opened_at = s.auth_at FROM kern_session s "
                "JOIN kern_client c ON c.id = s.client_id"
            )
        ).all()
    [(granted, held, same_moment)] = rows
    scopes = [json.loads(value) if isinstance(value, str) else value for value in (granted, held)]
    assert {"records", "checks", "sync"} <= set(scopes[0])
    assert scopes[0] == scopes[1]
    assert "supervision" not in scopes[0]  # nobody could do that before
    assert same_moment
