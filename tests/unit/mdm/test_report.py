"""The fast codec takes what the documented schema takes, and nothing else."""

import json
from contextlib import suppress
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema

from mdm.gateways.native import report, schemas
from muster.kernel.errors import InvalidInput, Malformed

PAIRS = [
    (report.CheckIn, schemas.CheckInSchema),
    (report.Posture, schemas.PostureSchema),
    (report.Inventory, schemas.InventorySchema),
    (report.AppState, schemas.AppStateSchema),
    (report.CommandResult, schemas.CommandResultSchema),
]


@pytest.mark.parametrize(("struct", "schema"), PAIRS)
def test_both_name_the_same_fields_and_demand_the_same(
    struct: type[msgspec.Struct], schema: type[Schema]
) -> None:
    fast = {field.name: field.required for field in msgspec.structs.fields(struct)}
    documented = {name: field.required for name, field in schema().fields.items()}
    assert fast == documented


@pytest.mark.parametrize(("struct", "schema"), PAIRS)
def test_both_take_null_for_the_same_fields(
    struct: type[msgspec.Struct], schema: type[Schema]
) -> None:
    fast = {
        field.name: type(None) in get_args(field.type) for field in msgspec.structs.fields(struct)
    }
    documented = {name: field.allow_none for name, field in schema().fields.items()}
    assert fast == documented


TEXTS = st.sampled_from(["", "ok", "a" * 20, "a" * 21, "a" * 32, "a" * 33, "a" * 64, "a" * 65, "a" * 100, "a" * 101, "\x00", "2026-05-01", "sha256:" + "0" * 64, "sha256:" + "0" * 65, "done", "not_now", "never", "01a1f886-786e-79b0-9e9c-38ec1d243e43"])  # fmt: skip
NUMBERS = st.sampled_from([-1, 0, 1, 100, 101, 2**53, 2**53 + 1])
VALUES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)


def parts(struct: type[msgspec.Struct]) -> st.SearchStrategy[dict[str, Any]]:
    names = [field.name for field in msgspec.structs.fields(struct)]
    return st.dictionaries(st.sampled_from([*names, "stranger"]), VALUES, max_size=3)


REPORTS = st.fixed_dictionaries(
    {},
    optional={
        "posture": st.one_of(VALUES, parts(report.Posture)),
        "inventory": st.one_of(VALUES, parts(report.Inventory)),
        "apps": st.one_of(VALUES, st.lists(parts(report.AppState), max_size=2)),
        "results": st.one_of(VALUES, st.lists(parts(report.CommandResult), max_size=2)),
        "applied_hash": VALUES,
        "battery": VALUES,
        "stranger": VALUES,
    },
)


@given(REPORTS)
def test_what_the_codec_refuses_the_document_refuses_too_and_the_reverse(
    body: dict[str, Any],
) -> None:
    try:
        report.decode(json.dumps(body).encode())
        fast = True
    except (InvalidInput, Malformed):
        fast = False
    assert fast is (schemas.CheckInSchema().validate(body) == {}), body


@given(st.binary(max_size=60))
def test_no_bytes_are_more_than_a_refusal(body: bytes) -> None:
    with suppress(InvalidInput, Malformed):
        report.decode(body)
