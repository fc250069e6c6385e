"""Which commands a terminal is handed."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from mdm.commands.states import KINDS, SUPERSEDES, WHILE, after_ttl, handed_out


@dataclass(frozen=True)
class Waiting:
    kind: str

    @property
    def priority(self) -> int:
        return KINDS[self.kind].priority


QUEUES = st.lists(st.builds(Waiting, st.sampled_from(list(KINDS))), max_size=6)
STATES = st.sampled_from(list(WHILE))


@given(QUEUES, STATES)
def test_a_wipe_comes_alone_and_before_everything(queue: list[Waiting], state: str) -> None:
    given_out = handed_out(queue, state)
    wanted = "wipe" in WHILE[state] and Waiting("wipe") in queue
    assert (list(given_out) == [Waiting("wipe")]) is wanted


@given(QUEUES)
def test_a_lost_terminal_gets_a_wipe_or_locks(queue: list[Waiting]) -> None:
    assert {command.kind for command in handed_out(queue, "lost")} <= {"wipe", "lock"}


@given(QUEUES, st.sampled_from(["wiped", "retired"]))
def test_who_is_out_for_good_gets_nothing(queue: list[Waiting], state: str) -> None:
    assert list(handed_out(queue, state)) == []


@given(QUEUES)
def test_the_most_urgent_comes_first_and_equals_keep_their_order(queue: list[Waiting]) -> None:
    priorities = [command.priority for command in handed_out(queue, "enrolled")]
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
