"""An officer asks about somebody or something: what comes back, what is refused, what is kept."""

import json
from uuid import uuid4

import pytest

from mobile_api.checks import CheckHit, CheckRequest, CheckSource
from mobile_api.checks.jobs import forget
from mobile_api.imports import ImportPointer
from muster.kernel.identity import Officer
from muster.ondevice.subjects import Subject, SubjectKind, blind
from tests.factories.field import (
    AGENCY,
    CLEAN_PLATE,
    INCIDENT,
    INSTRUCTION,
    LOOKALIKE_PLATE,
    PHONE,
    STOLEN_PLATE,
    WANTED_DOB,
    WANTED_ID,
    WANTED_NAME,
    Patrol,
    wanted_csv,
)

BUDGET = 11


def test_a_stolen_plate_is_a_red_hit_that_says_what_to_do_and_whom_to_call(patrol: Patrol) -> None:
    answer = patrol.ask()
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["signal"] == "red"
    (hit,) = told["hits"]
    assert hit["category"] == "stolen"
    assert hit["match"]["basis"] == "exact_id"
    assert hit["action_instruction"] == INSTRUCTION
    assert hit["owner"] == {"agency": AGENCY, "phone": PHONE, "hours": "24h"}
    assert hit["must_confirm"] is True
    assert told["notices"]
    assert [one["plate"] for one in told["records"]] == [STOLEN_PLATE]


@pytest.mark.parametrize("typed", ["桂z·k8b52", "桂ＺＫ８Ｂ５２", " 桂ZK-8B52 "])
def test_a_plate_is_found_however_it_was_typed(patrol: Patrol, typed: str) -> None:
    told = patrol.ask(value=typed).get_json()
    assert told["subject"]["normalised"] == STOLEN_PLATE
    assert told["signal"] == "red"


def test_a_look_alike_plate_is_amber_and_shows_both_forms(patrol: Patrol) -> None:
    told = patrol.ask(value=LOOKALIKE_PLATE).get_json()
    assert told["signal"] == "amber"
    (hit,) = told["hits"]
    assert hit["match"]["basis"] == "possible"
    (why,) = hit["match"]["explanations"]
    assert (why["query"], why["record"]) == (LOOKALIKE_PLATE, STOLEN_PLATE)


def test_a_register_never_names_somebody_who_merely_resembles(patrol: Patrol) -> None:
    told = patrol.ask(value=LOOKALIKE_PLATE).get_json()
    assert [one["plate"] for one in told["records"]] == [LOOKALIKE_PLATE]


def test_an_expired_record_is_no_hit_and_a_complete_answer_is_green(patrol: Patrol) -> None:
    told = patrol.ask(value=CLEAN_PLATE).get_json()
    assert (told["signal"], told["hits"], told["notices"]) == ("green", [], [])


def test_a_wanted_person_is_found_by_name_and_date_of_birth(patrol: Patrol) -> None:
    told = patrol.ask(
        kind="name", value=None, name=WANTED_NAME, dob=WANTED_DOB, purpose="stop_check"
    ).get_json()
    assert told["signal"] == "red"
    assert told["hits"][0]["caution"] == ["armed", "violent"]


def test_a_namesake_born_on_another_day_is_not_taken_for_the_wanted(patrol: Patrol) -> None:
    told = patrol.ask(
        kind="name", value=None, name=WANTED_NAME, dob="1979-03-04", purpose="stop_check"
    ).get_json()
    assert told["hits"] == []


def test_one_record_found_by_two_names_is_one_hit(patrol: Patrol) -> None:
    row = {"record_ref": "H9", "category": "wanted", "name": "Li Na", "name_en": "Na Li"}
    patrol.load("wanted", wanted_csv(row | {"dob": "1990-01-01"}))
    told = patrol.ask(kind="name", value=None, name="Li Na", dob="1990-01-01").get_json()
    assert [hit["match"]["basis"] for hit in told["hits"]] == ["strong"]


