import hashlib
from typing import Any

import pytest

from muster.handheld.errors import AnswersRefused
from muster.handheld.forms import fill


def described(path: str, kind: str, **more: Any) -> dict[str, Any]:
    name = path.rpartition("/")[2]
    field = {"path": path, "name": name, "type": kind, "required": False, "conditional": False}
    return field | {"choices": []} | more


FORM = {
    "fields": [
        described("/data/plate", "text"),
        described("/data/count", "integer"),
        described("/data/place", "geopoint"),
        described("/data/photo", "file"),
        described("/data/reason", "select_one", required=True, choices=[{"value": "traffic"}]),
        described("/data/why", "text", required=True, conditional=True),
    ]
}


def faults_of(given: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(AnswersRefused) as refused:
        fill(FORM, given, {})
    return {fault.path: fault.detail for fault in refused.value.faults}


def test_answers_may_be_given_by_name_and_are_kept_by_path() -> None:
    answers, files = fill(FORM, {"reason": "traffic", "/data/plate": "桂A12345"}, {})
    assert answers == {"/data/reason": "traffic", "/data/plate": "桂A12345"}
    assert files == []


def test_a_file_is_named_with_its_hash_and_size() -> None:
    _, files = fill(FORM, {"reason": "traffic", "photo": "a.png"}, {"a.png": b"png"})
    digest = hashlib.sha256(b"png").hexdigest()
    assert files == [{"name": "a.png", "sha256": digest, "size": 3}]


def test_empty_answers_are_left_out() -> None:
    answers, _ = fill(FORM, {"reason": "traffic", "plate": "", "place": None}, {})
    assert answers == {"/data/reason": "traffic"}


def test_every_fault_is_told_at_once() -> None:
    given = {"colour": "red", "count": "two", "place": "here", "photo": "lost.png"}
    faults = faults_of(given)
    assert set(faults) == {"colour", "/data/count", "/data/place", "/data/photo", "/data/reason"}


def test_a_choice_that_is_not_listed_is_refused_with_the_list() -> None:
    assert "traffic" in faults_of({"reason": "boredom"})["/data/reason"]


def test_a_whole_number_is_not_a_truth_value() -> None:
    assert "/data/count" in faults_of({"reason": "traffic", "count": True})


def test_a_field_that_need_not_be_shown_need_not_be_answered() -> None:
    answers, _ = fill(FORM, {"reason": "traffic"}, {})
    assert "/data/why" not in answers
