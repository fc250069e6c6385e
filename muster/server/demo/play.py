"""The stage of the shift: who plays, what was handed on between steps, and how steps are told."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from muster.handheld import Refused, Terminal
from muster.server.demo.city import City
from muster.server.demo.city.force import Officer
from muster.server.demo.costs import Costs, Tally
from muster.server.demo.desk import Desk
from muster.server.demo.people_secrets import PersonSecret

PATIENCE = 60.0
_PAUSE = 0.1
T = TypeVar("T")


class StepFailed(Exception):
    """A step of the shift did not go as it must; the message says where it stopped."""


@dataclass(frozen=True)
class Step:
    """One step of the shift: its sentence, and what plays it."""

    title: str
    act: Callable[["Play"], None]


@dataclass
class Play:
    """A live server, its people and their terminals. `notes` hands things from step to step."""

    origin: str
    folder: Path
    city: City
    secrets: dict[str, PersonSecret]
    costs: Costs = field(default_factory=Costs)
    notes: dict[str, Any] = field(default_factory=dict)
    desks: dict[str, Desk] = field(default_factory=dict)
    terminals: dict[str, Terminal] = field(default_factory=dict)

    def desk(self, person: Officer) -> Desk:
        """Return the console of an administrative person, signing in at first use."""
        if person.number not in self.desks:
            known = self.secrets[person.number]
            self.desks[person.number] = Desk(
                self.origin, person.number, known.password, known.totp, self.costs
            )
        return self.desks[person.number]

    def terminal(self, name: str) -> Terminal:
        """Return a terminal by name, unpacked at first use."""
        if name not in self.terminals:
            folder = self.folder / "terminals" / name
            self.terminals[name] = Terminal(folder, self.origin, hooks=self.costs.hooks())
        return self.terminals[name]

    def sign_in(self, name: str, person: Officer) -> Terminal:
        """Sign an officer in on a terminal."""
        terminal = self.terminal(name)
        terminal.sign_in(person.number, self.secrets[person.number].pin)
        return terminal

    def token(
        self, unit: str, label: str, groups: Sequence[str] = (), agent: str = "native"
    ) -> dict[str, Any]:
        """Let a device admin make an enrolment token, and return what its QR code says."""
        admin = self.desk(self.city.force.leads.device_admin_a)
        wish = {"unit": unit, "label": label, "group_ids": list(groups), "agent": agent}
        made = admin.post("/admin/v1/enrolment-tokens", wish)
        content: dict[str, Any] = made["content"]
        return content

    def close(self) -> None:
        """Put every terminal down and sign everybody out."""
        for terminal in self.terminals.values():
            terminal.close()
        for desk in self.desks.values():
            desk.close()

    def say(self, text: str) -> None:
        """Tell what was just seen."""
        print(f"     {text}")

    def perform(self, steps: Sequence[Step]) -> list["Performed"]:
        """Play the steps in order; the first that fails raises `StepFailed`."""
        self.costs.take()
        done = []
        for number, step in enumerate(steps, start=1):
            print(f"{number:>3}. {step.title}")
            started = time.monotonic()
            try:
                step.act(self)
            except Exception as error:
                raise StepFailed(f"step {number}, {step.title!r}: {error}") from error
            done.append(Performed(step.title, time.monotonic() - started, self.costs.take()))
            print(f"     {done[-1].seconds:.2f} s, {done[-1].cost}")
        return done


@dataclass(frozen=True)
class Performed:
    """A step that was played: how long it took, and what it cost the database."""

    title: str
    seconds: float
    cost: Tally


def wait(there: Callable[[], T | None], what: str) -> T:
    """Try until something is there, for a minute at most, and return it."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        found = there()
        if found:
            return found
        time.sleep(_PAUSE)
    raise StepFailed(f"{what} did not come within {PATIENCE:.0f} s")


def expect(condition: object, otherwise: str) -> None:
    """Stop the step unless something holds."""
    if not condition:
        raise StepFailed(otherwise)


def expect_refusal(act: Callable[[], Any], *codes: str) -> Refused:
    """Do what must be refused, and return the refusal; any of `codes` will do."""
    try:
        answer = act()
    except Refused as refusal:
        expect(refusal.code in codes, f"refused as {refusal.code!r}, not as {' or '.join(codes)}")
        return refusal
    raise StepFailed(f"this should have been refused as {' or '.join(codes)}: {answer}")


__all__ = ["Performed", "Play", "Step", "StepFailed", "expect", "expect_refusal", "wait"]
