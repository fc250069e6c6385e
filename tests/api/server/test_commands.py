"""The `muster` command as an operator types it: every fault is one sentence and a non-zero exit."""

import base64
import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from mdm.certificates.offline_root import make_root, sign_issuing
from muster.kernel.audit import Entry
from muster.kernel.audit.models import ENTRIES
from muster.kernel.identity import Officer
from muster.server.assembly import assemble, close
from muster.server.cli import main
from tests.conftest import KEY, settings_for
from tests.factories.attestation import Maker
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
    for command in ("serve", "edge", "worker", "db", "people", "setup", "audit", "openapi", "demo"):
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


THREE = ("--system", "Y1", "Luo", "--security", "A1", "Wu Jing", "--audit", "U1", "Xu")


def test_the_set_up_makes_the_three_once(muster: Muster, files: tuple[Path, Path]) -> None:
    muster("people", "import", "--units", files[0])
    same = muster("setup", "--unit", "CITY", *THREE[:6], "--audit", "A1", "Wu Jing")
    assert (same.exit_code, "three different people" in said(same)) == (1, True)
    made = muster("setup", "--unit", "CITY", *THREE[:6], typed="U1\nXu Jing\n")
    assert made.exit_code == 0, made.output
    lines = [line.split("\t") for line in made.stdout.splitlines() if "\t" in line]
    assert [(role, number) for role, number, _ in lines] == [
        ("system_admin", "Y1"),
        ("security_admin", "A1"),
        ("auditor", "U1"),
    ]
    assert len({password for _, _, password in lines}) == 3
    twice = muster("setup", "--unit", "CITY", "--system", "Y2", "X", *THREE[3:])
    assert (twice.exit_code, "The set-up is done" in said(twice)) == (1, True)


def test_the_three_of_an_unknown_unit_are_not_made(
    muster: Muster, files: tuple[Path, Path]
) -> None:
    muster("people", "import", "--units", files[0])
    result = muster("setup", "--unit", "ATLANTIS", *THREE)
    assert result.exit_code == 1
    assert "ATLANTIS" in said(result)


def test_an_operator_gives_somebody_a_new_authenticator_app(
    muster: Muster, files: tuple[Path, Path]
) -> None:
    muster("people", "import", "--units", files[0])
    muster("setup", "--unit", "CITY", *THREE)
    given = [muster("people", "secret", "A1", "--kind", "totp").stdout for _ in range(2)]
    assert all(
        re.fullmatch(r"otpauth://totp/Muster:A1\?secret=[A-Z2-7]{32}&issuer=Muster\n", uri)
        for uri in given
    )
    assert given[0] != given[1]
    unknown = muster("people", "secret", "A9", "--kind", "totp")
    assert unknown.exit_code == 1
    assert "There is no officer 'A9'" in said(unknown)


def test_the_directorys_file_tells_what_it_did(
    muster: Muster, files: tuple[Path, Path], tmp_path: Path
) -> None:
    muster("people", "import", "--units", files[0])
    file = tmp_path / "directory.csv"
    heading = "number,name,kind,unit,rank,roles,valid_from,valid_until\n"
    file.write_text(f"{heading}301,Su,sworn,CITY,1,officer,,\n302,Su,sworn,NOWHERE,1,,,\n", "utf-8")
    done = muster("people", "directory", file)
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert (report["added"], [fault["pointer"] for fault in report["faults"]]) == (1, ["/3/unit"])


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
    same = ("--system", "Y1", "Luo", "--security", "Y1", "Luo", "--audit", "U1", "Xu")
    muster("setup", "--unit", "CITY", *same)
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


