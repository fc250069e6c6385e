"""One set of access policies: what it says and changes, who gains and loses, and what to do with it."""

import difflib
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.pages.policies import DRAFT, READ, state_of
from admin_ui.showing import back_to, done, show
from muster.kernel.guard import Edition
from muster.kernel.identity import names
from muster.kernel.policies import (
    AccessPolicySet,
    Situation,
    document_of,
    impact,
    publishing,
    sets,
    shadows,
)
from muster.kernel.web import actor, uow

N_ = str
_SHOWN: Final = 25
_MANY: Final = 6
_PLACES: Final = {
    "own_unit": N_("in their own unit"),
    "unit_above": N_("in the unit above"),
    "elsewhere": N_("in other units"),
    "": N_("for the whole force"),
}
_CHANGES: Final = {
    "added": N_("New"),
    "removed": N_("Removed"),
    "changed": N_("Changed"),
    "switched off": N_("Switched off"),
}


@console.route("/policies/<uuid:set_id>", actions=(READ,))
def policy_set(set_id: UUID) -> str:
    """One set beside what is in force."""
    row = sets.read(uow(), actor(), set_id)
    checked = sets.check(uow(), row)
    in_force = sets.in_force(uow())
    current = row.number == in_force.number
    waiting = sets.waiting(uow(), row)
    by = names.officers(uow(), [row.created_by])[row.created_by]
    compares = checked.edition is not None and not current and row.state != "discarded"
    document = document_of(row.document)
    return show(
        "policies/set.html",
        "policies",
        set={
            "number": row.number,
            "title": row.title,
            "state": "awaiting_approval" if waiting else state_of(row, in_force.number),
            "by": by.name,
            "changed_at": row.updated_at,
            "based_on": row.based_on,
            "hash": row.content_hash,
            "text": checked.composed.text.strip(),
            "grants": len(document.grants),
            "conditions": len(document.conditions),
            "off": len(document.off),
        },
        flaws=[flaw.as_dict() | {"words": str(flaw)} for flaw in checked.flaws],
        changes=_changes(in_force, checked.edition) if compares and checked.edition else [],
        impact=_impact(row) if compares else None,
        shadow=_shadow(row),
        waiting_url=(
            url_for("console.approval", approval_id=waiting.id) if waiting is not None else ""
        ),
        actions=_actions(row, current=current, waits=waiting is not None, sound=not checked.flaws),
    )


@console.route(
    "/policies/<uuid:set_id>/publish", methods=["POST"], actions=("access.policy.publish",)
)
@back_to(policy_set, "publish")
def policy_set_publish(set_id: UUID) -> Response:
    """Ask a second person."""
    publishing.ask(uow(), actor(), set_id, forms.reason())
    return done("policies_asked", "console.policy_set", set_id=set_id)


@console.route(
    "/policies/<uuid:set_id>/shadow", methods=["POST"], actions=("access.policy.shadow",)
)
@back_to(policy_set, "shadow")
def policy_set_shadow(set_id: UUID) -> Response:
    """Let it answer beside the set in force."""
    publishing.start_shadow(uow(), actor(), set_id, forms.reason())
    return done("shadow", "console.policy_set", set_id=set_id)


@console.route(
    "/policies/<uuid:set_id>/shadow/end", methods=["POST"], actions=("access.policy.shadow",)
)
@back_to(policy_set, "shadow-end")
def policy_set_shadow_end(set_id: UUID) -> Response:
    """Stop comparing."""
    publishing.end_shadow(uow(), actor(), set_id, forms.reason())
    return done("shadow_end", "console.policy_set", set_id=set_id)


@console.route("/policies/<uuid:set_id>/discard", methods=["POST"], actions=(DRAFT,))
@back_to(policy_set, "discard")
def policy_set_discard(set_id: UUID) -> Response:
    """Give a draft up."""
    sets.discard(uow(), actor(), set_id)
    return done("discarded", "console.policies")


def _actions(row: AccessPolicySet, *, current: bool, waits: bool, sound: bool) -> dict[str, str]:
    target = sets.target(uow(), row)
    edits = row.state == "draft" and not waits and chrome.may(DRAFT, target)
    usable = sound and row.state != "discarded" and not waits
    asks = usable and not current and chrome.may("access.policy.publish", target)
    shadowing = shadows.running(uow()) == row.number
    watches = chrome.may("access.policy.shadow", target)
    links = {
        "matrix": edits,
        "conditions": edits,
        "expert": edits,
        "discard": edits,
        "publish": asks,
        "shadow": usable and not current and not shadowing and watches,
        "shadow_end": shadowing and watches,
    }
    return {
        name: url_for(f"console.policy_set_{name}", set_id=row.id) if shown else ""
        for name, shown in links.items()
    }


def _changes(before: Edition, after: Edition) -> list[dict[str, Any]]:
    return [
        {
            "rule": one.rule,
            "change": words.of(_CHANGES, one.change),
            "lines": list(_lines(one.before, one.after)),
        }
        for one in sets.changes(before, after)
    ]


def _lines(before: str, after: str) -> Iterator[dict[str, str]]:
    kinds = {"+": "added", "-": "removed", " ": "same"}
    for line in difflib.ndiff(before.splitlines(), after.splitlines()):
        if line[0] in kinds:
            yield {"kind": kinds[line[0]], "text": line[2:]}


def _impact(row: AccessPolicySet) -> dict[str, Any]:
    found = impact.of_set(uow(), actor(), row.id)
    return {
        "complete": found.complete,
        "officers": found.officers,
        "effects": [
            {
                "action": one.action,
                "gains": one.change == "gains",
                "where": _where(one.situations),
                "people": [
                    f"{officer.name} · {officer.number} · {officer.unit}"
                    for officer in one.officers[:_SHOWN]
                ],
                "more": max(0, len(one.officers) - _SHOWN),
                "total": len(one.officers),
            }
            for one in found.effects
        ],
    }


def _where(situations: tuple[Situation, ...]) -> list[str]:
    seen = dict.fromkeys(_situation(one) for one in situations)
    return list(seen)[:_MANY]


def _situation(one: Situation) -> str:
    parts = [words.of(_PLACES, one.place) if one.place in _PLACES else one.place]
    if one.own:
        parts.append(_("what is their own"))
    told = (*one.facts, *one.circumstances)
    parts += [f"{name}: {_('other') if value == '-' else value}" for name, value in told]
    return ", ".join(parts)


def _shadow(row: AccessPolicySet) -> dict[str, Any] | None:
    report = shadows.report(uow(), actor(), row.id)
    if not report.running and not report.compared:
        return None
    return {
        "running": report.running,
        "compared": report.compared,
        "missed": report.missed,
        "rows": [
            {
                "action": one.action,
                "officer": one.actor_label or _("others"),
                "allowed": one.allowed,
                "rules": ", ".join(one.rules),
                "count": one.count,
                "last_at": one.last_at,
            }
            for one in report.differences
        ],
    }
