"""Bodies that are no record: cut, huge, nested, hostile. Each is refused with a code and no row."""

import json

import pytest
from werkzeug.test import TestResponse

from mobile_api.submissions import Submission
from tests.factories.field import FORM_ID, VERSION, Patrol, stop

PATH = "/mobile/v1/submissions"
INSTANCE = (
    f'<data id="{FORM_ID}" version="{VERSION}" xmlns:orx="http://openrosa.org/xforms">'
    "<incident>A2026-1120-0007</incident><plate>桂ZK8B52</plate><place>30.6 104.1 0 5</place>"
    "<reason>traffic</reason><photo>p.jpg</photo><outcome>advice</outcome><orx:meta>"
    "<orx:instanceID>uuid:5a0e9b06-2c8e-4b64-9a54-2f2b8f0c4f10</orx:instanceID></orx:meta></data>"
)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><data id="stop_check" version="1"><plate>&c;</plate></data>'
)
EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    '<data id="stop_check" version="1"><plate>&e;</plate></data>'
)


def send(patrol: Patrol, data: bytes, content_type: str) -> TestResponse:
    return patrol.terminal.call("POST", PATH, data=data, content_type=content_type)


def test_the_xml_of_an_instance_is_the_same_record(patrol: Patrol) -> None:
    first = send(patrol, INSTANCE.encode(), "application/xml")
    assert first.status_code == 201, first.get_data(as_text=True)
    told = first.get_json()
    assert told["feedback"]["checks"][0]["hits"][0]["category"] == "stolen"
    assert [file["name"] for file in told["attachments"]] == ["p.jpg"]
    again = send(patrol, INSTANCE.encode(), "text/xml")
    assert (again.status_code, again.get_json()) == (200, told)
    other = INSTANCE.replace("advice", "penalty").encode()
    assert send(patrol, other, "text/xml").get_json()["code"] == "submission_differs"


def test_an_edit_of_an_earlier_instance_is_told_that_edits_are_not_taken(patrol: Patrol) -> None:
    edit = INSTANCE.replace(
        "</orx:instanceID>", "</orx:instanceID><orx:deprecatedID>uuid:1</orx:deprecatedID>"
    )
    answer = send(patrol, edit.encode(), "text/xml")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "submission_edit_unsupported")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (LAUGHS, 400, "submission_malformed"),
        (EXTERNAL, 400, "submission_malformed"),
        ("<data", 400, "submission_malformed"),
        ("", 400, "submission_malformed"),
        ("<a>" * 50_000, 400, "submission_malformed"),
        ("<a>" * 500 + "</a>" * 500, 422, "submission_invalid"),
        (INSTANCE.replace("uuid:5a0e", "uuid:zzzz"), 422, "submission_invalid"),
        (INSTANCE.replace("<photo>", "<plate>x</plate><photo>"), 422, "submission_invalid"),
        (INSTANCE.replace("traffic", "boredom"), 422, "submission_invalid"),
        (INSTANCE.replace(FORM_ID, "unheard_of"), 422, "form_version_unknown"),
        (INSTANCE.replace("30.6 104.1 0 5", "somewhere"), 422, "submission_invalid"),
        ('<?xml version="1.0" encoding="made-up"?><data/>', 400, "submission_malformed"),
    ],
)
def test_xml_that_is_no_record_is_refused(
    patrol: Patrol, body: str, status: int, code: str
) -> None:
    answer = send(patrol, body.encode(), "application/xml")
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert patrol.count(Submission) == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "submission_malformed"),
        (b"{", 400, "submission_malformed"),
        (b"\xff\xfe", 400, "submission_malformed"),
        (b'"\\ud800"', 400, "submission_malformed"),
        (b"[" * 200_000, 400, "submission_malformed"),
        (b"[]", 422, "submission_invalid"),
        (b"null", 422, "submission_invalid"),
        (b'"text"', 422, "submission_invalid"),
        (b"{}", 422, "submission_invalid"),
        (b" " * (1024 * 1024 + 1), 413, "body_too_large"),
    ],
)
def test_json_that_is_no_record_is_refused(
    patrol: Patrol, body: bytes, status: int, code: str
) -> None:
    answer = send(patrol, body, "application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert patrol.count(Submission) == 0


@pytest.mark.parametrize("value", ["1e999", "9" * 400, "1" + "0" * 30])
def test_numbers_that_no_double_holds_are_refused(patrol: Patrol, value: str) -> None:
    body = json.dumps(stop(answers={"/data/plate": "NUMBER"})).replace('"NUMBER"', value)
    answer = send(patrol, body.encode(), "application/json")
    assert (answer.status_code, answer.get_json()["code"]) in (
        (422, "submission_invalid"),
        (400, "submission_malformed"),
    )
    assert patrol.count(Submission) == 0


def test_a_body_cut_off_on_its_way_is_refused(patrol: Patrol) -> None:
    whole = json.dumps(stop()).encode()
    answer = patrol.terminal.call(
        "POST",
        PATH,
        data=whole[: len(whole) // 2],
        content_type="application/json",
        headers={"Content-Length": str(len(whole))},
    )
    assert answer.status_code == 400
    assert answer.get_json()["code"] in ("body_truncated", "submission_malformed")
    assert patrol.count(Submission) == 0


def test_another_media_type_is_told_which_ones_are_taken(patrol: Patrol) -> None:
    answer = send(patrol, b"plate=1", "application/x-www-form-urlencoded")
    assert (answer.status_code, answer.get_json()["code"]) == (415, "unsupported_media_type")
