"""Whatever is sent, the answer is a problem that says what to do, on both databases alike."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from muster.kernel.identity import Unit
from tests.api.kernel.conftest import Bench

JSON = "application/json"
UNITS = "/bench/units"


def test_a_problem_has_the_shape_of_rfc_9457(bench: Bench) -> None:
    body = {"code": "", "nmae": "x", "parts": [{"size": "big"}], "a/b~c": 1}
    answer = bench.client.post(UNITS, json=body, headers={"X-Request-Id": "roadside-0300"})
    told = answer.get_json()
    assert answer.content_type == "application/problem+json"
    assert told["type"].endswith("/invalid_input")
    assert (told["status"], told["code"]) == (422, "invalid_input")
    assert told["instance"] == "urn:request:roadside-0300"
    assert told["title"] == told["detail"]
    pointers = {fault["pointer"] for fault in told["errors"]}
    assert pointers == {"/code", "/nmae", "/parts/0/size", "/a~1b~0c"}


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", JSON, 400, "malformed"),
        (b"\xff\xfe", JSON, 400, "malformed"),
        (b'{"code": "A", "number": NaN}', JSON, 400, "malformed"),
        (b"[" * 200_000, JSON, 413, "body_too_large"),
        (b"[" * 1990, JSON, 400, "malformed"),
        (b'{"code": "A", "number": ' + b"9" * 1900 + b"}", JSON, 201, ""),
        (b'{"code": "A\\u0000"}', JSON, 422, "invalid_input"),
        (b'{"code": "A", "parts": [{"size": 1, "\\ud800": 1}]}', JSON, 422, "invalid_input"),
        (b'{"code": "\\\\u0000"}', JSON, 201, ""),
        (b'{"code": "\\ud83d\\ude93"}', JSON, 201, ""),
        (b"[]", JSON, 422, "invalid_input"),
        (b"null", JSON, 422, "invalid_input"),
        (b"", JSON, 422, "invalid_input"),
        (b'{"code": "A"}', "text/plain", 415, "unsupported_media_type"),
        (b"code=A", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b'{"code": "A", "name": "' + b"x" * 2000 + b'"}', JSON, 413, "body_too_large"),
    ],
)
def test_a_body_that_cannot_be_taken_is_named(
    bench: Bench, body: bytes, kind: str, status: int, code: str
) -> None:
    answer = bench.client.post(UNITS, data=body, content_type=kind)
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.get_json().get("code" if code else "none", "") == code
    with bench.kernel.reads() as uow:
        assert len(list(uow.session.scalars(select(Unit)))) == (status == 201)


def test_a_text_that_cannot_be_stored_is_pointed_at(bench: Bench) -> None:
    body = b'{"code": "A", "parts": [{"a/b": "\\u0000"}, {"\\ud800": {"x": "\\udfff"}}]}'
    told = bench.client.post(UNITS, data=body, content_type=JSON).get_json()
    pointers = [fault["pointer"] for fault in told["errors"]]
    assert pointers == ["/parts/0/a~1b", "/parts/1", "/parts/1/x"]


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**40])
def test_a_number_beyond_64_bits_is_the_senders_fault(bench: Bench, number: int) -> None:
    answer = bench.client.post("/bench/numbers", json={"code": "A", "number": number})
    assert answer.status_code in (200, 422), answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/bench/units?code=%00", 400),
        ("/bench/units?code=NORTH%00", 400),
        ("/bench/units?cdoe=NORTH", 422),
        ("/bench/units?code=%ff%fe", 200),
        ("/bench/units/%00", 404),
        ("/bench/%00", 404),
    ],
)
def test_a_strange_address_is_answered(bench: Bench, path: str, status: int) -> None:
    answer = bench.client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "body",
    [
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb",
        b"--y\r\n\r\n--y--",
        b"--x\r\n" * 3,
        b"\x00" * 100,
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="../../etc/passwd"\r\n\r\nb\r\n--x--',
    ],
)
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "multipart/form-data"])
def test_a_malformed_form_is_never_our_fault(bench: Bench, body: bytes, kind: str) -> None:
    answer = bench.client.post("/bench/forms", data=body, content_type=kind)
    assert answer.status_code < 500, answer.get_data(as_text=True)


def test_a_form_of_a_thousand_parts_is_too_large(bench: Bench) -> None:
    bench.app.config["MAX_FORM_PARTS"] = 200
    part = b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\nb\r\n'
    body, kind = part * 1000 + b"--x--", "multipart/form-data; boundary=x"
    answer = bench.client.post("/bench/forms", data=body, content_type=kind)
    assert (answer.status_code, answer.get_json()["code"]) == (413, "body_too_large")


def test_a_body_shorter_than_announced_writes_nothing(bench: Bench) -> None:
    body = b'{"code": "CUT"}'
    answer = bench.client.post(
        UNITS,
        data=body,
        content_type=JSON,
        environ_overrides={"CONTENT_LENGTH": str(len(body) + 10)},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (400, "body_truncated")


@pytest.mark.parametrize(("method", "status"), [("DELETE", 405), ("PATCH", 405), ("TRACE", 405)])
def test_a_wrong_method_is_told_the_right_ones(bench: Bench, method: str, status: int) -> None:
    answer = bench.client.open(UNITS, method=method)
    assert (answer.status_code, answer.get_json()["code"]) == (status, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_head_and_options_are_answered_without_a_body(bench: Bench) -> None:
    head = bench.client.head(UNITS)
    assert (head.status_code, head.data) == (200, b"")
    options = bench.client.options(UNITS)
    assert options.status_code == 200
    assert {"GET", "POST"} <= set(options.headers["Allow"].split(", "))


def versioned(bench: Bench) -> str:
    bench.client.post(UNITS, json={"code": "NORTH"})
    with bench.kernel.reads() as uow:
        return f"{UNITS}/{uow.session.scalars(select(Unit.id)).one()}"


def test_an_edit_names_the_version_it_changes(bench: Bench) -> None:
    path = versioned(bench)
    assert bench.client.get(path).headers["ETag"] == '"v1"'

    def put(**headers: str) -> Any:
        return bench.client.put(path, json={"code": "NORTH", "name": "North"}, headers=headers)

    for unreadable in ({}, {"If-Match": "*"}, {"If-Match": '"1"'}, {"If-Match": 'W/"v1"'}):
        assert put(**unreadable).get_json()["code"] == "version_required"
    assert put(**{"If-Match": '"v1"'}).status_code == 200
    late = put(**{"If-Match": '"v1"'})
    assert (late.status_code, late.get_json()["code"]) == (412, "stale_version")


def test_what_has_not_changed_is_not_sent_again(bench: Bench) -> None:
    path = versioned(bench)
    answer = bench.client.get(path, headers={"If-None-Match": '"v1"'})
    assert (answer.status_code, answer.data) == (304, b"")


def test_what_is_not_there_is_a_problem(bench: Bench) -> None:
    assert bench.client.get(f"/bench/{uuid4()}").get_json()["code"] == "not_found"
