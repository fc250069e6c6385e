"""The `muster` command as an operator types it: every fault is one sentence and a non-zero exit."""

import base64
import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from muster.kernel.audit import Entry
from muster.kernel.audit.models import ENTRIES
from muster.kernel.identity import Officer
from muster.server.assembly import assemble, close
from muster.server.cli import main
from tests.conftest import KEY, settings_for
from tests.factories.audit import seal_all

UNITS = "code,name,parent\nCITY,City bureau,\nNORTH,North branch,CITY\n"
OFFICERS = """number,name,kind,unit,rank,roles,valid_from,valid_until
204001,Chen Yu,sworn,NORTH,1,officer,,
204002,Lin Na,robot,NORTH,3,officer,,
204003,Zhao Min,sworn,ATLANTIS,3,supervisor,,
"""
PASSWORD = "the heron waits by the weir"
Muster = Callable[..., Result]


@pytest.fixture
def logs() -> Iterator[None]:
    """The command sends logs to its own standard error; the test run gets them back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def muster(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str, logs: None
) -> Muster:
    """Runs `muster …` on this test's database."""
    for name in [name for name in os.environ if name.startswith("MUSTER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MUSTER_MASTER_KEY", base64.b64encode(KEY).decode())
    monkeypatch.setenv("MUSTER_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("MUSTER_DATABASE_URL", database_url)

    def run(*words: object, typed: str = "") -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], input=typed)

    return run