def test_without_any_hot_list_the_answer_is_never_green(patrol: Patrol) -> None:
    with patrol.house.kernel.writes() as uow:
        uow.session.delete(uow.session.get_one(ImportPointer, "wanted"))
    told = patrol.ask(value=CLEAN_PLATE).get_json()
    assert told["signal"] in ("grey", "amber")
    assert {s["id"]: s["status"] for s in told["sources"]}["wanted"] == "unavailable"


@pytest.mark.parametrize("left_out", ["purpose", "case_ref"])
def test_without_purpose_or_case_the_refusal_is_on_record(patrol: Patrol, left_out: str) -> None:
    answer = patrol.ask(**{left_out: None})
    assert answer.status_code == 403
    assert answer.get_json()["code"] == "purpose_required"
    (entry,) = patrol.recorded("field.check.run")
    assert entry["outcome"] == "denied"
    assert entry["subjects"]
    assert patrol.count(CheckRequest) == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"purpose": "curiosity"}, "purpose_not_allowed"),
        ({"case_ref": "because"}, "case_ref_invalid"),
        ({"purpose": "warrant_service"}, "reason_required"),
        ({"purpose": "warrant_service", "reason": "short"}, "reason_required"),
    ],
)
def test_a_purpose_that_does_not_hold_is_refused_on_record(
    patrol: Patrol, body: dict[str, str], code: str
) -> None:
    answer = patrol.ask(**body)
    assert (answer.status_code, answer.get_json()["code"]) == (403, code)
    assert [entry["outcome"] for entry in patrol.recorded("field.check.run")] == ["denied"]
    assert patrol.count(CheckRequest) == 0


def test_a_reason_given_satisfies_a_purpose_that_asks_for_one(patrol: Patrol) -> None:
    answer = patrol.ask(purpose="warrant_service", reason="Warrant 2026/118, front door")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "face"},
        {"value": None},
        {"value": "桂" * 300},
        {"value": "···"},
        {"value": "a\x00b"},
        {"value": ["桂ZK8B52", "桂ZK8B53"]},
        {"name": "Zhang Wei"},
        {"kind": "name", "value": None, "name": "Zhang Wei"},
        {"kind": "name", "value": None, "name": "Zhang Wei", "dob": "1978-13-40"},
        {"place": {"lon": 200, "lat": 0}},
        {"place": {"lon": 100, "lat": 0, "datum": "mars"}},
        {"subjects": ["桂ZK8B52"]},
        {"purpose": 7},
    ],
)
def test_what_is_no_question_is_answered_in_words_and_leaves_no_row(
    patrol: Patrol, body: dict[str, object]
) -> None:
    answer = patrol.ask(**body)
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert answer.get_json()["code"] in ("invalid_input", "check_subject_unreadable")
    assert patrol.count(CheckRequest) == 0


def test_what_no_number_can_be_is_malformed(patrol: Patrol) -> None:
    answer = patrol.ask(place={"lon": 1e400, "lat": 0})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed")
    assert patrol.count(CheckRequest) == 0


def test_the_audit_entry_holds_references_and_never_content(patrol: Patrol) -> None:
    told = patrol.ask(kind="person_id", value=WANTED_ID, purpose="stop_check").get_json()
    (entry,) = patrol.recorded("field.check.run")
    assert entry["id"] == told["audit_id"]
    assert (entry["purpose"], entry["case_ref"]) == ("stop_check", INCIDENT)
    assert entry["result"]["records"] == ["H00002/2"]
    written = json.dumps(entry, ensure_ascii=False)
    assert WANTED_ID not in written
    assert WANTED_NAME not in written
    _, key = patrol.house.kernel.keys.secret("audit_index")
    assert blind(Subject(SubjectKind.PERSON_ID, WANTED_ID), key) in written


