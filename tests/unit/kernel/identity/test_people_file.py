"""Reading CSV files of people: whatever comes in, rows or faults come out."""

from datetime import UTC, timedelta, timezone
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.errors import Fault
from muster.kernel.identity.officer_row import COLUMNS, draft_of
from muster.kernel.identity.people_file import SHOWN, Report, Row, read

UNITS = {"NORTH": uuid4()}


@given(st.binary(max_size=400))
def test_any_bytes_give_rows_or_faults(data: bytes) -> None:
    rows, faults = read(data, COLUMNS)
    assert rows or faults


@given(st.lists(st.text(max_size=20), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_any_row_gives_an_officer_or_faults(cells: list[str]) -> None:
    faults: list[Fault] = []
    row = Row(2, dict(zip(COLUMNS, cells, strict=True)))
    draft = draft_of(row, UNITS, UTC, faults)
    assert (draft is None) == bool(faults)
    assert all(fault.pointer.startswith("/2/") for fault in faults)


def test_rows_know_the_line_they_begin_on() -> None:
    data = b'code,name,parent\n\nA,"two\nlines",\nB,Bee,\n'
    rows, faults = read(data, ("code", "name", "parent"))
    assert [row.line for row in rows] == [3, 5]
    assert [fault.pointer for fault in faults] == ["/3/name"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2031-05-04", "2031-05-04T16:00:00+00:00"),
        ("2031-05-04T18:00:00Z", "2031-05-04T18:00:00+00:00"),
        ("2031-05-04T18:00:00+08:00", "2031-05-04T10:00:00+00:00"),
    ],
)
def test_the_last_day_counts_whole_and_in_local_time(written: str, meant: str) -> None:
    cells = ["1", "Chen Yu", "sworn", "NORTH", "1", "officer", "", written]
    faults: list[Fault] = []
    row = Row(2, dict(zip(COLUMNS, cells, strict=True)))
    draft = draft_of(row, UNITS, timezone(timedelta(hours=8)), faults)
    assert draft is not None
    (_, until) = draft.grants["officer", UNITS["NORTH"]]
    assert until is not None
    assert until.isoformat() == meant


def test_thousands_of_faults_are_cut_with_a_count() -> None:
    report = Report(faults=[Fault(f"/{line}", "no") for line in range(SHOWN + 7)])
    assert len(report.shown) == SHOWN + 1
    assert report.shown[-1].detail.startswith("7 more")
