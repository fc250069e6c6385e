"""Which ways back are open: what Android or the store would refuse is never offered."""

from dataclasses import replace

import pytest

from appstore.rollbacks import Side, why_not_reinstalled, why_not_reissued

BAD = Side(app="a", version_code=5, state="halted", signer="k", min_sdk=26)
GOOD = Side(app="a", version_code=4, state="superseded", signer="k", min_sdk=26)


@pytest.mark.parametrize(
    ("bad", "good", "why"),
    [
        (BAD, GOOD, ""),
        (replace(BAD, state="blocked"), replace(GOOD, min_sdk=21), ""),
        (BAD, replace(GOOD, app="b"), "other_app"),
        (BAD, replace(GOOD, version_code=5), "not_older"),
        (BAD, replace(GOOD, state="blocked"), "target_withdrawn"),
        (BAD, replace(GOOD, state="retired"), "target_withdrawn"),
        (BAD, replace(GOOD, has_file=False), "target_withdrawn"),
        (BAD, replace(GOOD, signer="other"), "other_signer"),
        (BAD, replace(GOOD, min_sdk=30), "needs_newer_android"),
        (BAD, replace(GOOD, kind="web"), "web_app"),
        (replace(BAD, state="approved"), GOOD, "never_went_out"),
        (replace(BAD, state="released", rolls=True), GOOD, "still_rolling"),
    ],
)
def test_a_reinstallation_is_refused_for_its_first_reason(bad: Side, good: Side, why: str) -> None:
    assert why_not_reinstalled(bad, good) == why


def test_old_code_can_come_again_even_from_a_retired_release() -> None:
    assert why_not_reissued(BAD, replace(GOOD, state="retired", signer="older")) == ""
    assert why_not_reissued(BAD, replace(GOOD, state="blocked")) == "target_withdrawn"
    assert why_not_reissued(GOOD, BAD) == "not_older"
