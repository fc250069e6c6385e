"""The policy engine: the shipped rules, validated at boot, and the force's own layered on top.

`ensure` is called with the version that the gate row carries and swaps the whole standing at once:
a decision is made by one edition or by the next, never by a mixture.
"""

import json
import logging
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from muster.kernel import observe
from muster.kernel.guard import facts, layers, schema
from muster.kernel.guard.edition import Edition, Verdict
from muster.kernel.guard.errors import GuardError
from muster.kernel.guard.fragments import Action, Fragment, ResourceType, Target, policies_beside
from muster.kernel.guard.layers import Layered, Own
from muster.kernel.guard.rules import Rule, rule_of
from muster.kernel.guard.shadow import Counted, Shadow
from muster.kernel.guard.source import Flaw, misfits, parse
from muster.kernel.identity.actor import Actor
from muster.kernel.settings import Settings

_log = logging.getLogger("muster.guard")


@dataclass(frozen=True)
class Stored:
    """What the database says is in force: the epoch, the force's own set, the one in shadow."""

    epoch: int = 0
    own: Own = field(default_factory=Own)
    shadow: Own | None = None


class Source(Protocol):
    """Where a guard reads what is in force, and leaves what a shadow counted."""

    def load(self) -> Stored:
        """Return what is in force now."""

    def keep(self, number: int, counted: Counted) -> None:
        """Add what one process counted about the set in shadow."""


class Shipped:
    """The source of a guard that knows the shipped rules alone."""

    def load(self) -> Stored:
        """Return the shipped rules."""
        return Stored()

    def keep(self, number: int, counted: Counted) -> None:
        """Nothing runs in shadow here."""


@dataclass(frozen=True)
class Standing:
    """What this process judges by; `flaws` are rules that no longer fit the code's schema."""

    epoch: int
    edition: Edition
    flaws: tuple[Flaw, ...] = ()
    shadow: Shadow | None = None


