"""Steps change tables that are in use: what they hold stays."""

from uuid import UUID

import pytest
from sqlalchemy import text

from muster.kernel.settings import Settings
from muster.server.assembly import database
from muster.server.schema import downgrade, upgrade

_UNIT, _OFFICER, _CLIENT, _SESSION = (UUID(int=n).hex for n in range(1, 5))
_ROWS = (
    (
        f"INSERT INTO kern_unit (id, code, name, path, version, created_at, updated_at) "
        f"VALUES ('{_UNIT}', 'HQ', 'Headquarters', '/HQ/', 1, '2026-01-01', '2026-01-01')"
    ),
    (
        f"INSERT INTO kern_officer (id, number, name, sworn, rank, unit_id, state, epoch, version, "
        f"created_at, updated_at) VALUES ('{_OFFICER}', '204001', 'Chen Yu', true, 1, '{_UNIT}', "
        f"'active', 1, 1, '2026-01-01', '2026-01-01')"
    ),
    (
        f"INSERT INTO kern_client (id, name, kind, package, signer, scopes, state, epoch, version, "
        f"created_at, updated_at) VALUES ('{_CLIENT}', 'muster.field', 'field', '', '', '[]', "
        f"'active', 1, 1, '2026-01-01', '2026-01-01')"
    ),
    (
        f"INSERT INTO kern_session (id, kind, officer_id, client_id, jkt, officer_epoch, device_epoch,"
        f" client_epoch, aal, auth_at, seen_at, expires_at) VALUES ('{_SESSION}', 'field', "
        f"'{_OFFICER}', '{_CLIENT}', '', 1, 0, 1, 2, '2026-01-01', '2026-01-01', '2026-01-02')"
    ),
)


@pytest.fixture
def in_use(settings: Settings):
    db = database(settings)
    downgrade(db, "0005")
    with db.engine.begin() as connection:
        for row in _ROWS:
            connection.execute(text(row))
    yield db
    with db.engine.begin() as connection:
        for table in ("kern_session", "kern_client", "kern_officer", "kern_unit"):
            connection.execute(text(f"DELETE FROM {table}"))
    db.dispose()


def test_a_house_in_use_moves_to_the_newest_step_and_back_with_its_people(in_use) -> None:
    for step in (upgrade, lambda db: downgrade(db, "0005"), upgrade):
        step(in_use)
        with in_use.engine.begin() as connection:
            found = connection.execute(
                text(
                    "SELECT o.number, c.name FROM kern_session s JOIN kern_officer o "
                    "ON o.id = s.officer_id JOIN kern_client c ON c.id = s.client_id"
                )
            ).all()
        assert found == [("204001", "muster.field")]
