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
    (report.Installed, schemas.InstalledSchema),
    (report.Software, schemas.SoftwareSchema),
    (report.Sim, schemas.SimSchema),
    (report.Location, schemas.LocationSchema),
    (report.CrashReport, schemas.CrashReportSchema),
    (report.Answer, schemas.ResultSchema),
    (report.CommandResult, schemas.CommandResultSchema),
    (report.Line, schemas.LineSchema),
    (report.Lines, schemas.LinesSchema),
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


TEXTS = st.sampled_from(["", "ok", "a" * 20, "a" * 21, "a" * 32, "a" * 33, "a" * 64, "a" * 65, "a" * 100, "a" * 101, "\x00", "2026-05-01", "2026-05-01T08:00:00Z", "gcj02", "sha256:" + "0" * 64, "sha256:" + "0" * 65, "done", "not_now", "never", "01a1f886-786e-79b0-9e9c-38ec1d243e43"])  # fmt: skip
NUMBERS = st.sampled_from([-1, 0, 1, 7, 8, 90.5, 100, 101, 2**53, 2**53 + 1])
PACKAGES = st.dictionaries(
    st.sampled_from(["org.a", "", "\x00"]),
    st.one_of(st.none(), st.fixed_dictionaries({"version_code": NUMBERS})),
    max_size=2,
)
VALUES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, PACKAGES)


def parts(struct: type[msgspec.Struct]) -> st.SearchStrategy[dict[str, Any]]:
    names = [field.name for field in msgspec.structs.fields(struct)]
    return st.dictionaries(st.sampled_from([*names, "stranger"]), VALUES, max_size=3)


def whole(struct: type[msgspec.Struct]) -> st.SearchStrategy[dict[str, Any]]:
    """Parts that lack nothing, with one member of any value."""
    good: dict[str, Any] = {
        "lat": 31.2,
        "lon": 121.5,
        "at": "2026-05-01T08:00:00Z",
        "id": "01a1f886-786e-79b0-9e9c-38ec1d243e43",
        "package": "org.a",
        "version_code": 3,
        "text": "boom",
    }
    names = [field.name for field in msgspec.structs.fields(struct)]
    known = {name: value for name, value in good.items() if name in names}
    return parts(struct).map(lambda odd: known | odd)


REPORTS = st.fixed_dictionaries(
    {},
    optional={
        "posture": st.one_of(VALUES, parts(report.Posture)),
        "inventory": st.one_of(VALUES, parts(report.Inventory)),
        "apps": st.one_of(VALUES, st.lists(parts(report.AppState), max_size=2)),
        "results": st.one_of(VALUES, st.lists(parts(report.CommandResult), max_size=2)),
        "software": st.one_of(VALUES, parts(report.Software)),
        "sims": st.one_of(VALUES, st.lists(parts(report.Sim), max_size=2)),
        "location": st.one_of(VALUES, whole(report.Location)),
        "crashes": st.one_of(VALUES, st.lists(whole(report.CrashReport), max_size=1)),
        "sequence": VALUES,
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
        report.decode(json.dumps(body).encode(), report.CheckIn)
        fast = True
    except (InvalidInput, Malformed):
        fast = False
    assert fast is (schemas.CheckInSchema().validate(body) == {}), body


@pytest.mark.parametrize(
    ("data", "taken"),
    [
        ({"lat": 1.5, "names": ["a"]}, True),
        ({"text": "\\u0000 is a backslash and a word"}, True),
        ({"text": "\x00"}, False),
        ({"\x00": 1}, False),
        ({"text": "x" * 5000}, False),
    ],
)
def test_a_results_data_is_bounded_and_can_be_stored(data: dict[str, Any], taken: bool) -> None:
    body = json.dumps({"outcome": "done", "data": data}).encode()
    try:
        assert report.decode(body, report.Answer).data == data
        assert taken
    except InvalidInput:
        assert not taken


@given(st.binary(max_size=60))
def test_no_bytes_are_more_than_a_refusal(body: bytes) -> None:
    with suppress(InvalidInput, Malformed):
        report.decode(body, report.CheckIn)