class Guard:
    """The one gate. Built once from every fragment; refuses to boot on a flawed shipped set."""

    def __init__(
        self, fragments: Iterable[Fragment], settings: Settings, source: Source | None = None
    ) -> None:
        fragments = list(fragments)
        self.settings = settings
        self.actions: dict[str, Action] = {a.name: a for f in fragments for a in f.actions}
        self.resources: dict[str, ResourceType] = {
            r.name: r for f in fragments for r in f.resources
        }
        self.schema = schema.build(fragments)
        self.schema_text = json.dumps(self.schema, sort_keys=True)
        baseline = policies_beside("muster.kernel.guard", "baseline.cedar")
        text = "\n".join([baseline, *(f.policies for f in fragments)])
        rules = _shipped(text, self.schema_text)
        self.shipped = Edition(rules, self.actions)
        self._refuse_uncovered()
        self._source: Source = source or Shipped()
        self._lock = threading.Lock()
        self.standing = Standing(0, self.shipped)
        self._ending: Shadow | None = None

    @property
    def edition(self) -> Edition:
        """The edition in force."""
        return self.standing.edition

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The rules in force by their @id."""
        return self.edition.rules

    @property
    def text(self) -> str:
        """The rules in force as one text."""
        return self.edition.text

    @property
    def set_id(self) -> str:
        """The name of the set in force: a hash of its text."""
        return self.edition.set_id

    def decide(
        self,
        actor: Actor,
        action: str,
        target: Target,
        at: datetime,
        *,
        purpose: str = "",
        case_ref: str = "",
    ) -> Verdict:
        """Ask the edition in force; the one in shadow is asked later, elsewhere, of the same."""
        standing = self.standing
        context = facts.context(actor, self.settings, at, purpose, case_ref)
        subject = facts.subject(actor, at)
        verdict = standing.edition.judge(actor, action, target, subject, context)
        if standing.shadow is not None:
            standing.shadow.saw(actor, action, target, subject, context, verdict)
        return verdict

    def judge(
        self,
        edition: Edition,
        actor: Actor,
        action: str,
        target: Target,
        at: datetime,
        *,
        purpose: str = "",
        case_ref: str = "",
    ) -> Verdict:
        """Ask any edition what it would say; for drafts and explanations, never for an act."""
        context = facts.context(actor, self.settings, at, purpose, case_ref)
        return edition.judge(actor, action, target, facts.subject(actor, at), context)

    def layer(self, own: Own) -> Layered:
        """Return the edition a set of the force would make, with what does not fit."""
        return layers.layered(self.shipped, own, self.schema_text)

    def ensure(self, epoch: int) -> None:
        """Judge by the sets of this epoch or a later one from here on."""
        if epoch > self.standing.epoch:
            self._reload(epoch)

    def refresh(self) -> None:
        """Judge by whatever the database says now; for processes without requests."""
        self._reload(None)

    def close(self) -> None:
        """End what runs beside requests."""
        for shadow in (self._ending, self.standing.shadow):
            if shadow is not None:
                shadow.end(wait=True)

    def check_mentioned(self, by_routes: Collection[str]) -> None:
        """Refuse an action that no route offers, and a route that names an unknown action."""
        unknown = sorted(set(by_routes) - self.actions.keys() - {"*"})
        if unknown:
            raise GuardError(f"routes mention unknown actions: {', '.join(unknown)}")
        offered = {name for name, action in self.actions.items() if not action.internal}
        missing = sorted(offered - set(by_routes))
        if missing:
            raise GuardError(f"no route mentions: {', '.join(missing)}")

    def _reload(self, least: int | None) -> None:
        with self._lock:
            if least is not None and self.standing.epoch >= least:
                return
            stored = self._source.load()
            if least is None and stored.epoch == self.standing.epoch:
                return
            made = self.layer(stored.own)
            edition = made.edition
            if edition is None:
                edition = layers.salvaged(self.shipped, stored.own, self.schema_text)
                _alarm(stored, made.flaws)
            observe.POLICY_FLAWS.set(len(made.flaws))
            self._stand(Standing(stored.epoch, edition, made.flaws, self._shadow(stored)))

    def _stand(self, standing: Standing) -> None:
        before, self.standing = self.standing, standing
        if before.shadow is not None:
            self._ending = before.shadow
            before.shadow.end()

    def _shadow(self, stored: Stored) -> Shadow | None:
        if stored.shadow is None:
            return None
        candidate = self.layer(stored.shadow).edition
        if candidate is None:
            _log.warning("set %d cannot run in shadow: it does not fit", stored.shadow.number)
            return None
        return Shadow(candidate, self._source.keep, self.settings.shadow_share)

    def _refuse_uncovered(self) -> None:
        groups: dict[str, set[str]] = {}
        for action in self.actions.values():
            for group in action.parents:
                groups.setdefault(group, set()).add(action.name)
        covered: set[str] = set()
        for rule in self.shipped.rules.values():
            if rule.effect == "permit":
                for name in rule.actions or ():
                    covered |= {name} | groups.get(name, set())
        unruled = sorted(self.actions.keys() - covered)
        if unruled:
            raise GuardError(f"no policy permits: {', '.join(unruled)}")


def _alarm(stored: Stored, flaws: Sequence[Flaw]) -> None:
    for flaw in flaws:
        _log.error(
            "access policy set %d does not fit this release: rule %s, %s; "
            "permits that do not fit grant nothing, forbids that do not fit refuse",
            stored.own.number,
            flaw.rule or "?",
            flaw,
        )


@lru_cache(maxsize=4)
def _shipped(text: str, joined: str) -> tuple[Rule, ...]:
    """Read and validate the shipped rules, once for however many guards a process builds of them."""
    parsed, flaws = parse(text)
    flaws = flaws or misfits(text, parsed, joined)
    if flaws:
        raise GuardError(f"access policies do not fit the schema: {', '.join(map(str, flaws))}")
    return tuple(rule_of(one, "shipped") for one in parsed)
