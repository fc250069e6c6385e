"""A set's document as Cedar: the matrix and the templates written out, the expert's text behind them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from muster.kernel.errors import Fault
from muster.kernel.guard import Flaw, Guard, Own
from muster.kernel.identity.roles import ROLES
from muster.kernel.policies import matrix, templates
from muster.kernel.policies.matrix import Grant, action_scope
from muster.kernel.policies.templates import TEMPLATES, quoted

Section = Literal["generated", "expert", "off"]


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """A template filled in: `actions` (or groups of them), for holders of `roles` or everybody,

    on what belongs to `unit` and below or on everything. `name` makes the rule's @id.
    """

    template: str
    name: str
    actions: list[str]
    roles: list[str] = []
    unit: str = ""
    values: dict[str, Any] = {}
    advice: str = ""
    advice_zh: str = ""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What administrators edit. `off` names shipped permits; `expert` is Cedar as they typed it."""

    grants: list[Grant] = []
    conditions: list[Condition] = []
    off: list[str] = []
    expert: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the document as it is stored and shown."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain


@dataclass(frozen=True)
class Located:
    """A flaw where its author sees it: a section, and the line within that section's text."""

    section: Section
    line: int
    column: int
    reason: str
    rule: str = ""

    @property
    def pointer(self) -> str:
        """The part of the document that is at fault."""
        return "/document/expert" if self.section == "expert" else f"/document/{self.section}"

    def as_dict(self) -> dict[str, Any]:
        """Return the flaw for programs."""
        return {
            "section": self.section,
            "line": self.line,
            "column": self.column,
            "reason": self.reason,
            "rule": self.rule,
        }

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}: " if self.line else ""
        return f"{where}{self.reason}"


@dataclass(frozen=True)
class Composed:
    """The Cedar of a document: what was generated, then what the expert typed."""

    generated: str
    expert: str
    off: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole text, as the guard reads it."""
        return f"{self.generated}\n{self.expert}"

    def own(self, number: int) -> Own:
        """Return it as a set of the guard."""
        return Own(self.text, frozenset(self.off), number)

    def located(self, flaws: Sequence[Flaw]) -> list[Located]:
        """Return flaws of the whole text as places in its sections."""
        before = self.generated.count("\n") + 1
        return [_located(flaw, before) for flaw in flaws]


def document_of(stored: dict[str, Any]) -> Document:
    """Read a stored document."""
    return msgspec.convert(stored, Document)


def compose(document: Document) -> Composed:
    """Write the rules of a sound document."""
    parts = [*matrix.rules(document.grants), *(_rule(one) for one in document.conditions)]
    return Composed("\n\n".join(parts), document.expert, tuple(sorted(set(document.off))))


def faults(guard: Guard, document: Document) -> list[Fault]:
    """Return what is wrong with the forms of a document; its Cedar is judged by the guard."""
    return [
        *_grant_faults(guard, document.grants),
        *_condition_faults(guard, document.conditions),
    ]


def _grant_faults(guard: Guard, grants: Sequence[Grant]) -> Iterator[Fault]:
    for number, grant in enumerate(grants):
        found = matrix.fault(guard, grant)
        if found is not None:
            yield Fault(f"/document/grants/{number}/{found[0]}", found[1])


def _condition_faults(guard: Guard, conditions: Sequence[Condition]) -> Iterator[Fault]:
    people = {action.name for action in matrix.actions(guard)}
    groups = {group for name in people for group in guard.actions[name].parents}
    seen: set[str] = set()
    for number, one in enumerate(conditions):
        at = f"/document/conditions/{number}"
        if one.name in seen:
            yield Fault(f"{at}/name", f"Two conditions are called {one.name!r}.")
        seen.add(one.name)
        for name in one.actions:
            if name not in people | groups:
                yield Fault(f"{at}/actions", f"There is no action or group {name!r}.")
        for role in one.roles:
            if role not in ROLES:
                yield Fault(f"{at}/roles", f"There is no role {role!r}.")
        template = TEMPLATES.get(one.template)
        if template is None:
            yield Fault(f"{at}/template", f"There is no template {one.template!r}.")
            continue
        for field, problem in templates.faults(template, one.values):
            yield Fault(f"{at}/values/{field}", problem)


def _rule(one: Condition) -> str:
    template = TEMPLATES[one.template]
    advice, advice_zh = template.told(one.values)
    if one.advice:
        advice, advice_zh = one.advice, one.advice_zh
    lines = [f"// {template.title}.", f'@id("condition.{one.name}")']
    if template.code:
        lines.append(f"@code({quoted(template.code)})")
    lines.append(f"@advice({quoted(advice)})")
    if advice_zh:
        lines.append(f"@advice_zh({quoted(advice_zh)})")
    lines.append(f"forbid (principal is Officer, {action_scope(one.actions)}, resource)")
    lines += _whom(one)
    lines.append(f"unless {{ {template.holds(one.values)} }};")
    return "\n".join(lines)


def _whom(one: Condition) -> list[str]:
    """The unit comes first: the guard then leaves the rule out of every other unit's decisions."""
    parts = []
    if one.unit:
        parts.append(f"resource has unit && resource.unit in Unit::{quoted(one.unit)}")
    if one.roles:
        held = " || ".join(f"principal.posts has {role}" for role in one.roles)
        parts.append(f"({held})" if one.unit and len(one.roles) > 1 else held)
    return [f"when {{ {' && '.join(parts)} }}"] if parts else []


def _located(flaw: Flaw, before: int) -> Located:
    if not flaw.line:
        return Located("off", 0, 0, flaw.reason, flaw.rule)
    if flaw.line > before:
        return Located("expert", flaw.line - before, flaw.column, flaw.reason, flaw.rule)
    return Located("generated", flaw.line, flaw.column, flaw.reason, flaw.rule)
