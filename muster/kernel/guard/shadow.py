"""A candidate set beside the one in force: the same questions, answers compared, nothing decided.

The hot path only puts a question into a bounded queue. A thread of its own asks the candidate and
counts where it would have answered otherwise. What goes wrong here never reaches a decision.
"""

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from muster.kernel import clock
from muster.kernel.guard import facts
from muster.kernel.guard.edition import Edition, Verdict
from muster.kernel.guard.fragments import Target
from muster.kernel.identity.actor import Actor

log = logging.getLogger("muster.guard")
WAITING = 2000
DIFFERENCES = 2000
PAUSE = 1.0
KEPT_EVERY = 5.0


@dataclass(frozen=True)
class Difference:
    """What the candidate would have answered otherwise; `rules` made it so, or stopped making it."""

    action: str
    actor_id: UUID
    actor_label: str
    allowed: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """Questions compared since the last time, those that came too fast, and the differences."""

    compared: int
    missed: int
    differences: dict[Difference, tuple[int, datetime]]


Keep = Callable[[int, Counted], None]
_Question = tuple[Actor, str, Target, facts.Subject, dict[str, Any], Verdict]


class Shadow:
    """The comparison of one candidate within one process. `share` is the part of questions asked."""

    def __init__(self, candidate: Edition, keep: Keep, share: float = 1.0) -> None:
        self.candidate = candidate
        self.number = candidate.number
        self._keep = keep
        self._share = share
        self._queue: deque[_Question] = deque()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._compared = self._missed = 0
        self._differences: dict[Difference, tuple[int, datetime]] = {}

    def saw(
        self,
        actor: Actor,
        action: str,
        target: Target,
        subject: facts.Subject,
        context: dict[str, Any],
        verdict: Verdict,
    ) -> None:
        """Remember a question and its answer, if there is room; never raises, never waits."""
        if self._share < 1 and random.random() >= self._share:  # noqa: S311 - a sample, no secret
            return
        if len(self._queue) >= WAITING:
            self._missed += 1
            return
        self._queue.append((actor, action, target, subject, context, verdict))
        if self._thread is None:
            self._start()

    def compare(self) -> None:
        """Ask the candidate what waits in the queue."""
        while self._queue:
            try:
                question = self._queue.popleft()
            except IndexError:  # another thread took it
                return
            try:
                self._ask(*question)
            except Exception:
                self._missed += 1
                log.exception("the set in shadow could not be asked")

    def flush(self) -> None:
        """Compare what waits and keep what was counted since the last time."""
        self.compare()
        with self._lock:
            counted = Counted(self._compared, self._missed, self._differences)
            self._compared = self._missed = 0
            self._differences = {}
        if not counted.compared and not counted.missed:
            return
        try:
            self._keep(self.number, counted)
        except Exception:
            log.exception("what the set in shadow was found to differ in could not be kept")

    def end(self, *, wait: bool = False) -> None:
        """Let the thread keep what it has and stop."""
        self._ended.set()
        if wait and self._thread is not None:
            self._thread.join(5)

    def _ask(
        self,
        actor: Actor,
        action: str,
        target: Target,
        subject: facts.Subject,
        context: dict[str, Any],
        verdict: Verdict,
    ) -> None:
        other = self.candidate.judge(actor, action, target, subject, context)
        with self._lock:
            self._compared += 1
            if other.allowed is verdict.allowed:
                return
            told = other if other.policies else verdict
            key = Difference(action, actor.id, actor.label, other.allowed, told.policies)
            count, _ = self._differences.get(key, (0, None))
            if count or len(self._differences) < DIFFERENCES:
                self._differences[key] = (count + 1, clock.now())
            else:
                self._missed += 1

    def _start(self) -> None:
        with self._lock:
            if self._thread is None and not self._ended.is_set():
                self._thread = threading.Thread(target=self._run, name="shadow", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        kept_at = time.monotonic()
        while not self._ended.wait(PAUSE):
            self.compare()
            if time.monotonic() - kept_at >= KEPT_EVERY:
                self.flush()
                kept_at = time.monotonic()
        self.flush()
