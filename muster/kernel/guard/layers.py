"""The force's own set on top of the shipped one: which rules stand, and what does not fit.

A force may add rules and switch off shipped permits. It cannot switch off a shipped `forbid`, nor
a permit that ships locked, and no rule of its own can take a shipped one's name.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from muster.kernel.guard.edition import Edition
from muster.kernel.guard.rules import Rule, rule_of
from muster.kernel.guard.source import Flaw, Parsed, misfits, parse, place, statements

REPAIR = "policy_repair"
UNFIT = "access.rule-unfit"
_SCOPE_END = re.compile(r"\b(?:when|unless)\b")
_FORBID = re.compile(r"\bforbid\s*\(")
_ACTION = re.compile(r'Action::("(?:\\.|[^"\\])*")')


@dataclass(frozen=True)
class Own:
    """A force's set: its rules as Cedar text, and the shipped permits it switches off."""

    text: str = ""
    off: frozenset[str] = frozenset()
    number: int = 0


@dataclass(frozen=True)
class Layered:
    """The edition, or None and the flaws that keep it from being one."""

    edition: Edition | None
    flaws: tuple[Flaw, ...] = ()


def layered(shipped: Edition, own: Own, schema: str) -> Layered:
    """Lay a force's set over the shipped rules, validated against the schema of this release."""
    parsed, flaws = parse(own.text)
    flaws += _names(shipped, own, parsed)
    if not flaws:
        flaws = misfits(own.text, parsed, schema)
    flaws += _off(shipped, own)
    if flaws:
        return Layered(None, tuple(sorted(flaws, key=lambda flaw: (flaw.line, flaw.column))))
    rules = [*_left(shipped, own), *(rule_of(one, "force") for one in parsed)]
    return Layered(Edition(rules, shipped.actions, number=own.number))


def salvaged(shipped: Edition, own: Own, schema: str) -> Edition:
    """Return what can be kept of a set that once was valid and no longer fits, closed where unsure.

    A permit that does not fit grants nothing. A forbid that does not fit refuses everything in its
    scope, but for what publishing a better set needs. What was switched off stays off.
    """
    kept: dict[str, Rule] = {rule.id: rule for rule in _left(shipped, own)}
    for number, piece in enumerate(statements(own.text)):
        parsed, flaws = parse(piece.text)
        flaws = flaws or _names(shipped, own, parsed) or misfits(piece.text, parsed, schema)
        if not flaws:
            rule = rule_of(parsed[0], "force")
            kept[rule.id] = rule
        elif _FORBID.search(piece.text):
            for rule in _closed(f"{UNFIT}.{number}", piece.text, shipped):
                kept[rule.id] = rule
    return Edition(list(kept.values()), shipped.actions, number=own.number)


def _closed(name: str, text: str, shipped: Edition) -> Iterator[Rule]:
    scope = _SCOPE_END.split(text, maxsplit=1)[0]
    named = [json.loads(quoted) for quoted in _ACTION.findall(scope)]
    groups = {group for action in shipped.actions.values() for group in action.parents}
    known = [action for action in named if action in shipped.actions or action in groups]
    if named and not known:
        return
    actions = ", ".join(f"Action::{json.dumps(action)}" for action in known)
    where = f"action in [{actions}]" if known else "action"
    closed = (
        f'@id("{name}")\n@code("not_permitted")\n'
        '@advice("A rule of your force no longer fits this release. A security admin must publish '
        'a set that does.")\n'
        f'forbid (principal, {where}, resource)\nunless {{ action in Action::"{REPAIR}" }};'
    )
    yield replace(rule_of(parse(closed)[0][0], "force"), locked=True)


def _left(shipped: Edition, own: Own) -> list[Rule]:
    return [rule for rule in shipped.rules.values() if rule.locked or rule.id not in own.off]


def _names(shipped: Edition, own: Own, parsed: list[Parsed]) -> list[Flaw]:
    flaws, seen = [], set[str]()
    for one in parsed:
        reason = ""
        if not one.id:
            reason = 'the policy has no @id("…"): it is named in refusals and in the audit log'
        elif one.id in shipped.rules or one.id.startswith((UNFIT, "guard.")):
            reason = f"{one.id!r} is the name of a shipped rule; give yours another"
        elif one.id in seen:
            reason = f"two policies are called {one.id!r}"
        seen.add(one.id)
        if reason:
            at = one.statement.at + one.statement.begins
            flaws.append(place(own.text, at, reason, one.id))
    return flaws


def _off(shipped: Edition, own: Own) -> list[Flaw]:
    flaws = []
    for name in sorted(own.off):
        rule = shipped.rules.get(name)
        if rule is None:
            flaws.append(Flaw(0, 0, f"there is no shipped rule {name!r} to switch off", name))
        elif rule.locked:
            flaws.append(Flaw(0, 0, f"{name!r} holds for every force and stays on", name))
    return flaws
