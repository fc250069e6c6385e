"""What the pages of enrolment show: tokens, terminals that wait, and what a form offers."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from admin_ui import chrome, words
from mdm import enrolment as tokens
from mdm import groups
from mdm.attestation import sight as attested
from mdm.devices import Terminal
from mdm.enrolment import EnrolToken
from muster.kernel.guard import Target
from muster.kernel.identity import names
from muster.kernel.web import actor, uow

N_ = str
CLASSES: Final = {
    "handheld": N_("Handheld"),
    "vehicle": N_("In a vehicle"),
    "wearable": N_("Wearable"),
    "body_camera": N_("Body camera"),
}
OWNERSHIPS: Final = {
    "pooled": N_("Pooled: whoever is on shift"),
    "personal": N_("Personal: its holder alone"),
}
_PROOF: Final = {"verified": "pass", "failed": "fail"}


def options(among: dict[str, str]) -> list[dict[str, str]]:
    """Return the choices of a select in the reader's language."""
    return [{"value": code, "label": words.of(among, code)} for code in among]


def offered() -> dict[str, Any]:
    """Return what the form of a token offers."""
    below = names.units_below(uow(), chrome.posts())
    none = [{"value": "", "label": _("No group")}]
    known = groups.listing(uow(), actor(), limit=200)
    return {
        "units": [{"value": unit.code, "label": f"{unit.name} · {unit.code}"} for unit in below],
        "groups": [*none, *({"value": str(group.id), "label": group.name} for group in known)],
        "classes": options(CLASSES),
        "ownerships": options(OWNERSHIPS),
    }


def token_lines(rows: Sequence[EnrolToken]) -> list[dict[str, Any]]:
    """Return tokens as the list and their own page show them."""
    people = names.officers(uow(), [row.created_by for row in rows if row.created_by])
    wanted = {UUID(group_id) for row in rows for group_id in row.group_ids}
    known = {str(group.id): group.name for group in groups.groups_in(uow(), sorted(wanted))}
    return [
        _line(row, people[row.created_by].name if row.created_by else "", known) for row in rows
    ]


def waiting_lines(rows: Sequence[Terminal]) -> list[dict[str, Any]]:
    """Return the terminals that wait, with what is known of their keys."""
    labels = tokens.labels(uow(), {row.managed.token_id for row in rows})
    return [
        {
            "id": str(row.id),
            "url": url_for("console.device", device_id=row.id),
            "number": row.principal.label,
            "model": row.managed.model,
            "serial": row.managed.serial,
            "unit": row.unit.name,
            "attestation": _PROOF.get(attested(uow(), row.id).result, "unknown"),
            "token": labels.get(row.managed.token_id, ""),
            "at": row.principal.created_at,
            "admit_url": _act(row, "admit"),
            "reject_url": _act(row, "reject"),
        }
        for row in rows
    ]


def _act(row: Terminal, act: str) -> str:
    action = {"admit": "mdm.device.admit", "reject": "mdm.device.refuse"}[act]
    if not chrome.may(action, row.target(actor())):
        return ""
    return url_for(f"console.enrolment_{act}", device_id=row.id)


def _line(row: EnrolToken, by: str, known: dict[str, str]) -> dict[str, Any]:
    unit = uow().kernel.people.unit(row.unit_id)
    state = _state(row)
    target = Target("EnrolToken", str(row.id), unit=unit.path)
    revocable = state == "live" and chrome.may("mdm.enrol_token.revoke", target)
    return {
        "id": str(row.id),
        "url": url_for("console.enrolment_token", token_id=row.id),
        "name": row.label or _("Without a name"),
        "unit": unit.name,
        "group": " · ".join(known[group_id] for group_id in row.group_ids),
        "ownership": words.of(OWNERSHIPS, row.ownership),
        "waits": row.needs_approval,
        "state": state,
        "uses_left": row.uses_left,
        "expires_at": row.expires_at,
        "created_by": by,
        "revoke_url": url_for("console.enrolment_revoke", token_id=row.id) if revocable else "",
    }


def _state(row: EnrolToken) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.uses_left <= 0:
        return "used_up"
    return "expired" if row.expires_at <= uow().now() else "live"