def test_what_was_asked_lies_sealed_in_the_database(patrol: Patrol) -> None:
    patrol.ask(kind="person_id", value=WANTED_ID, purpose="stop_check")
    with patrol.house.kernel.reads() as uow:
        row = uow.session.query(CheckRequest).one()
    assert WANTED_ID.encode() not in row.sealed


def test_an_answer_can_be_read_again_as_it_was_given(patrol: Patrol) -> None:
    told = patrol.ask().get_json()
    patrol.load("wanted", wanted_csv().replace(INSTRUCTION, "Let it go"))
    again = patrol.terminal.call("GET", told["next"]["url"])
    assert again.status_code == 200
    assert again.get_json() == told


def test_another_officers_answer_is_refused_on_record(patrol: Patrol) -> None:
    url = patrol.ask().get_json()["next"]["url"]
    patrol.sign_in("1002")
    answer = patrol.terminal.call("GET", url)
    assert answer.status_code == 403
    assert [entry["outcome"] for entry in patrol.recorded("field.check.read")] == ["denied"]


def test_a_check_that_never_was_is_not_found(patrol: Patrol) -> None:
    answer = patrol.terminal.call("GET", f"/mobile/v1/checks/{uuid4()}")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "check_not_found")


def test_the_same_question_repeated_with_its_key_is_one_check(patrol: Patrol) -> None:
    body = {"kind": "plate", "value": STOLEN_PLATE, "purpose": "traffic_stop", "case_ref": INCIDENT}
    headers = {"Idempotency-Key": uuid4().hex}
    first = patrol.terminal.call("POST", "/mobile/v1/checks", body, headers=headers)
    second = patrol.terminal.call("POST", "/mobile/v1/checks", body, headers=headers)
    assert first.get_json() == second.get_json()
    assert patrol.count(CheckRequest) == 1


def test_more_than_sixty_checks_in_a_minute_are_refused_on_record(patrol: Patrol) -> None:
    limits = patrol.house.kernel.limits
    with patrol.house.kernel.reads() as uow:
        officer = uow.session.query(Officer).filter_by(number="1001").one()
    limits.hit("checks", str(officer.id), 1, 3600)  # the bucket is empty for the next hour
    answer = patrol.ask()
    assert (answer.status_code, answer.get_json()["code"]) == (429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) >= 1
    assert [entry["outcome"] for entry in patrol.recorded("field.check.run")] == ["failed"]
    assert patrol.count(CheckRequest) == 0


def test_a_check_is_forgotten_when_its_retention_ends_and_its_audit_stays(patrol: Patrol) -> None:
    patrol.ask()
    forget(patrol.house.kernel, {})
    assert patrol.count(CheckRequest) == 1
    patrol.house.clock.advance(days=3 * 365 + 1)
    forget(patrol.house.kernel, {})
    assert [patrol.count(model) for model in (CheckRequest, CheckSource, CheckHit)] == [0, 0, 0]
    assert len(patrol.recorded("field.check.run")) == 1


def test_a_check_costs_few_statements(patrol: Patrol) -> None:
    patrol.ask()  # role grants and units are cached from here on
    spent = {}
    for name, plate in (("hit", STOLEN_PLATE), ("clean", CLEAN_PLATE)):
        timing = patrol.ask(value=plate).headers["Server-Timing"]
        spent[name] = int(timing.split('"')[1])
    begins = 2  # BEGIN counts too: one for the gate row, one for the work
    assert spent["clean"] - begins < BUDGET
    assert spent["hit"] - begins <= BUDGET


def test_the_list_of_purposes_covers_the_officer_who_asks(patrol: Patrol) -> None:
    def codes() -> set[str]:
        answer = patrol.terminal.call("GET", "/mobile/v1/purposes")
        return {one["code"] for one in answer.get_json()["items"]}

    assert "warrant_service" in codes()
    patrol.sign_in("A1003")
    assert "warrant_service" not in codes()
    assert "stop_check" in codes()