def test_an_operator_brings_roots_revoked_keys_and_agents_by_hand(
    muster: Muster, tmp_path: Path
) -> None:
    roots, listed = tmp_path / "roots.json", tmp_path / "status.json"
    roots.write_text(json.dumps([Maker().root_pem]))
    listed.write_text(json.dumps({"entries": {"deadbeef": {"status": "REVOKED"}}}))
    signer = "5a" * 32

    def attestation(*words: object) -> tuple[int, str]:
        result = muster("attestation", *words)
        said(result)
        return result.exit_code, result.output

    code, told = attestation("show")
    assert (code, "no_roots" in told) == (1, True)
    assert "Muster Test root" in attestation("roots", roots)[1]
    assert attestation("agent", "org.passmuster.agent", "--signer", signer)[0] == 0
    day = (datetime.now(UTC) - timedelta(days=9)).date().isoformat()
    assert "1 revoked keys, as of" in attestation("status", listed, "--as-of", day)[1]
    code, told = attestation("show")
    assert (code, "9 days old" in told) == (1, True)
    assert attestation("status", listed)[0] == 0
    assert attestation("show")[0] == 0
    assert "is newer" in attestation("status", listed, "--as-of", day)[1]
    listed.write_text('{"entries": {}}')
    assert "lets go of 1 of 1" in attestation("status", listed)[1]
    assert attestation("status", listed, "--replace")[0] == 0
    assert attestation("agent", "org.passmuster.agent", "--remove")[0] == 0
    assert "no_agents" in attestation("show")[1]


def test_an_issuing_ca_is_asked_for_signed_away_from_the_server_and_installed(
    muster: Muster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phrase, files = "the heron waits\n", ("--root-key", "root.key", "--root-cert", "root.pem")
    monkeypatch.chdir(tmp_path)
    Path("issuing.csr").write_text(muster("ca", "request", "--name", "City CA").stdout)
    assert muster("ca", "list").stdout.startswith("requested")
    with monkeypatch.context() as offline:  # neither settings nor a database
        for name in ("MUSTER_MASTER_KEY", "MUSTER_STATE_DIR", "MUSTER_DATABASE_URL"):
            offline.delenv(name)
        assert "12 characters" in said(muster("ca", "make-root", *files, typed="short\n"))
        made = muster("ca", "make-root", *files, typed=phrase)
        again = muster("ca", "make-root", *files, typed=phrase)
        wrong = muster("ca", "sign-offline", *files, "issuing.csr", typed="the heron left\n")
        signed = muster("ca", "sign-offline", *files, "issuing.csr", typed=phrase)
    assert made.exit_code == signed.exit_code == 0
    assert "exists" in said(again)
    assert "passphrase" in said(wrong)
    assert Path("root.key").stat().st_mode & 0o777 == 0o600
    Path("cut.pem").write_text(signed.stdout.split("-----END")[0])
    assert "not a chain" in said(muster("ca", "install", "cut.pem"))
    Path("chain.pem").write_text(signed.stdout)
    installed = muster("ca", "install", "chain.pem")
    root = made.stdout.split()[-1]
    assert "City CA is live" in installed.stdout
    assert root in installed.stdout
    assert "already live" in said(muster("ca", "install", "chain.pem"))
    fingerprint = muster("ca", "list").stdout.split()[2]
    assert muster("ca", "retire", fingerprint).stdout == "City CA is retired.\n"
    assert said(muster("ca", "retire", fingerprint)).startswith("Error: There is no such")


def test_another_root_must_be_meant(muster: Muster, tmp_path: Path) -> None:
    for name in ("first", "second"):
        request, chain = tmp_path / f"{name}.csr", tmp_path / f"{name}.pem"
        request.write_text(muster("ca", "request", "--name", name).stdout)
        key, root = make_root(name, datetime.now(UTC))
        chain.write_bytes(sign_issuing(key, root, request.read_bytes(), datetime.now(UTC)))
    assert muster("ca", "install", tmp_path / "first.pem").exit_code == 0
    assert "--new-root" in said(muster("ca", "install", tmp_path / "second.pem"))
    assert muster("ca", "install", tmp_path / "second.pem", "--new-root").exit_code == 0
    assert muster("ca", "list").stdout.count("live") == 2
