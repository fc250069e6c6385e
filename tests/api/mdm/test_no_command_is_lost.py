"""Any order of orders, cancels, lost answers, doubles, late results, sweeps, kills and leaps of time:
no command is lost, none is carried out twice, and what is said of one is never more than is known.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text

from mdm.commands import queue
from mdm.commands.jobs import sweep
from mdm.commands.models import Command
from mdm.commands.states import CANCELLABLE, OPEN, STANDING, handed_out
from muster.kernel.kernel import Kernel
from tests.conftest import House, MovableClock
from tests.factories.mdm import Console, Force

ORDERED = ("lock", "unlock", "message", "reboot", "refresh", "collect_logs", "lost_mode", "ring")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("order"), st.sampled_from(ORDERED)),
        st.tuples(st.just("cancel"), st.integers(0, 5)),
        st.tuples(st.just("fetch"), st.sampled_from(["heard", "answer lost"])),
        st.tuples(st.just("carry out"), st.sampled_from(["done", "failed", "not_now"])),
        st.tuples(st.just("report"), st.sampled_from(["once", "killed", "twice", "oldest"])),
        st.tuples(st.just("sweep"), st.booleans()),
        st.tuples(st.just("wait"), st.sampled_from([3, 11, 61, 25 * 60, 8 * 24 * 60])),
    ),
    max_size=25,
)


class Killed(Exception):
    """The process is gone before its commit."""


@dataclass
class Handheld:
    """A terminal that remembers the ids of what it did, and may forget to say so."""

    inbox: list[tuple[UUID, str]] = field(default_factory=list)
    did: Counter[UUID] = field(default_factory=Counter)
    said: dict[UUID, str] = field(default_factory=dict)
    unsent: list[tuple[UUID, str]] = field(default_factory=list)

    def carry_out(self, outcome: str) -> None:
        """Do the first thing in the inbox, once in a life."""
        if not self.inbox:
            return
        command, _kind = self.inbox.pop(0)
        if command in self.said:
            self.unsent.append((command, self.said[command]))
            return
        if outcome != "not_now":
            self.said[command] = outcome
            self.did[command] += outcome == "done"
        self.unsent.append((command, outcome))


@dataclass
class World:
    """The real queue on the real database, and one terminal."""

    kernel: Kernel
    clock: MovableClock
    device: UUID
    handheld: Handheld = field(default_factory=Handheld)
    ordered: list[UUID] = field(default_factory=list)

    def step(self, what: str, how: Any) -> None:
        """Do one thing."""
        getattr(self, f"_{what.replace(' ', '_')}")(how)

    def _order(self, kind: str) -> None:
        with self.kernel.writes() as uow:
            self.ordered.append(queue.put(uow, self.device, kind, reason="because").id)

    def _cancel(self, which: int) -> None:
        with self.kernel.writes() as uow:
            waiting = queue.waiting(uow, self.device)
            for command in waiting[which : which + 1]:
                if command.state in CANCELLABLE:
                    queue.finish(uow, command, "cancelled")

    def _fetch(self, how: str) -> None:
        with self.kernel.writes() as uow:
            given = handed_out(queue.waiting(uow, self.device), "enrolled", uow.now())
            queue.deliver(uow, given)
            told = [(command.id, command.kind) for command in given]
        if how == "heard":
            self.handheld.inbox = told

    def _carry_out(self, outcome: str) -> None:
        self.handheld.carry_out(outcome)

    def _report(self, how: str) -> None:
        if not self.handheld.unsent:
            return
        command, outcome = self.handheld.unsent[0 if how == "oldest" else -1]
        for _ in range(2 if how == "twice" else 1):
            self._take(command, outcome, killed=how == "killed")

    def _take(self, command: UUID, outcome: Any, *, killed: bool) -> None:
        with suppress(Killed), self.kernel.writes() as uow:
            row = uow.session.get_one(Command, command)
            queue.take_result(uow, row, outcome, {"outcome": outcome, "detail": ""})
            if killed:
                uow.session.flush()
                raise Killed

    def _sweep(self, twice: bool) -> None:
        for _ in range(1 + twice):
            sweep(self.kernel, {})

    def _wait(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    def commands(self) -> list[Command]:
        """Return every command there is."""
        with self.kernel.reads() as uow:
            return list(uow.session.scalars(select(Command).order_by(Command.id)))


@pytest.fixture
def device(force: Force, admin: Console) -> UUID:
    terminal = force.enrolled(admin)
    assert terminal.id is not None
    return terminal.id


def test_no_command_is_lost_and_none_is_said_to_be_done_that_was_not(
    house: House, device: UUID
) -> None:
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=True,
    )
    @given(STEPS)
    def whatever_happens(steps: list[tuple[str, Any]]) -> None:
        with house.kernel.writes() as uow:
            uow.session.execute(delete(Command))
        house.clock.ahead = timedelta()
        world = World(house.kernel, house.clock, device)
        for what, how in steps:
            world.step(what, how)
            _nothing_is_lost(world)
        _it_comes_to_an_end(world)

    whatever_happens()


def _nothing_is_lost(world: World) -> None:
    commands = world.commands()
    assert [command.id for command in commands] == world.ordered
    for command in commands:
        did, said = world.handheld.did[command.id], world.handheld.said.get(command.id)
        assert did <= 1, "a terminal that remembers ids does nothing twice"
        if command.state == "acknowledged":
            assert did == 1, "only evidence acknowledges"
        if command.state == "failed":
            assert said == "failed"
        if command.state in ("cancelled", "expired"):
            assert not did, "what was taken back or ran out was never begun"
        if command.state in OPEN:
            assert command.live, "what is open is looked after"


def _it_comes_to_an_end(world: World) -> None:
    """Let the clock run: whatever is not over is a standing order, and shown as what it is."""
    for _ in range(3):
        world.step("wait", 8 * 24 * 60)
        world.step("sweep", True)
    for command in world.commands():
        if command.live:
            assert command.kind in STANDING
            assert command.state in ("notified", "not_now", "unconfirmed")
    world.step("fetch", "heard")
    while world.handheld.inbox:
        world.step("carry out", "done")
        world.step("report", "once")
    assert not [command for command in world.commands() if command.live]


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (
            select(Command).where(Command.device_id == UUID(int=1), Command.live),
            "ix_mdm_command_live",
        ),
        (
            select(Command)
            .where(Command.next_try_at <= datetime(2026, 3, 1, tzinfo=UTC))
            .order_by(Command.next_try_at)
            .limit(200),
            "ix_mdm_command_next_try",
        ),
    ],
)
def test_neither_queue_nor_sweep_reads_what_is_over(
    house: House, statement: Any, index: str
) -> None:
    dialect = house.kernel.db.engine.dialect
    compiled = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if dialect.name == "sqlite" else "EXPLAIN"
    with house.kernel.reads() as uow:
        if dialect.name != "sqlite":
            uow.session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = uow.session.execute(text(f"{explain} {compiled}")).all()
    assert index in str(plan)