def said(result: Result) -> str:
    """Return what went to standard error, after checking that nothing blew up."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result.stderr


def test_help_names_every_command(logs: None) -> None:
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    for command in ("serve", "edge", "worker", "db", "people", "admin", "audit", "openapi", "demo"):
        assert f"\n  {command}" in shown.output


@pytest.mark.parametrize("command", [["db", "upgrade"], ["worker"], ["audit", "verify"], ["serve"]])
def test_without_its_key_nothing_starts(
    muster: Muster, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.delenv("MUSTER_MASTER_KEY")
    result = muster(*command)
    assert result.exit_code == 1
    assert said(result).startswith("Error: MUSTER_MASTER_KEY or MUSTER_MASTER_KEY_FILE must be set")


def test_the_database_is_brought_up_as_often_as_one_likes(muster: Muster) -> None:
    for _ in range(2):
        result = muster("db", "upgrade")
        assert (result.exit_code, result.stdout) == (0, "The database is up to date.\n"), result


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    units, officers = tmp_path / "units.csv", tmp_path / "officers.csv"
    units.write_text(UNITS, encoding="utf-8")
    officers.write_text(OFFICERS, encoding="utf-8")
    return units, officers


@pytest.mark.parametrize("dry", [["--dry-run"], []])
def test_a_faulty_file_is_refused_by_line_and_changes_nothing(
    muster: Muster, files: tuple[Path, Path], dry: list[str]
) -> None:
    units, officers = files
    result = muster("people", "import", "--units", units, "--officers", officers, *dry)
    assert result.exit_code == 1
    told = said(result)
    assert "/3/kind" in told
    assert "/4/unit" in told
    again = muster("people", "import", "--units", units, "--dry-run")
    assert json.loads(again.stdout)["units"]["added"] == ["CITY", "NORTH"]


def test_a_sound_file_is_taken_once(muster: Muster, files: tuple[Path, Path]) -> None:
    units, _ = files
    assert muster("people", "import", "--units", units).exit_code == 0
    again = muster("people", "import", "--units", units)
    assert json.loads(again.stdout)["units"] == {
        "added": [],
        "changed": [],
        "unchanged": 2,
        "faults": [],
    }


def test_an_import_needs_a_file(muster: Muster) -> None:
    result = muster("people", "import")
    assert result.exit_code == 2
    assert "Give --units, --officers or both" in said(result)


def test_the_first_admin_is_made_once_and_with_a_good_password(
    muster: Muster, files: tuple[Path, Path]
) -> None:
    muster("people", "import", "--units", files[0])
    weak = muster("admin", "create", "A1", "Wu Jing", "--unit", "CITY", typed="password\n" * 2)
    assert weak.exit_code == 1
    made = muster("admin", "create", "A1", "Wu Jing", "--unit", "CITY", typed=f"{PASSWORD}\n" * 2)
    assert made.exit_code == 0
    assert made.stdout.endswith("A1 may now sign in to the console.\n")
    assert PASSWORD not in made.output
    twice = muster("admin", "create", "A2", "Sun Lei", "--unit", "CITY", typed=f"{PASSWORD}\n" * 2)
    assert twice.exit_code == 1
    assert "There is a system admin already" in said(twice)


def test_an_admin_of_an_unknown_unit_is_not_made(muster: Muster, files: tuple[Path, Path]) -> None:
    muster("people", "import", "--units", files[0])
    result = muster("admin", "create", "A1", "Wu", "--unit", "ATLANTIS", typed=f"{PASSWORD}\n" * 2)
    assert result.exit_code == 1
    assert "ATLANTIS" in said(result)


@pytest.fixture
def written(muster: Muster, tmp_path: Path, database_url: str) -> Callable[[str], None]:
    """A sealed log of twenty entries; returns how to run SQL behind its back."""
    kernel = assemble(settings_for(tmp_path, database_url))
    with kernel.writes() as uow:
        for number in range(20):
            uow.record(Entry(action=f"test.act{number}", outcome="done", actor_kind="system"))
    seal_all(kernel)
    close(kernel)

    def tamper(sql: str) -> None:
        kernel = assemble(settings_for(tmp_path, database_url))
        with kernel.db.engine.begin() as connection:
            connection.execute(text(sql))
        close(kernel)

    return tamper


def test_a_sound_log_verifies_here_and_from_its_export(
    muster: Muster, written: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = muster("audit", "verify")
    assert result.exit_code == 0, result.output
    assert muster("audit", "export", tmp_path / "log").exit_code == 0
    for name in ("MUSTER_MASTER_KEY", "MUSTER_DATABASE_URL"):
        monkeypatch.delenv(name)  # an export needs no server of ours
    offline = muster("audit", "verify", "--export", tmp_path / "log")
    assert (offline.exit_code, "20" in offline.stdout) == (0, True), offline.output


def test_a_changed_entry_is_named(muster: Muster, written: Callable[[str], None]) -> None:
    written(
        f"UPDATE {ENTRIES.name} SET canonical = (SELECT canonical FROM {ENTRIES.name} e"
        f" WHERE e.action = 'test.act3') WHERE action = 'test.act7'"
    )
    result = muster("audit", "verify")
    assert result.exit_code == 1
    assert "7" in result.stdout


def test_a_removed_entry_is_named(muster: Muster, written: Callable[[str], None]) -> None:
    written(f"DELETE FROM {ENTRIES.name} WHERE action = 'test.act7'")
    result = muster("audit", "verify")
    assert result.exit_code == 1
    assert "7" in result.stdout


def test_a_changed_export_is_named(
    muster: Muster, written: Callable[[str], None], tmp_path: Path
) -> None:
    muster("audit", "export", tmp_path / "log")
    entries = tmp_path / "log" / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b"test.act7", b"test.act8"))
    result = muster("audit", "verify", "--export", tmp_path / "log")
    assert result.exit_code == 1
    assert "7" in result.stdout


def test_a_folder_that_is_no_export_or_not_empty_is_named(
    muster: Muster, written: Callable[[str], None], tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    result = muster("audit", "verify", "--export", tmp_path / "other")
    assert (result.exit_code, "is not an export of the log" in said(result)) == (1, True)
    (tmp_path / "other" / "file").write_text("x")
    result = muster("audit", "export", tmp_path / "other")
    assert (result.exit_code, "is not empty" in said(result)) == (1, True)


def test_nobody_is_made_by_a_failed_command(
    muster: Muster, tmp_path: Path, database_url: str
) -> None:
    muster("admin", "create", "A1", "Wu", "--unit", "NOWHERE", typed="x\nx\n")
    kernel = assemble(settings_for(tmp_path, database_url))
    with kernel.reads() as uow:
        assert not list(uow.session.scalars(select(Officer)))
    close(kernel)


def test_an_officer_gets_a_fresh_pin_and_the_log_says_so(muster: Muster, tmp_path: Path) -> None:
    units = tmp_path / "units.csv"
    units.write_text(UNITS, encoding="utf-8")
    officers = tmp_path / "officers.csv"
    officers.write_text("\n".join(OFFICERS.splitlines()[:2]) + "\n", encoding="utf-8")
    assert muster("people", "import", "--units", units, "--officers", officers).exit_code == 0
    given = muster("people", "secret", "204001", "--fresh")
    assert given.exit_code == 0, said(given)
    assert given.stdout.startswith("204001: ")
    assert len(given.stdout.split()[1]) == 6
    weak = muster("people", "secret", "204001", typed="123456\n")
    assert weak.exit_code == 1
    assert "PIN" in said(weak)
    unknown = muster("people", "secret", "999", "--fresh")
    assert unknown.exit_code == 1
    assert "no officer '999'" in said(unknown)


def test_a_field_app_is_registered_once(muster: Muster) -> None:
    first = muster("apps", "register", "field", "--package", "org.passmuster.field")
    assert first.exit_code == 0, said(first)
    again = muster("apps", "register", "field", "--package", "org.passmuster.field")
    assert again.exit_code == 1
    assert "registered already" in said(again)


def test_a_key_is_rotated_early_only_on_purpose(muster: Muster) -> None:
    soon = muster("keys", "rotate", "access_token")
    assert soon.exit_code == 1
    assert "24 hours" in said(soon)
    assert muster("keys", "rotate", "access_token", "--at-once").exit_code == 0
