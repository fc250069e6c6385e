"""A record as its page shows it."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from flask import g, url_for
from flask_babel import gettext as _

from admin_ui import chrome, words
from mdm import devices
from mdm.devices import Terminal
from mobile_api.checks import known_purposes
from mobile_api.checks import service as log
from mobile_api.submissions import Submission, SubmissionCheck, service
from muster.kernel.errors import NotFound
from muster.kernel.identity import names
from muster.kernel.web import actor, uow

N_ = str
STATES: Final = {"recorded": "received"}
SIGNALS: Final = {"red": "hit", "amber": "possible", "grey": "no_answer", "green": "clear"}
_KINDS: Final = {
    "person_id": N_("Identity number"),
    "plate": N_("Number plate"),
    "vin": N_("Chassis number"),
    "imei": N_("IMEI"),
    "phone": N_("Telephone number"),
    "document": N_("Passport or document"),
    "serial": N_("Serial number"),
    "name": N_("Name and date of birth"),
}


def kind(code: str) -> str:
    """Return what kind of subject was checked."""
    return words.of(_KINDS, code)


def purpose(code: str) -> str:
    """Return a purpose in the reader's language; those in use are read once for a page."""
    if "console_purposes" not in g:
        g.console_purposes = known_purposes(uow())
    known = g.console_purposes.get(code)
    if known is None:
        return code
    return str(known.label_zh if words.chinese() else known.label_en)


def number(row: Submission) -> str:
    """Return the short number of a record: the last signs of the id its terminal gave it."""
    return f"R-{row.instance_id.hex[-8:].upper()}"


def place(row: Submission) -> str:
    """Return the position in WGS-84, latitude first."""
    if row.lat is None or row.lon is None:
        return ""
    return f"{row.lat:.5f}, {row.lon:.5f}"


def facts(detail: service.Detail) -> dict[str, Any]:
    """Return the view model `record`."""
    row = detail.submission
    person = names.officers(uow(), [row.officer_id]).get(row.officer_id)
    terminal = _terminal(row)
    return {
        "number": number(row),
        "form": detail.form.title,
        "form_version": detail.form_version.version,
        "state": STATES.get(row.state, row.state),
        "officer": {
            "name": person.name if person else row.officer_number,
            "number": row.officer_number,
            "unit": uow().kernel.people.unit(row.unit_id).name,
        },
        "device": terminal,
        "place": place(row),
        "datum": (row.datum or "").upper(),
        "captured_at": row.device_time,
        "received_at": row.received_at,
        "case_reference": row.incident,
        "purpose": purpose(detail.form_version.purpose),
    }


def answers(detail: service.Detail) -> list[dict[str, Any]]:
    """Return every answered field with its label, in the form's order."""
    given = detail.version.answers
    entries = [
        {
            "label": _text(field["label"]) or field["name"],
            "value": _value(field, given[field["path"]]),
            "changed": False,
        }
        for field in detail.form_version.fields
        if field["path"] in given
    ]
    return [{"group": "", "entries": entries}]


def photos(detail: service.Detail) -> list[dict[str, Any]]:
    """Return the files that have arrived; they are opened one by one, as opening is recorded."""
    return [
        {
            "url": url_for("console.photo", record_id=detail.submission.id, name=slot.name),
            "caption": slot.name,
            "taken_at": slot.stored_at,
        }
        for slot in detail.slots
        if slot.state == "stored"
    ]


def checks(detail: service.Detail, lines: Sequence[log.LogLine]) -> list[dict[str, Any]]:
    """Return what each subject's check came to; subjects stay masked."""
    by_id = {line.request.id: line for line in lines}
    return list(_checks(detail.checks, by_id))


def _checks(
    rows: Iterable[SubmissionCheck], by_id: dict[Any, log.LogLine]
) -> Iterable[dict[str, Any]]:
    for row in rows:
        line = by_id.get(row.check_id)
        yield {
            "kind": kind(row.kind),
            "subject": line.subject if line else "",
            "signal": SIGNALS.get(line.request.signal, "no_answer") if line else "no_answer",
            "summary": line.request.signal_reason if line else row.detail or _("Not checked."),
            "source": purpose(line.request.purpose) if line else "",
            "at": line.request.asked_at if line else None,
            "url": _audit(line) if line else "",
        }


def _audit(line: log.LogLine) -> str:
    if not chrome.may("audit.entry.read"):
        return ""
    return url_for("console.audit_entry", entry_id=line.request.audit_id)


def _terminal(row: Submission) -> dict[str, str]:
    """Return the terminal's label, and its page for who may open that."""
    found: Terminal | None = None
    if row.device_id is not None:
        try:
            found = devices.find(uow(), row.device_id)
        except NotFound:
            found = None
    if found is None:
        return {"number": "—", "url": ""}
    seen = chrome.may("mdm.device.read", found.target(actor()))
    url = url_for("console.device", device_id=found.id) if seen else ""
    return {"number": found.principal.label, "url": url}


def _text(texts: dict[str, str]) -> str:
    """Return a text of a form in the reader's language, else in whichever it has."""
    wanted = "zh" if words.chinese() else "en"
    return texts.get(wanted) or next(iter(texts.values()), "")


def _value(field: dict[str, Any], value: Any) -> str:
    labels = {
        choice["value"]: _text(choice.get("label", {})) for choice in field.get("choices", [])
    }
    if isinstance(value, dict):
        return f"{value.get('lat')}, {value.get('lon')} ({value.get('datum', '')})"
    chosen = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(one, "") or str(one) for one in chosen)
