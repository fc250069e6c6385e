"""Questions a lower floor asks and an upper floor answers, wired once at start.

A room declares `Port`s as module constants; each package's `wiring.wire(ports)` answers; the
server then calls `seal()`: a missing or doubled answer stops the boot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

A = TypeVar("A")


class WiringError(Exception):
    """The house is wired wrongly; the message names the port and the key."""


@dataclass(frozen=True)
class Port(Generic[A]):
    """A named question; `expects` lists the keys somebody must answer."""

    name: str
    expects: frozenset[str] = field(default=frozenset())


class Ports:
    """The answers of one running server."""

    def __init__(self) -> None:
        self._answers: dict[str, dict[str, Any]] = {}
        self._expected: dict[str, set[str]] = {}
        self._sealed = False

    def expect(self, port: Port[Any], *keys: str) -> None:
        """Demand that these keys are answered before the boot ends."""
        self._expected.setdefault(port.name, set()).update(port.expects, keys)

    def answer(self, port: Port[A], key: str, answer: A) -> None:
        """Answer one question; a second answer to the same key is a wiring error."""
        if self._sealed:
            raise WiringError(f"{port.name}: {key!r} was answered after the boot")
        self.expect(port)
        answers = self._answers.setdefault(port.name, {})
        if key in answers:
            raise WiringError(f"{port.name}: {key!r} is answered twice")
        answers[key] = answer

    def ask(self, port: Port[A], key: str) -> A:
        """Return the answer, or raise `KeyError` for a key nobody knows."""
        return cast("A", self._answers.get(port.name, {})[key])

    def all(self, port: Port[A]) -> Mapping[str, A]:
        """Return every answer of a port by key, in the order of the keys."""
        return cast("Mapping[str, A]", dict(sorted(self._answers.get(port.name, {}).items())))

    def seal(self) -> None:
        """Refuse to go on unless every expected key has its answer."""
        for name, keys in sorted(self._expected.items()):
            missing = sorted(keys - self._answers.get(name, {}).keys())
            if missing:
                raise WiringError(f"{name}: nobody answers {', '.join(missing)}")
        self._sealed = True


Wire = Callable[[Ports], None]
