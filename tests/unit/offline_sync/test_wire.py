"""The fast codec and the documented schema say the same."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from muster.kernel.errors import DomainError, InvalidInput, Malformed
from offline_sync.pull import Pulled
from offline_sync.wire import (
    PullAnswerSchema,
    PullRequestSchema,
    PushRowSchema,
    pull_answer,
    read_pull,
    read_push,
)

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
leaves = st.none() | st.booleans() | st.integers(-10, 1000) | st.text(max_size=8)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
cursors = st.none() | st.fixed_dictionaries({"token": st.text(min_size=1, max_size=9)}) | anything
pulls = st.fixed_dictionaries(
    {},
    optional={
        "checkpoint": cursors,
        "limit": st.integers(-1, 502) | anything,
        "digest": st.booleans() | anything,
        "more": anything,
    },
)
states = st.dictionaries(st.text(max_size=5), anything, max_size=3)
rows = st.fixed_dictionaries(
    {},
    optional={
        "newDocumentState": states | anything,
        "assumedMasterState": st.none() | states | anything,
        "x": anything,
    },
)


def accepted(schema: Any, value: Any) -> bool:
    try:
        schema.load(value)
    except ValidationError:
        return False
    return True


@unhurried
@given(pulls)
def test_a_pull_is_understood_by_both_or_by_neither(value: dict[str, Any]) -> None:
    body = json.dumps(value).encode()
    try:
        read = read_pull(body)
    except DomainError:
        assert not accepted(PullRequestSchema(), value)
    else:
        documented = PullRequestSchema().load(value)
        token = read.checkpoint.token if read.checkpoint else None
        assert documented["limit"] == read.limit
        assert documented["digest"] == read.digest
        assert (documented["checkpoint"] or {"token": None})["token"] == token


@unhurried
@given(st.lists(rows, max_size=4))
def test_a_push_is_understood_by_both_or_by_neither(value: list[Any]) -> None:
    try:
        read = read_push(json.dumps(value).encode())
    except DomainError:
        assert not accepted(PushRowSchema(many=True), value)
    else:
        documented = PushRowSchema(many=True).load(value)
        assert [row["newDocumentState"] for row in documented] == [
            row.new_document_state for row in read
        ]
        assert [row["assumedMasterState"] for row in documented] == [
            row.assumed_master_state for row in read
        ]


@pytest.mark.parametrize(
    "page",
    [
        Pulled(reset=True),
        Pulled(token="t", digest=(2, 99)),
        Pulled(documents=[{"id": "a", "_deleted": True}], token="t"),
    ],
)
def test_an_answer_is_as_documented(page: Pulled) -> None:
    told = json.loads(pull_answer(page))
    assert PullAnswerSchema().validate(told) == {}
    assert (told["checkpoint"] is None) == page.reset
    assert told.get("reset", False) == page.reset


def test_an_empty_body_asks_for_everything() -> None:
    assert read_pull(b" ").checkpoint is None


@pytest.mark.parametrize("body", [b"[{", b"\xff", b'[{"newDocumentState": {"a": ' + b"[" * 5000])
def test_what_is_no_json_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_push(body)


def test_a_fault_is_pointed_at() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_push(b'[{"newDocumentState": {}}, {"newDocumentState": 7}]')
    assert caught.value.errors[0].pointer == "/1/newDocumentState"
