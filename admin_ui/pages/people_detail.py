"""One person: what they may do, who gave it, and the acts that change it."""

from typing import Any
from uuid import UUID

from flask import url_for

from admin_ui import chrome, words
from admin_ui.blueprint import console
from admin_ui.lists import Option
from admin_ui.showing import show
from mdm import devices
from muster.kernel.guard import Target
from muster.kernel.identity import (
    PRIVILEGED,
    ROLES,
    Officer,
    RoleGrant,
    delegations,
    names,
    officers,
    officers_certifications,
)
from muster.kernel.web import actor, uow


@console.route("/people/<uuid:officer_id>", actions=("identity.officer.read",))
def person(officer_id: UUID) -> str:
    """Roles, certifications and terminals of one person."""
    officer = officers.read(uow(), actor(), officer_id)
    held = delegations.grants.of_officer(uow(), officer_id)
    givers = names.officers(uow(), [grant.granted_by for grant in held])
    terminals = devices.holdings(uow(), [officer_id])[officer_id]
    return show(
        "people/detail.html",
        "people",
        person=_facts(officer),
        roles=[_grant(grant, givers) for grant in held],
        certifications=[
            _certification(officer, leave)
            for leave in officers_certifications.listing(uow(), officer_id)
        ],
        devices=[
            {"number": device.label, "url": url_for("console.device", device_id=device.id)}
            for device in terminals
        ]
        if chrome.may("mdm.device.list")
        else [],
        options={"roles": role_options(), "units": unit_options()},
        actions=_actions(officer),
    )


def role_options() -> list[dict[str, str]]:
    """Return the roles to choose from, with a word about what two people must agree on."""
    return [
        {
            "value": role,
            "label": words.of(words.ROLES, role) + (" ··" if role in PRIVILEGED else ""),
        }
        for role in ROLES
    ]


def unit_options() -> list[dict[str, str]]:
    """Return the units the reader answers for."""
    below: list[Option] = [
        (unit.code, f"{unit.name} · {unit.code}")
        for unit in names.units_below(uow(), chrome.posts())
    ]
    return [{"value": code, "label": label} for code, label in below]


def _facts(officer: Officer) -> dict[str, Any]:
    unit = uow().kernel.people.unit(officer.unit_id)
    return {
        "name": officer.name,
        "number": officer.number,
        "unit": f"{unit.name} · {unit.code}",
        "kind": "sworn" if officer.sworn else "auxiliary",
        "rank": officer.rank,
        "state": officer.state,
        "ends_at": officer.ends_at,
        "last_sign_in": officer.last_sign_in_at,
        "source": officer.source,
    }


def _grant(grant: RoleGrant, givers: dict[UUID, names.Named]) -> dict[str, Any]:
    unit = uow().kernel.people.unit(grant.unit_id)
    giver = givers.get(grant.granted_by) if grant.granted_by else None
    over = grant.valid_until is not None and grant.valid_until <= uow().now()
    target = Target(
        "Role",
        str(grant.id),
        {
            "own": grant.officer_id == actor().id,
            "role": grant.role,
            "kind": grant.kind,
            "privileged": grant.role in PRIVILEGED,
            "held": False,
            "lent_by_actor": False,
        },
        unit.path,
    )
    may = not over and chrome.may("identity.role.withdraw", target)
    return {
        "id": str(grant.id),
        "role": words.of(words.ROLES, grant.role),
        "unit": unit.name,
        "kind": words.of(words.GRANTS, grant.kind),
        "from": grant.valid_from,
        "until": grant.valid_until,
        "over": over,
        "by": giver.name if giver else "",
        "reason": grant.reason,
        "withdraw_url": url_for("console.role_withdraw", grant_id=grant.id) if may else "",
    }


def _certification(
    officer: Officer, leave: officers_certifications.Certification
) -> dict[str, Any]:
    may = _may(officer, "identity.certification.withdraw")
    where: dict[str, Any] = {"officer_id": officer.id, "dataset": leave.dataset}
    return {
        "id": leave.dataset.replace(".", "-"),
        "dataset": leave.dataset,
        "until": leave.valid_until,
        "kind": words.of(words.GRANTS, leave.kind),
        "withdraw_url": url_for("console.certification_withdraw", **where) if may else "",
    }


def _actions(officer: Officer) -> dict[str, str]:
    serves = officer.state == "active"
    acts = {
        "grant": ("console.role_grant", serves and _may_grant(officer)),
        "certify": (
            "console.certification_give",
            serves and _may(officer, "identity.certification.give"),
        ),
        "sessions": (
            "console.officer_sessions",
            _may(officer, "identity.officer.read_sessions"),
        ),
        "pin": ("console.pin_reset", serves and _may(officer, "identity.pin.reset")),
        "retire": (
            "console.person_retire",
            officer.state != "left" and _may(officer, "identity.officer.retire"),
        ),
    }
    return {
        name: url_for(endpoint, officer_id=officer.id) if may else ""
        for name, (endpoint, may) in acts.items()
    }


def _may(officer: Officer, action: str) -> bool:
    return chrome.may(action, officers.target_of(uow(), actor(), officer))


def _may_grant(officer: Officer) -> bool:
    people = uow().kernel.people
    facts = {"own": officer.id == actor().id, "role": "officer", "kind": "standing"}
    facts |= {"privileged": False, "held": False, "lent_by_actor": False}
    return any(
        chrome.may("identity.role.grant", Target("Role", "new", facts, people.by_code(code).path))
        for code in chrome.posts()
    )
