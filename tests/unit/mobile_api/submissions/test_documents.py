"""Whatever is sent is either a record or a refusal in words: never a stray exception."""

import json
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobile_api.forms import describe
from mobile_api.forms.xlsform import convert
from mobile_api.submissions import SubmittedDocument, from_json, from_mapping, from_xml
from mobile_api.submissions.answers import settle
from mobile_api.submissions.errors import SubmissionInvalid
from muster.kernel.errors import DomainError
from muster.server.demo.form_stop_check import workbook

FIELD = {
    "name": "x", "required": False, "conditional": False, "choices": [], "subject": "",
}  # fmt: skip
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.lists(st.text(max_size=5), max_size=3), st.dictionaries(st.text(max_size=5), st.integers()),
)  # fmt: skip
TYPES = (
    "text", "integer", "decimal", "boolean", "date", "time", "datetime", "geopoint", "geotrace",
    "select_one", "select_multiple", "hidden",
)  # fmt: skip


def document(answers: dict[str, Any], source: Any = "json") -> SubmittedDocument:
    return SubmittedDocument(uuid4(), "f", "1", answers, source=source)


def value(kind: str, raw: Any, source: str = "json", **more: Any) -> Any:
    field = FIELD | {"path": "/data/x", "type": kind} | more
    return settle([field], document({"/data/x": raw}, source)).answers["/data/x"]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_record_or_a_refusal(data: bytes) -> None:
    for read in (from_json, from_xml):
        with suppress(DomainError):
            read(data)


@given(st.recursive(ODD, lambda inner: st.lists(inner, max_size=3), max_leaves=8))
def test_any_json_is_a_record_or_a_refusal(body: Any) -> None:
    with suppress(DomainError):
        from_mapping(body)


@given(st.sampled_from(TYPES), ODD, st.sampled_from(["json", "xml"]))
def test_any_answer_fits_its_field_or_is_pointed_at(kind: str, raw: Any, source: str) -> None:
    field = FIELD | {"path": "/data/x", "type": kind}
    pointers = ["/answers/~1data~1x"]
    with suppress(SubmissionInvalid):
        settled = settle([field], document({"/data/x": raw}, source))
        json.dumps(settled.answers, allow_nan=False)
        pointers = []
    if pointers:
        with pytest.raises(SubmissionInvalid) as refused:
            settle([field], document({"/data/x": raw}, source))
        assert [fault.pointer for fault in refused.value.errors] == pointers


@pytest.mark.parametrize(
    ("kind", "written", "typed"),
    [
        ("integer", "42", 42),
        ("decimal", "4.5", 4.5),
        ("boolean", "true", True),
        ("select_multiple", "a b", ["a", "b"]),
        ("date", "2031-05-04", "2031-05-04"),
    ],
)
def test_xml_and_json_say_the_same(kind: str, written: str, typed: Any) -> None:
    assert value(kind, written, "xml") == value(kind, typed) == typed


def test_a_position_written_by_odk_has_latitude_first() -> None:
    point = value("geopoint", "30.5 104.25 12 4.5", "xml")
    assert (point["lon"], point["lat"], point["accuracy_m"]) == (104.25, 30.5, 4.5)


def test_a_choice_must_be_listed() -> None:
    choices = [{"value": "a", "label": {}}, {"value": "b", "label": {}}]
    assert value("select_one", "a", choices=choices) == "a"
    for raw in ("c", ["a"], 1):
        with pytest.raises(SubmissionInvalid):
            value("select_one", raw, choices=choices)
    with pytest.raises(SubmissionInvalid):
        value("select_multiple", ["a", "a"], choices=choices)


def test_what_must_be_answered_binds_unless_it_need_not_be_shown() -> None:
    bound = FIELD | {"path": "/data/x", "type": "text", "required": True}
    with pytest.raises(SubmissionInvalid):
        settle([bound], document({}))
    assert settle([bound | {"conditional": True}], document({})).answers == {}


def test_the_hash_of_a_record_changes_with_anything_in_it() -> None:
    first = from_mapping(
        {"instance_id": str(uuid4()), "form_id": "f", "form_version": "1", "answers": {"/d/x": "1"}}
    )
    other = document({"/d/x": "2"})
    assert first.content_hash() == first.content_hash() != other.content_hash()


def test_converting_a_workbook_gives_the_same_bytes_each_time() -> None:
    assert convert(workbook()) == convert(workbook())


def test_the_demo_form_binds_its_subjects() -> None:
    assert describe(convert(workbook())).bindings == [
        ("/data/person_id", "person_id"),
        ("/data/plate", "plate"),
    ]
