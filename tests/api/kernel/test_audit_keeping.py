"""Retention, legal holds, reviews, forwarding and one's own log, asked for from outside."""

import json
import socket
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, select, text

from muster.kernel.audit import Entry, Live, Verdict, export, verify
from muster.kernel.audit.errors import LogUnsound
from muster.kernel.audit.exported import Exported
from muster.kernel.audit.forward.cursor import forward
from muster.kernel.audit.models import ARCHIVES, ENTRIES, LEAVES, RETIRED
from muster.kernel.audit.retention.archive import Archives
from muster.kernel.audit.retention.destroy import destroy
from muster.kernel.audit.retention.retire import Outcome, retire
from muster.kernel.audit.retention.rules import Retention
from muster.kernel.audit.review.draw import draw
from muster.kernel.audit.watch import watch
from muster.kernel.identity.people import actor_for
from muster.kernel.kernel import Kernel
from muster.ondevice.subjects import normalise
from muster.server.assembly import assemble, close
from muster.server.cli import main
from muster.server.demo.state import environment
from tests.conftest import KEY, House
from tests.factories.audit import seal_all
from tests.factories.mdm import PIN, Console, Force

PATH = "/admin/v1/audit"
GRANTS = Path(__file__).parents[3] / "deploy" / "postgresql" / "grants.sql"
REASON = "proceedings 17/2026 are pending"
PASSWORD = "only-for-this-test"
RULES = Retention.of("")
PLATE = normalise("plate", "京A12345").subject


@pytest.fixture
def auditor(force: Force) -> Console:
    return force.console("A9", "auditor", unit="CITY")


@pytest.fixture
def officer(force: Force) -> Console:
    return force.console("204001", "officer", unit="NORTH")


def looked_up(house: House, who: Console, count: int = 1, **about: Any) -> list[str]:
    """Leave entries as checks of an officer do; return their ids."""
    with house.kernel.writes() as uow:
        actor = actor_for(uow, who.officer_id)
        assert actor.person is not None
        return [
            str(
                uow.record(
                    Entry(
                        action="field.check.run",
                        outcome=about.get("outcome", "permitted"),
                        actor_kind="officer",
                        actor_id=actor.id,
                        actor_label=actor.label,
                        unit_id=actor.person.unit_id,
                        case_ref=about.get("case_ref", ""),
                        subjects=list(about.get("subjects", ())),
                        reason="something the officer typed",
                        at=about.get("at", uow.now()),
                    )
                ).id
            )
            for _ in range(count)
        ]


def bodies(kernel: Kernel, ids: list[str]) -> int:
    """Count how many of these entries the database still holds."""
    with kernel.db.connect() as connection:
        there = {str(one) for one in connection.scalars(select(ENTRIES.c.id))}
    return len(there & set(ids))


def verdict(kernel: Kernel, **how: Any) -> Verdict:
    with kernel.snapshot() as uow:
        return verify(Live(uow, **how))


def test_old_bodies_go_to_an_archive_and_the_tree_stays(
    house: House, force: Force, officer: Console, tmp_path: Path
) -> None:
    kernel = house.kernel
    old = looked_up(house, officer, 30)
    seal_all(kernel)
    house.clock.advance(days=366)
    new = looked_up(house, officer, 5)
    seal_all(kernel)
    assert retire(kernel, tmp_path / "a", RULES, dry_run=True).archived == 30
    assert bodies(kernel, old) == 30
    outcome = retire(kernel, tmp_path / "a", RULES)
    assert (outcome.archived, outcome.removed, outcome.held) == (30, 30, 0)
    assert (bodies(kernel, old), bodies(kernel, new)) == (0, 5)
    found = verdict(kernel)
    assert (found.ok, found.retired) == (True, 30)
    assert "30 of them were retired under retention" in str(found)
    assert outcome.folder is not None
    assert verdict(kernel, archive=Archives([outcome.folder])).retired == 0
    with kernel.snapshot() as uow:
        export(uow, tmp_path / "export")
    assert verify(Exported(tmp_path / "export")).retired == 30
    assert retire(kernel, tmp_path / "a", RULES) == Outcome(0, 0, 0, None)
    auditor = force.console("B1", "auditor")
    (row,) = auditor.get(f"{PATH}/entries?action=audit.log.retire").get_json()["items"]
    assert (row["document"]["operation"], row["document"]["result"]["entries"]) == ("erasure", 30)


def test_a_missing_body_is_told_from_a_retired_one(
    house: House, officer: Console, tmp_path: Path
) -> None:
    """Who deletes rows and claims a retirement must say so in the log, under a seal."""
    kernel = house.kernel
    old = looked_up(house, officer, 10)
    seal_all(kernel)
    with kernel.db.engine.begin() as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.n == 4))
    assert verdict(kernel).first_bad == 3
    claim = {"first": 3, "last": 3, "archive_id": uuid4()}
    archive = {
        "id": claim["archive_id"],
        "record_id": uuid4(),
        "sha256": "0" * 64,
        "entries": 1,
        "folder": "/nowhere",
        "made_at": kernel.clock(),
    }
    with kernel.db.engine.begin() as connection:
        connection.execute(RETIRED.insert(), claim)
        connection.execute(ARCHIVES.insert(), archive)
    assert verdict(kernel).first_bad == 3
    house.clock.advance(days=366)
    with pytest.raises(LogUnsound):
        retire(kernel, tmp_path / "a", RULES)
    assert bodies(kernel, old) == 9


def test_an_archive_that_was_changed_is_found_and_stops_the_removal(
    house: House, officer: Console, tmp_path: Path
) -> None:
    kernel = house.kernel
    looked_up(house, officer, 10)
    seal_all(kernel)
    house.clock.advance(days=366)
    folder = retire(kernel, tmp_path / "a", RULES).folder
    assert folder is not None
    lines = folder / "entries.txt"
    lines.write_bytes(lines.read_bytes().replace(b"204001", b"204002", 1))
    found = verdict(kernel, archive=Archives([folder]))
    assert (found.ok, found.first_bad) == (False, 0)
    widened = {"first": 10, "last": 10}
    with kernel.db.engine.begin() as connection:
        connection.execute(RETIRED.insert(), {**widened, "archive_id": _archive(connection)})
    assert verdict(kernel).first_bad == 0, "a record covers exactly the places it names"


def _archive(connection: Any) -> Any:
    return connection.scalar(select(ARCHIVES.c.id))


@pytest.mark.parametrize("kind", ["case", "officer", "subject", "resource"])
def test_a_hold_keeps_what_it_names_until_two_people_lift_it(
    house: House, force: Force, auditor: Console, officer: Console, tmp_path: Path, kind: str
) -> None:
    kernel = house.kernel
    other = force.console("204002", "officer", unit="SOUTH")
    held = looked_up(house, officer, 3, case_ref="A2026-7", subjects=[PLATE])
    free = looked_up(house, other, 4)
    with kernel.writes() as uow:
        item = Entry(action="x.y.read", outcome="done", actor_kind="system", at=uow.now())
        item.resource_type, item.resource_id = "Record", "r1"
        held += [str(uow.record(item).id)] if kind == "resource" else []
    held = held[3:] if kind == "resource" else held
    seal_all(kernel)
    values = {
        "case": "A2026-7",
        "officer": "204001",
        "subject": "京A-12345",
        "resource": "Record/r1",
    }
    order = {"kind": kind, "value": values[kind], "subject_kind": "plate", "reason": REASON}
    placed = auditor.post(f"{PATH}/holds", order)
    assert placed.status_code == 201, placed.get_data(as_text=True)
    assert "12345" not in placed.get_data(as_text=True)
    house.clock.advance(days=366)
    auditor, second = force.console("B1", "auditor"), force.console("B2", "security_admin")
    outcome = retire(kernel, tmp_path / "a", RULES)
    assert outcome.held == len(held)
    assert (bodies(kernel, held), bodies(kernel, free)) == (len(held), 0)
    hold = placed.get_json()["id"]
    asked = auditor.post(f"{PATH}/holds/{hold}/lift", {"reason": "the court has closed it"})
    assert asked.status_code == 202, asked.get_data(as_text=True)
    address = f"/admin/v1/approvals/{asked.get_json()['id']}/approve"
    assert auditor.post(address).status_code == 403
    assert retire(kernel, tmp_path / "a", RULES).removed == 0
    assert second.post(address).status_code == 200
    assert auditor.get(f"{PATH}/holds").get_json()["items"] == []
    assert auditor.get(f"{PATH}/holds?lifted=true").get_json()["items"][0]["id"] == hold
    assert retire(kernel, tmp_path / "a", RULES).removed >= len(held)
    assert bodies(kernel, held) == 0
    assert verdict(kernel).ok


def test_an_archive_is_destroyed_after_its_cold_time_unless_one_entry_is_held(
    house: House, force: Force, officer: Console, tmp_path: Path
) -> None:
    kernel = house.kernel
    looked_up(house, officer, 3, case_ref="A2026-7")
    seal_all(kernel)
    house.clock.advance(days=366)
    folder = retire(kernel, tmp_path / "a", RULES).folder
    assert folder is not None
    assert destroy(kernel, RULES) == 0
    house.clock.advance(days=6 * 365)
    auditor = force.console("B1", "auditor")
    order = {"kind": "case", "value": "A2026-7", "reason": REASON}
    hold = auditor.post(f"{PATH}/holds", order).get_json()
    assert destroy(kernel, RULES) == 0
    with kernel.db.engine.begin() as connection:
        connection.execute(text("UPDATE kern_legal_hold SET lifted_at = updated_at"))
    assert hold
    assert destroy(kernel, RULES) == 1
    assert not folder.exists()
    assert destroy(kernel, RULES) == 0
    seal_all(kernel)
    assert verdict(kernel).ok


@pytest.mark.parametrize("role", ["supervisor", "device_admin", "system_admin", "officer"])
def test_others_hold_and_review_nothing(force: Force, role: str) -> None:
    somebody = force.console("A1", role)
    order = {"kind": "case", "value": "A1", "reason": REASON}
    for method, path, body in (
        ("GET", "/holds", None),
        ("POST", "/holds", order),
        ("GET", "/reviews", None),
        ("GET", "/consistency?old=1", None),
        ("GET", "/checkpoint", None),
        ("GET", "/tile/0/000", None),
        ("POST", "/exports", {"reason": REASON, "recipient": "the press"}),
    ):
        assert somebody.call(method, PATH + path, body).status_code == 403, path


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "officer", "value": "nobody"},
        {"kind": "subject", "value": "???", "subject_kind": "person_id"},
        {"kind": "subject", "value": "京A12345", "subject_kind": "ghost"},
        {"kind": "resource", "value": "Record"},
        {"kind": "planet", "value": "x"},
        {"kind": "case", "value": "x", "reason": "no"},
    ],
)
def test_a_hold_on_nothing_is_refused(auditor: Console, wrong: dict[str, str]) -> None:
    answer = auditor.post(f"{PATH}/holds", {"reason": REASON, **wrong})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_input")


def commanded(kernel: Kernel, folder: Path, **environ: str) -> Result:
    """Run `muster audit retire` with the settings of a server."""
    told = {**environment(kernel.settings), "MUSTER_MASTER_KEY": b64encode(KEY).decode()}
    del told["MUSTER_MASTER_KEY_FILE"]
    return CliRunner().invoke(main, ["audit", "retire", str(folder)], env=told | environ)


@pytest.mark.needs("psql")
def test_only_the_maintenance_role_removes(house: House, officer: Console, tmp_path: Path) -> None:
    """The roles of deploy/postgresql: the app inserts and selects, maintenance may also delete."""
    old = looked_up(house, officer, 5, at=house.clock() - timedelta(days=366))
    seal_all(house.kernel)
    if house.kernel.db.is_sqlite:  # one file, one owner: there are no roles to tell apart
        told = commanded(house.kernel, tmp_path / "a")
        assert (told.exit_code, "5 bodies removed" in told.output) == (0, True), repr(told)
        assert bodies(house.kernel, old) == 0
        return
    told = commanded(house.kernel, tmp_path / "a")
    assert (told.exit_code, "MUSTER_MAINTENANCE_DATABASE_URL" in told.output) == (1, True)
    with roles(_named(house.kernel)) as (app, maintenance):
        with acting(house, app) as kernel:
            with pytest.raises(Exception, match="permission denied"):
                retire(kernel, tmp_path / "a", RULES)
            assert bodies(house.kernel, old) == 5
        role = _named(house.kernel, username=maintenance, password=PASSWORD)
        told = commanded(house.kernel, tmp_path / "b", MUSTER_MAINTENANCE_DATABASE_URL=role)
        assert (told.exit_code, "5 bodies removed" in told.output) == (0, True), repr(told)
        with acting(house, maintenance) as kernel:
            for statement in (
                "UPDATE kern_audit SET action = ''",
                "DELETE FROM kern_audit_leaf",
                "DELETE FROM kern_officer",
                "UPDATE kern_legal_hold SET lifted_at = now()",
                "SELECT 1 FROM kern_credential",
            ):
                with pytest.raises(Exception, match="permission denied"):
                    _execute(kernel, statement)
    assert verdict(house.kernel).retired == 5


def _named(kernel: Kernel, **change: str) -> str:
    url = kernel.db.url.set(drivername="postgresql", **change)
    return url.render_as_string(hide_password=False)


@contextmanager
def acting(house: House, role: str) -> Iterator[Kernel]:
    """A kernel whose connections are of one role."""
    named = _named(house.kernel, username=role, password=PASSWORD)
    kernel = assemble(replace(house.kernel.settings, database_url=named), clock=house.clock)
    try:
        yield kernel
    finally:
        close(kernel)


@contextmanager
def roles(owner: str) -> Iterator[tuple[str, str]]:
    """Two roles as grants.sql leaves them, for one test."""
    mark = uuid4().hex[:8]
    app, maintenance = f"app_{mark}", f"keep_{mark}"
    with psycopg.connect(owner, autocommit=True) as connection:
        for name in (app, maintenance):
            connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")
            connection.execute(f"GRANT {name} TO CURRENT_USER")
    given = ["-v", f"app={app}", "-v", f"maintenance={maintenance}", "-f", str(GRANTS)]
    try:
        subprocess.run(["psql", "-q", *given, owner], check=True)
        yield app, maintenance
    finally:
        with psycopg.connect(owner, autocommit=True) as connection:
            for name in (app, maintenance):
                connection.execute(f"DROP OWNED BY {name}")
                connection.execute(f"DROP ROLE {name}")


def _execute(kernel: Kernel, statement: str) -> None:
    with kernel.db.engine.begin() as connection:
        connection.execute(text(statement))


def queue(auditor: Console, state: str = "open") -> list[dict[str, Any]]:
    answer = auditor.get(f"{PATH}/reviews", query_string={"state": state})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return list(answer.get_json()["items"])


def test_a_week_of_look_ups_becomes_a_queue(
    house: House, force: Force, auditor: Console, officer: Console
) -> None:
    looked_up(house, officer, 120, case_ref="A2026-1")
    denied = looked_up(house, officer, 6, outcome="denied")
    with house.kernel.writes() as uow:
        actor = actor_for(uow, officer.officer_id)
        assert actor.person is not None
        glass = Entry(
            action="field.record.break_glass",
            outcome="permitted",
            actor_kind="officer",
            actor_id=actor.id,
            unit_id=actor.person.unit_id,
            at=uow.now(),
        )
        uow.record(glass)
    for _ in range(30):  # an auditor's reading is on the log, and is no officer's query
        auditor.get(f"{PATH}/entries?limit=1")
    house.clock.advance(hours=1)
    draw(house.kernel, {})
    draw(house.kernel, {})
    auditor = force.console("B1", "auditor", unit="CITY")
    items = queue(auditor)
    kinds = {item["kind"]: item for item in items}
    assert set(kinds) == {"sample", "break_glass", "denied_burst"}
    assert 1 <= len(items) - 2 <= 10
    assert {item["officer_id"] for item in items} == {str(officer.officer_id)}
    assert kinds["break_glass"]["entry_id"] == str(glass.id)
    assert (kinds["denied_burst"]["entry_id"], kinds["denied_burst"]["count"]) == (denied[0], 6)
    drawn = auditor.get(f"{PATH}/entries?action=audit.review.draw").get_json()["items"]
    assert [one["document"]["result"]["items"] for one in drawn] == [0, len(items)]
    assert "audit.reviews_drawn" in force.notices()
    house.clock.advance(hours=73)
    watch(house.kernel, {})
    assert "audit.reviews_overdue" in force.notices()


def test_a_review_is_decided_once_by_somebody_outside(
    house: House, force: Force, officer: Console
) -> None:
    looked_up(house, officer, 1)
    house.clock.advance(minutes=1)
    draw(house.kernel, {})
    chief = force.console("C1", "auditor", "supervisor", unit="NORTH")
    auditor = force.console("B1", "auditor", unit="CITY")
    assert queue(chief) == []
    (item,) = queue(auditor)
    address = f"{PATH}/reviews/{item['id']}"
    said = {"state": "explained", "note": "dispatched to incident A2026-1"}
    refused = chief.post(f"{address}/decide", said)
    assert (refused.status_code, refused.get_json()["rule"]) == (
        403,
        "audit.nobody-reviews-their-own-chain",
    )
    assert chief.get(address).status_code == 403
    referred = {"state": "referred", "note": "asked his supervisor to explain"}
    assert auditor.post(f"{address}/decide", referred).status_code == 200
    assert "audit.review_referred" in force.notices()
    assert auditor.post(f"{address}/decide", said).get_json()["state"] == "explained"
    again = auditor.post(f"{address}/decide", said | {"state": "confirmed"})
    assert (again.status_code, again.get_json()["code"]) == (409, "conflict")
    (done,) = queue(auditor, "explained")
    assert (done["reviewed_by"], done["note"]) == (str(auditor.officer_id), said["note"])
    logged = auditor.get(f"{PATH}/entries?action=audit.review.decide").get_json()["items"]
    assert {"permitted", "denied", "failed"} == {one["document"]["outcome"] for one in logged}


def test_nobody_reviews_their_own_acts(house: House, force: Force) -> None:
    both = force.console("B1", "auditor", unit="CITY")
    looked_up(house, both, 1)
    house.clock.advance(minutes=1)
    draw(house.kernel, {})
    assert queue(both) == []
    assert len(queue(force.console("B2", "auditor", unit="CITY"))) == 1


class Collector:
    """A syslog server on a socket: reads octet-counted frames (RFC 6587) to the end of a line."""

    def __init__(self, port: int = 0) -> None:
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.frames: list[str] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.socket.accept()
            except OSError:
                return
            with line:
                data = b""
                while part := line.recv(65_536):
                    data += part
                while data:
                    size, _, rest = data.partition(b" ")
                    self.frames.append(rest[: int(size)].decode())
                    data = rest[int(size) :]

    def stop(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self._thread.join()


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.stop()


def test_the_log_is_forwarded_in_order_without_a_gap(
    house: House, officer: Console, collector: Collector
) -> None:
    kernel = house.kernel
    url = f"tcp://127.0.0.1:{collector.port}"
    kernel.settings = replace(kernel.settings, syslog_url=url)
    looked_up(house, officer, 600, subjects=[PLATE], case_ref="A2026-1")
    seal_all(kernel)
    forward(kernel, {})
    looked_up(house, officer, 3, outcome="denied")
    seal_all(kernel)
    forward(kernel, {})
    forward(kernel, {})
    with kernel.db.connect() as connection:
        sealed = connection.execute(
            select(LEAVES.c.seq, ENTRIES.c.id)
            .join(ENTRIES, ENTRIES.c.n == LEAVES.c.n)
            .order_by(LEAVES.c.seq)
        ).all()
    assert len(collector.frames) == len(sealed) == 603
    for (seq, entry_id), frame in zip(sealed, collector.frames, strict=True):
        assert f'sequenceId="{seq + 1}"' in frame
        assert f"externalId={entry_id}" in frame
    assert collector.frames[-1].startswith("<108>1 ")
    assert "typed" not in "".join(collector.frames)


def test_a_collector_that_is_away_gets_everything_later(house: House, officer: Console) -> None:
    kernel, away = house.kernel, Collector()
    away.stop()
    kernel.settings = replace(kernel.settings, syslog_url=f"tcp://127.0.0.1:{away.port}")
    looked_up(house, officer, 5)
    seal_all(kernel)
    forward(kernel, {})
    back = Collector(away.port)
    forward(kernel, {})
    assert len(back.frames) == 5
    back.stop()


def test_a_sealer_that_stands_still_is_told_within_a_minute(
    house: House, force: Force, officer: Console
) -> None:
    looked_up(house, officer, 1)
    house.clock.advance(seconds=59)
    watch(house.kernel, {})
    assert force.notices() == []
    house.clock.advance(seconds=2)
    watch(house.kernel, {})
    watch(house.kernel, {})
    assert force.notices() == ["audit.sealer_lags"] * 2  # auditors and security admins, once
    seal_all(house.kernel)
    watch(house.kernel, {})
    assert len(force.notices()) == 2


def test_what_is_handed_out_is_itself_a_disclosure(
    house: House, auditor: Console, officer: Console
) -> None:
    looked_up(house, officer, 4)
    order = {"operation": "combination", "reason": REASON, "recipient": "District court, room 4"}
    answer = auditor.post(f"{PATH}/exports", order)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    lines = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
    assert [line["operation"] for line in lines] == ["combination"] * 4
    query = {"operation": "disclosure", "recipient": "District court, room 4"}
    (row,) = auditor.get(f"{PATH}/entries", query_string=query).get_json()["items"]
    told = row["document"]
    assert (told["action"], told["reason"], told["result"]["entries"]) == (
        "audit.entry.export",
        REASON,
        4,
    )
    assert auditor.get(f"{PATH}/entries?operation=gossip").status_code == 422


def test_tiles_are_the_leaves_themselves(house: House, auditor: Console, officer: Console) -> None:
    looked_up(house, officer, 300)
    seal_all(house.kernel)
    with house.kernel.db.connect() as connection:
        leaves = list(connection.scalars(select(LEAVES.c.hash).order_by(LEAVES.c.seq)))
    assert auditor.get(f"{PATH}/tile/0/000").data == b"".join(leaves[:256])
    assert auditor.get(f"{PATH}/tile/0/001.p/20").data == b"".join(leaves[256:276])
    assert len(auditor.get(f"{PATH}/tile/1/000.p/1").data) == 32
    for path in ("0/001", "0/002.p/1", "1/000", "9/000", "0/1", "0/x000", "0/000.p/0"):
        assert auditor.get(f"{PATH}/tile/{path}").status_code == 404, path


def test_officers_see_their_own_log_and_nobody_elses(house: House, force: Force) -> None:
    admin = force.console("A1", "device_admin")
    terminal = force.compliant(admin)
    mine, others = force.officer("204001"), force.console("204002", "officer")
    assert terminal.sign_in("204001", PIN).status_code == 200
    looked_up(house, others, 3)
    looked_up(house, Console(house.client, "", mine), 3, case_ref="A2026-1", subjects=[PLATE])
    answer = terminal.call("GET", "/mobile/v1/me/log?limit=2")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    first = answer.get_json()
    then = terminal.call("GET", f"/mobile/v1/me/log?after={first['next']}").get_json()
    seen = [*first["items"], *then["items"]]
    assert [one["case_ref"] for one in seen if one["action"] == "field.check.run"] == [
        "A2026-1"
    ] * 3
    assert "subjects" not in seen[0]
