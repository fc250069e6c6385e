"""Who looked up whom, and why. A subject appears only masked."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from flask import url_for

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.pages.record_view import SIGNALS, kind, purpose
from admin_ui.showing import back_to, show
from mdm import devices
from mobile_api.checks import service
from muster.kernel.audit import Recorded
from muster.kernel.audit import service as desk
from muster.kernel.identity import names
from muster.kernel.web import Mode, Page, actor, decode_id, page, uow
from muster.ondevice.subjects import SubjectKind

_SEARCH: Final = "audit.subject.search"
_NOTHING: Final[Page[Any]] = Page([], None)


@console.route("/checks", actions=("field.check.list", "audit.entry.list"))
def checks() -> str:
    """The checks of the person's units, newest first."""
    rows = service.listing(uow(), actor(), after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda line: [line.request.id])
    people = names.officers(uow(), [line.request.officer_id for line in shown.items])
    labels = _labels(line.request.device_id for line in shown.items)
    return _shown(shown, [_row(line, people, labels) for line in shown.items])


@console.route(
    "/checks/who",
    methods=["POST"],
    mode=Mode.READS,
    actions=(_SEARCH, "field.check.list"),
)
@back_to(checks)
def checks_who() -> str:
    """Who looked a subject up: by POST, so that it stays out of addresses and their logs."""
    subject, value = forms.text("kind", most=20), forms.text("value", least=2, most=64)
    found = desk.who_looked_up(
        uow(), actor(), kind=subject, value=value, reason=forms.reason(), limit=200
    )
    people = names.officers(uow(), [_id(entry, "actor_id") for entry in found.items])
    hidden = service.masked(value)
    labels = _labels(_id(entry, "device_id") for entry in found.items)
    rows = [_entry(entry, people, labels, f"{kind(subject)} {hidden}") for entry in found.items]
    return _shown(_NOTHING, rows, subject=hidden)


def _shown(shown: Page[Any], rows: list[dict[str, Any]], subject: str = "") -> str:
    return show(
        "checks/list.html",
        "checks",
        filters=[],
        page=pager(shown),
        export_url="",
        rows=rows,
        search=_search(subject) if chrome.may(_SEARCH) else None,
    )


def _search(subject: str) -> dict[str, Any]:
    return {
        "url": url_for("console.checks_who"),
        "kinds": [
            {"value": str(code), "label": kind(code)} for code in SubjectKind if code != "name"
        ],
        "asked": bool(subject),
        "subject": subject,
    }


def _row(
    line: service.LogLine, people: dict[UUID, names.Named], labels: dict[UUID, str]
) -> dict[str, Any]:
    request = line.request
    person = people.get(request.officer_id)
    seen = chrome.may("audit.entry.read")
    return {
        "at": request.asked_at,
        "officer": person.name if person else request.officer_number,
        "officer_number": request.officer_number,
        "unit": uow().kernel.people.unit(request.unit_id).name,
        "device": labels.get(request.device_id, "—") if request.device_id else "—",
        "kind": kind(request.kind),
        "subject": line.subject,
        "purpose": purpose(request.purpose),
        "case_reference": request.case_ref,
        "result": SIGNALS.get(request.signal, "no_answer"),
        "unusual": "",
        "audit_url": url_for("console.audit_entry", entry_id=request.audit_id) if seen else "",
    }


def _entry(
    entry: Recorded, people: dict[UUID, names.Named], labels: dict[UUID, str], subject: str
) -> dict[str, Any]:
    """Return an entry of the audit log as a line of this list."""
    document = entry.document
    who, unit, device = (_id(entry, name) for name in ("actor_id", "unit_id", "device_id"))
    person = people.get(who) if who else None
    return {
        "at": entry.at,
        "officer": person.name if person else document.get("actor_label", ""),
        "officer_number": document.get("actor_label", ""),
        "unit": uow().kernel.people.unit(unit).name if unit else "",
        "device": labels.get(device, "—") if device else "—",
        "kind": document["action"],
        "subject": subject,
        "purpose": purpose(document.get("purpose", "")) or document.get("reason", ""),
        "case_reference": document.get("case_ref", ""),
        "result": _outcome(document),
        "unusual": "",
        "audit_url": url_for("console.audit_entry", entry_id=entry.id),
    }


def _outcome(document: dict[str, Any]) -> str:
    signal, outcome = document.get("result", {}).get("signal"), str(document["outcome"])
    if signal in SIGNALS:
        return SIGNALS[signal]
    return {"denied": "deny", "permitted": "allow"}.get(outcome, outcome)


def _labels(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the labels of terminals; one is no secret beside the check made on it."""
    return devices.labels(uow(), {one for one in ids if one is not None})


def _id(entry: Recorded, name: str) -> UUID | None:
    value = entry.document.get(name)
    return UUID(value) if value else None
