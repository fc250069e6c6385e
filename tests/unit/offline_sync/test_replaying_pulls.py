"""Whatever happens between two pulls, a terminal ends with exactly what it may hold."""

import itertools
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.kernel.kernel import Kernel
from tests.factories.sync import City, Notes
from tests.unit.offline_sync.store import Store

DOCS = [f"d{n}" for n in range(4)]
SHELVES = [f"s{n}" for n in range(3)]
_fresh = itertools.count()


@dataclass(frozen=True)
class Step:
    """One thing that happens, to a document or to a shelf, and how much is pulled after it."""

    act: str
    doc: str = "d0"
    shelves: frozenset[str] = frozenset()
    pulled: int = 0


some_shelves = st.frozensets(st.sampled_from(SHELVES), max_size=2)
one_shelf = st.frozensets(st.sampled_from(SHELVES), min_size=1, max_size=1)
acts = st.sampled_from(["write"] * 5 + ["delete"] * 2 + ["open"] * 3 + ["close"] * 3 + ["schema"])


@st.composite
def steps(draw: st.DrawFn) -> Step:
    act = draw(acts)
    shelves = draw(some_shelves if act == "write" else one_shelf)
    return Step(act, draw(st.sampled_from(DOCS)), shelves, draw(st.sampled_from([0, 1, 2, 9])))


@given(happenings=st.lists(steps(), min_size=15, max_size=40), data=st.data())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_from_any_checkpoint_a_terminal_ends_with_exactly_the_visible_documents(
    kernel: Kernel, notes: Notes, city: City, happenings: list[Step], data: Any
) -> None:
    shop = Shop(kernel, notes, city)
    past = [shop.terminal.copy()]
    for step in happenings:
        shop.happen(step)
        past.append(shop.terminal.copy())
    from_long_ago = data.draw(st.sampled_from(past))
    for terminal in (shop.terminal, from_long_ago):
        terminal.sync(limit=data.draw(st.integers(1, 4)))
        assert terminal.texts == shop.visible()
        told = terminal.page(with_digest=True)
        assert told.settled
        assert told.digest == terminal.digest


class Shop:
    """One run's own documents and shelves, on a house that all runs share."""

    def __init__(self, kernel: Kernel, notes: Notes, city: City) -> None:
        self.kernel, self.notes = kernel, notes
        self.officer = city.officers["N1"]
        self.notes.units = False
        self.run = next(_fresh)
        notes.shelves[self.officer] = {self._named(name) for name in SHELVES[:2]}
        self.terminal = Store(kernel, city.actor("N1"))
        self.writes = itertools.count()

    def happen(self, step: Step) -> None:
        getattr(self, f"_{step.act}")(step)
        if step.pulled:
            self.terminal.page(step.pulled)

    def visible(self) -> dict[str, str]:
        with self.kernel.reads() as uow:
            keys = {f"shelf:{name}" for name in self.notes.shelves[self.officer]}
            return self.notes.texts(uow, keys)

    def _write(self, step: Step) -> None:
        with self.kernel.writes() as uow:
            scopes = [f"shelf:{self._named(name)}" for name in step.shelves]
            self.notes.write(uow, self._named(step.doc), f"text {next(self.writes)}", scopes)

    def _delete(self, step: Step) -> None:
        with self.kernel.writes() as uow:
            self.notes.delete(uow, self._named(step.doc))

    def _open(self, step: Step) -> None:
        self.notes.shelves[self.officer] |= {self._named(name) for name in step.shelves}

    def _close(self, step: Step) -> None:
        self.notes.shelves[self.officer] -= {self._named(name) for name in step.shelves}

    def _schema(self, step: Step) -> None:
        self.notes.schema_version += 1

    def _named(self, name: str) -> str:
        return f"{name}-{self.run}"
