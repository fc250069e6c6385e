"""Which commands a terminal is handed."""

from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from mdm.commands.states import KINDS, SUPERSEDES, WHILE, after_ttl, handed_out


@dataclass(frozen=True)
class Waiting:
    kind: str
    state: str = "queued"
    not_before: datetime | None = None

    @property
    def priority(self) -> int:
        return KINDS[self.kind].priority


NOW = datetime(2026, 3, 1, tzinfo=UTC)
QUEUES = st.lists(st.builds(Waiting, st.sampled_from(list(KINDS))), max_size=6)
STATES = st.sampled_from(list(WHILE))


@given(QUEUES, STATES)
def test_a_wipe_comes_alone_and_before_everything(queue: list[Waiting], state: str) -> None:
    given_out = handed_out(queue, state, NOW)
    wanted = state != "wiped" and Waiting("wipe") in queue
    assert (list(given_out) == [Waiting("wipe")]) is wanted


@given(QUEUES)
def test_a_lost_terminal_is_erased_locked_or_found(queue: list[Waiting]) -> None:
    useful = {"wipe", "wipe_app_data", "lost_mode", "end_lost_mode", "lock", "locate", "ring"}
    assert {command.kind for command in handed_out(queue, "lost", NOW)} <= useful


@given(QUEUES)
def test_who_is_out_for_good_gets_nothing_but_a_wipe_that_outlived_it(
    queue: list[Waiting],
) -> None:
    assert list(handed_out(queue, "wiped", NOW)) == []
    assert {command.kind for command in handed_out(queue, "retired", NOW)} <= {"wipe"}


@given(QUEUES)
def test_the_most_urgent_comes_first_and_equals_keep_their_order(queue: list[Waiting]) -> None:
    priorities = [command.priority for command in handed_out(queue, "enrolled", NOW)]
    assert priorities == sorted(priorities, reverse=True)


def test_nothing_ever_replaces_a_wipe() -> None:
    assert not any("wipe" in replaced for replaced in SUPERSEDES.values())


def test_time_over_means_unconfirmed_only_for_what_was_delivered() -> None:
    assert [after_ttl(state) for state in ("queued", "notified", "delivered", "not_now")] == [
        "expired",
        "expired",
        "unconfirmed",
        "unconfirmed",
    ]
