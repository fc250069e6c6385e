"""Roles lent and borrowed, deputies for a leave, and break-glass."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, url_for

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.pages.people_detail import unit_options
from admin_ui.showing import back_to, done, show
from muster.kernel.errors import InvalidInput
from muster.kernel.guard import Target
from muster.kernel.identity import LENDABLE, RoleGrant, break_glass, delegations, names
from muster.kernel.web import actor, uow


@console.route("/delegations", endpoint="delegations", actions=("identity.delegation.list_own",))
def delegations_list() -> str:
    """What one has lent, and what was lent to one."""
    rows = delegations.service.own(uow(), actor())
    people = names.officers(uow(), {row.officer_id for row in rows} | {r.granted_by for r in rows})
    roles = _own_roles()
    return show(
        "people/delegations.html",
        "delegations",
        rows=[_row(row, people) for row in rows],
        options={"roles": roles, "units": unit_options(), "glass": _breakable()},
        actions={
            "lend": url_for("console.delegation_give") if roles else "",
            "deputy": url_for("console.deputy_name") if roles else "",
            "glass": url_for("console.break_glass_begin") if _breakable() else "",
        },
    )


@console.route("/delegations", methods=["POST"], actions=("identity.delegation.give",))
@back_to(delegations_list, "lend")
def delegation_give() -> Response:
    """Lend a role for some hours."""
    hours = forms.whole("hours", 1, 72)
    delegations.service.give(
        uow(),
        actor(),
        number=forms.text("number", least=1, most=32),
        role=forms.chosen("role", LENDABLE),
        unit=forms.text("unit", least=1, most=64),
        until=uow().now() + timedelta(hours=hours),
        reason=forms.reason(),
    )
    return done("lent", "console.delegations")


@console.route(
    "/delegations/<uuid:grant_id>/revoke",
    methods=["POST"],
    actions=("identity.delegation.revoke",),
)
@back_to(delegations_list, "revoke-{grant_id}", keys=())
def delegation_revoke(grant_id: UUID) -> Response:
    """Take a role back before its end."""
    delegations.service.revoke(uow(), actor(), grant_id, forms.reason())
    return done("taken", "console.delegations")


@console.route("/deputies", methods=["POST"], actions=("identity.deputy.name",))
@back_to(delegations_list, "deputy")
def deputy_name() -> Response:
    """Ask for a deputy during a leave."""
    start, end = forms.day("since"), forms.day("until", end=True)
    if start is None or end is None:
        raise InvalidInput("Choose the first and the last day of the leave.")
    asked = delegations.service.name_deputy(
        uow(),
        actor(),
        number=forms.text("number", least=1, most=32),
        role=forms.chosen("role", LENDABLE),
        unit=forms.text("unit", least=1, most=64),
        start=start,
        end=end,
        reason=forms.reason(),
    )
    return done("asked", "console.approval", approval_id=asked.id)


@console.route("/break-glass", methods=["POST"], actions=("identity.break_glass.begin",))
@back_to(delegations_list, "glass")
def break_glass_begin() -> Response:
    """Open something for oneself, for an hour at most."""
    kind, _colon, name = forms.chosen("what", [o["value"] for o in _breakable()]).partition(":")
    break_glass.service.begin(
        uow(),
        actor(),
        kind="role" if kind == "role" else "certification",
        name=name,
        minutes=forms.whole("minutes", 1, 60),
        reason=forms.reason(),
        case_ref=forms.text("case_ref", least=3, most=64),
    )
    return done("opened", "console.delegations")


def _row(row: RoleGrant, people: dict[UUID, names.Named]) -> dict[str, Any]:
    giver = people.get(row.granted_by) if row.granted_by else None
    return {
        "id": str(row.id),
        "role": words.of(words.ROLES, row.role),
        "unit": uow().kernel.people.unit(row.unit_id).name,
        "kind": words.of(words.GRANTS, row.kind),
        "to": people[row.officer_id].name,
        "by": giver.name if giver else "",
        "from": row.valid_from,
        "until": row.valid_until,
        "reason": row.reason,
        "revoke_url": url_for("console.delegation_revoke", grant_id=row.id)
        if not any(p.role == "auditor" for p in _posts())
        else "",
    }


def _own_roles() -> list[dict[str, str]]:
    held = {post.role for post in _posts() if post.kind == "standing"} & LENDABLE
    return [{"value": role, "label": words.of(words.ROLES, role)} for role in sorted(held)]


def _posts() -> list[Any]:
    person = actor().person
    return [p for p in person.posts if p.holds(uow().now())] if person else []


_OFFERED = (
    "role:supervisor",
    "role:duty_desk",
    "certification:registers.persons",
    "certification:registers.vehicles",
    "certification:hot_lists",
)


def _breakable() -> list[dict[str, str]]:
    """Return what the policies would let this person open at their own unit."""
    person = actor().person
    if person is None:
        return []
    path = person.unit_path
    offered = []
    for what in _OFFERED:
        kind, _colon, name = what.partition(":")
        target = Target("BreakGlass", "new", {"own": True, "kind": kind, "name": name}, path)
        if chrome.may("identity.break_glass.begin", target):
            label = words.of(words.ROLES, name) if kind == "role" else name
            offered.append({"value": what, "label": label})
    return offered
