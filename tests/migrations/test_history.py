"""The one linear history makes exactly the tables the models describe, on both engines."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from muster.kernel.db import Database
from muster.kernel.settings import Settings
from muster.migrations.tables import metadata
from muster.server.assembly import database
from muster.server.schema import config, downgrade, upgrade


@pytest.fixture
def migrated(settings: Settings) -> Iterator[Database]:
    db = database(settings)
    yield db
    db.dispose()


def test_the_history_has_one_head(migrated: Database) -> None:
    with migrated.engine.begin() as connection:
        script = ScriptDirectory.from_config(config(connection))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_the_newest_step_is_what_the_models_say(migrated: Database) -> None:
    with migrated.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []


def test_every_step_can_be_undone_and_done_again(migrated: Database) -> None:
    downgrade(migrated, "base")
    with migrated.engine.begin() as connection:
        left = MigrationContext.configure(connection).get_current_heads()
    assert left == ()
    upgrade(migrated)
    upgrade(migrated)
    with migrated.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []
