"""Appending: few statements, whole documents, hidden subjects, and a limit that says so."""

import json
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from muster.kernel.audit import Entry, EntryTooLarge, search
from muster.kernel.audit.models import ENTRIES, SUBJECTS
from muster.kernel.db import Mode
from muster.ondevice.canonical import canonical_json
from muster.ondevice.subjects import Subject, SubjectKind

PLATE = Subject(SubjectKind.PLATE, "沪A12345")


def full_entry(**changes) -> Entry:
    members = {
        "action": "checks.person.check",
        "outcome": "permitted",
        "actor_kind": "officer",
        "actor_id": uuid4(),
        "actor_label": "李娜 0417",
        "sworn": False,
        "device_id": uuid4(),
        "resource_type": "register",
        "resource_id": "warrants",
        "purpose": "traffic_stop",
        "case_ref": "C-1",
        "policies": ("p1", "p2"),
        "result": {"hits": 2},
        "subjects": [PLATE],
    }
    return Entry(**{**members, **changes})


def watch(log) -> list[str]:
    """Return a list that every statement from now on is added to."""
    statements: list[str] = []

    def note(connection, cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(log.db.engine, "before_cursor_execute", note)
    return statements


def stored(log) -> list:
    with log.db.session(Mode.READS) as session:
        return session.execute(select(ENTRIES).order_by(ENTRIES.c.n)).all()


def test_two_statements_write_all_entries_of_a_request(log):
    statements = watch(log)
    log.append([full_entry() for _ in range(50)])
    assert len(statements) == 2
    assert all(statement.startswith("INSERT INTO kern_audit") for statement in statements)


def test_no_entries_cost_nothing(log):
    statements = watch(log)
    log.append([])
    assert statements == []


def test_the_document_is_canonical_and_leaves_out_what_is_empty(log):
    entry = full_entry(reason="")
    log.append([entry])
    (row,) = stored(log)
    document = json.loads(row.canonical)
    assert row.canonical == canonical_json(document)
    assert document["v"] == 1
    assert document["result"] == {"hits": 2}
    assert document["sworn"] is False
    assert not {"reason", "unit_id", "zone"} & document.keys()
    assert (row.id, row.actor_id, row.case_ref) == (entry.id, entry.actor_id, "C-1")
    assert row.policies == ["p1", "p2"]


def test_a_subject_enters_only_as_a_keyed_hash_with_its_keys_id(log):
    log.append([full_entry(subjects=[PLATE, PLATE])])
    (row,) = stored(log)
    assert PLATE.normal_form.encode() not in row.canonical
    with log.db.session(Mode.READS) as session:
        (subject,) = session.execute(select(SUBJECTS)).all()
    key_id, _ = log.keys.secret("audit_index")
    assert (subject.n, subject.key_id, len(subject.hash)) == (row.n, key_id, 64)


def test_an_entry_of_more_than_65535_bytes_is_refused_and_nothing_is_written(log):
    big = full_entry(reason="x" * 70_000)
    with pytest.raises(EntryTooLarge, match="smaller parts"):
        log.append([full_entry(), big])
    assert stored(log) == []


def test_what_is_rolled_back_was_never_recorded(log):
    with log.db.session(Mode.WRITES) as session:
        log.audit.append(session, [full_entry()])
    with log.db.session(Mode.READS) as session:
        assert session.scalar(select(func.count()).select_from(SUBJECTS)) == 0
    assert stored(log) == []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters()), st.text(max_size=5000))
def test_whatever_a_client_sends_is_recorded_and_found(log, client, case_ref):
    entry = full_entry(client=client, case_ref=case_ref)
    log.append([entry])
    unit = log.unit()
    found = search.entries(unit, case_ref=case_ref, limit=1).items[0]
    unit.close()
    assert found.id == entry.id
    assert found.document.get("case_ref", "") == case_ref.encode("utf-8", "replace").decode()
    assert log.verdict().finding is None
