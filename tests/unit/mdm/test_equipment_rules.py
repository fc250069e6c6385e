"""The table of moves, printed numbers and the stock-take's reckoning hold for whatever comes."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.equipment import serials, sheets, stages
from mdm.equipment.stock_takes.reckoning import EXPECTED, reckon

STAGES = st.sampled_from(stages.STAGES)
ACTS = st.sampled_from(sorted(stages.MOVES))


@given(st.lists(ACTS, max_size=40))
def test_nobody_gets_what_was_found_before_it_is_inspected(acts: list[stages.Act]) -> None:
    stage, uninspected = "procured", False
    for act in acts:
        moved = stages.after(stage, act)
        if moved is None:
            assert stages.followed(stage, act) == stage
            continue
        if act == "issue":
            assert not uninspected
        uninspected = (uninspected or act == "report_found") and act not in ("inspect", "wipe")
        stage = moved


@given(STAGES, ACTS)
def test_a_refusal_names_the_stage_or_what_may_be_done_instead(stage: str, act: stages.Act) -> None:
    if stages.after(stage, act) is None:
        assert stages.refusal(stage, act).endswith(".")
        assert stages.allowed(stage)


@given(STAGES, st.booleans())
def test_a_terminal_that_enrols_hides_no_loss(stage: str, held: bool) -> None:
    after = stages.enrolled(stage, held=held)
    assert after in stages.STAGES
    if stage in ("lost", "found", "in_repair"):
        assert after == stage


@given(st.from_regex(r"89[0-9]{16,17}", fullmatch=True), st.integers(0, 9))
def test_one_check_digit_fits_an_iccid_and_no_other(body: str, digit: int) -> None:
    fitting = [d for d in "0123456789" if serials.luhn(body + d)]
    assert len(fitting) == 1
    written = f"{body[:4]} {body[4:]}{digit}"
    if str(digit) in fitting:
        assert serials.iccid(written) == body + fitting[0]
    else:
        with pytest.raises(serials.NotPrinted):
            serials.iccid(written)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), min_size=1))
def test_no_spreadsheet_takes_a_cell_for_a_formula(cells: list[str]) -> None:
    heading = [f"c{at}" for at in range(len(cells))]
    text = sheets.written(heading, [cells])
    (_, row) = csv.reader(io.StringIO(text, newline=""))
    assert len(row) == len(cells)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)


@given(st.none() | STAGES, st.booleans())
def test_only_what_belongs_here_and_should_be_here_is_present(
    stage: str | None,
    here: bool,
) -> None:
    line = reckon(stage, here=here)
    assert (line.result == "present") == (here and stage in EXPECTED)
    assert (line.result == "unknown") == (stage is None)
    assert (line.why == "") == (line.result == "present")
