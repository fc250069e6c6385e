"""A terminal as its page shows it: state, posture and why, configuration, commands, history."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from admin_ui import chrome, words
from mdm import compliance as rules
from mdm.commands import CANCELLABLE, Command
from mdm.compliance import Rule, sentences
from mdm.devices import Moment, Terminal
from muster.kernel.identity import names
from muster.kernel.web import actor, kernel, uow

N_ = str
_DOORS: Final = {True: "full", False: "deposit"}
_RULES: Final = {
    "in_service": N_("In service: not lost, wiped or retired"),
    "never_reported": N_("Has reported its state"),
    "storage_not_encrypted": N_("Storage is encrypted"),
    "no_passcode": N_("A passcode is set"),
    "rooted": N_("System is not rooted"),
    "patch_too_old": N_("Security patch is recent"),
    "agent_too_old": N_("Agent is recent"),
    "configuration_not_applied": N_("Configuration is applied"),
    "usb_debugging": N_("USB debugging is off"),
}
_LOOK: Final = "mdm.device.read"
_GIVEN: Final = {f"mdm.device.{kind}" for kind in ("lock", "unlock", "message", "refresh")}
_LINES: Final = 40
_KINDS: Final = {
    "mdm.posture.changed": "compliance",
    "mdm.device.enrol": "enrolment",
    "mdm.device.wipe": "approval",
    "mdm.device.wipe.approve": "approval",
}


def state(terminal: Terminal) -> str:
    """Return the state's sign."""
    return "active" if terminal.principal.state == "enrolled" else terminal.principal.state


def compliance(terminal: Terminal) -> str:
    """Return the verdict's sign; a verdict too old to count is out of date."""
    if terminal.principal.posture_at is None or terminal.principal.state != "enrolled":
        return "unknown" if terminal.principal.state == "enrolled" else "non_compliant"
    if not terminal.compliant:
        return "non_compliant"
    return "compliant" if _fresh(terminal) else "stale"


def system(terminal: Terminal) -> str:
    """Return name and version of the operating system: `Android 16`."""
    managed = terminal.managed
    name = managed.os[:1].upper() + managed.os[1:]
    return f"{name} {managed.os_version}".strip() or "—"


def facts(terminal: Terminal, groups: Sequence[str]) -> dict[str, Any]:
    """Return the view model `device`."""
    principal, managed, holder = terminal.principal, terminal.managed, terminal.holder
    return {
        "number": principal.label,
        "url": url_for("console.device", device_id=terminal.id),
        "state": state(terminal),
        "compliance": compliance(terminal),
        "model": managed.model,
        "serial": managed.serial,
        "imei": managed.imei,
        "unit": terminal.unit.name,
        "os": system(terminal),
        "patch_level": managed.patch_level.isoformat() if managed.patch_level else "",
        "agent": managed.agent_version,
        "zone": managed.inventory.get("carrier", ""),
        "battery": managed.battery,
        "storage": _storage(managed.inventory),
        "attestation": "",
        "holder": {"name": holder.name, "number": holder.number} if holder else None,
        "groups": list(groups),
        "enrolled_at": principal.created_at,
        "last_seen": managed.last_seen,
    }


def posture(terminal: Terminal) -> dict[str, Any]:
    """Return which door stands open to the terminal, and what every rule says of it."""
    judged = terminal.principal.posture_at
    served = terminal.principal.state == "enrolled"
    passes = terminal.compliant and _fresh(terminal)
    return {
        "access": _DOORS[passes] if served else "none",
        "judged_at": judged,
        "valid_until": judged + _life() if judged and passes else None,
        "rules": list(_judged(terminal)),
    }


def configuration(terminal: Terminal, provenance: dict[str, str]) -> dict[str, Any] | None:
    """Return what the terminal is to be, which layers say so, and what it echoed."""
    managed = terminal.managed
    if not managed.desired_hash:
        return None
    layers: dict[str, list[str]] = {}
    for key, layer in sorted(provenance.items()):
        layers.setdefault(layer, []).append(key)
    status = "lagging" if managed.lagging else "applied"
    return {
        "name": ngettext("%(num)d layer", "%(num)d layers", len(layers)),
        "url": url_for("console.configurations") if chrome.may("mdm.configuration.list") else "",
        "state": status,
        "desired_hash": _short(managed.desired_hash),
        "desired_at": managed.desired_at,
        "applied_hash": _short(managed.applied_hash),
        "applied_at": managed.applied_at,
        "sections": [
            {"name": layer, "state": status, "detail": ", ".join(keys)}
            for layer, keys in layers.items()
        ],
    }


def command(row: Command, people: dict[Any, names.Named], *, cancel: bool) -> dict[str, Any]:
    """Return one line of the table of commands."""
    by, agreed = people.get(row.requested_by), people.get(row.approved_by)
    cancellable = cancel and row.state in CANCELLABLE
    return {
        "kind": words.of(words.COMMANDS, row.kind),
        "state": row.state,
        "reason": row.reason,
        "by": f"{by.name} {by.number}" if by else _("the server"),
        "approved_by": f"{agreed.name} {agreed.number}" if agreed else "",
        "at": row.created_at,
        "updated_at": row.updated_at,
        "attempts": row.attempts,
        "detail": str(row.evidence.get("detail", "")),
        "cancel_url": (url_for("console.command_cancel", command_id=row.id) if cancellable else ""),
    }


def apps(terminal: Terminal) -> list[dict[str, Any]]:
    """Return what the terminal said of its apps."""
    return [
        {
            "name": app.get("package", ""),
            "wanted": "",
            "installed": str(app.get("version_code", "")),
            "state": app.get("state", "unknown"),
        }
        for app in terminal.managed.apps
    ]


def timeline(moments: Sequence[Moment]) -> list[dict[str, Any]]:
    """Return the history, newest first; repetitions are one line.

    Who merely looked is told to auditors alone: to others it would bury what happened.
    """
    auditor = chrome.may("audit.entry.list")
    moments = [moment for moment in moments if _tells(moment, auditor=auditor)]
    lines = [
        _moment(next(run), sum(1 for _more in run))
        for _key, run in groupby(moments, lambda m: (m.kind, m.what, m.who, m.outcome, m.why))
    ]
    return lines[:_LINES]


def _tells(moment: Moment, *, auditor: bool) -> bool:
    """Whether a line adds something: a command that was given is a line of its own."""
    if moment.what in _GIVEN and moment.outcome == "permitted":
        return False
    return auditor or moment.what != _LOOK


def _moment(moment: Moment, more: int) -> dict[str, Any]:
    ordered = moment.kind == "command"
    title = words.of(
        words.COMMANDS if ordered else words.ACTIONS,
        moment.what,
    )
    outcome = words.of(words.STATES, moment.outcome) if ordered else _refused(moment)
    times = _("%(num)s times", num=more + 1) if more else ""
    agreed = moment.detail.get("approved_by", "")
    approval = _("approved by %(name)s", name=agreed) if agreed else ""
    return {
        "at": moment.at,
        "kind": "command" if ordered else _KINDS.get(moment.what, "audit"),
        "tone": words.TONES.get(moment.outcome, "quiet"),
        "title": title,
        "detail": " · ".join(part for part in (outcome, moment.why, approval, times) if part),
        "by": moment.who,
        "url": _entry_url(moment),
    }


def _refused(moment: Moment) -> str:
    return _("refused") if moment.outcome == "denied" else ""


def _entry_url(moment: Moment) -> str:
    entry = moment.detail.get("entry_id")
    if entry is None or not chrome.may("audit.entry.list"):
        return ""
    return url_for("console.audit_entry", entry_id=entry)


def _judged(terminal: Terminal) -> Iterator[dict[str, Any]]:
    """Yield the rules that fail, then those that hold, as far as the person may know them."""
    failing = terminal.principal.posture_reasons
    if terminal.principal.state != "enrolled":
        gone = _rule("in_service", "fail", terminal.managed.state_reason)
        yield {**gone, "since": terminal.managed.state_at}
    known: dict[str, Rule] = {}
    if chrome.may("mdm.compliance.read"):
        known = {one.rule.id: one.rule for one in rules.rules(uow(), actor()) if one.rule.enabled}
    for reason in failing:
        warns = reason in known and known[reason].action == "warn"
        yield _rule(reason, "warn" if warns else "fail", _sentence(reason))
    unjudged = terminal.principal.posture_at is None or "never_reported" in failing
    for rule_id in known:
        if rule_id not in failing:
            yield _rule(rule_id, "unknown" if unjudged else "pass", "")


def _rule(rule_id: str, result: str, reason: str) -> dict[str, Any]:
    title = words.of(_RULES, rule_id)
    told = {"reason": reason, "remedy": "", "since": None}
    return {"code": rule_id, "title": title, "result": result, **told}


def _sentence(reason: str) -> str:
    return sentences(reason)["zh" if words.chinese() else "en"]


def _short(content_hash: str) -> str:
    """Return enough of `sha256:…` to compare two by eye."""
    return f"{content_hash[:15]}…" if content_hash else ""


def _life() -> timedelta:
    return timedelta(hours=kernel().settings.posture_dead_hours)


def _fresh(terminal: Terminal) -> bool:
    judged: datetime | None = terminal.principal.posture_at
    return judged is not None and uow().now() - judged <= _life()


def _storage(inventory: dict[str, Any]) -> str:
    free, total = inventory.get("storage_free_mb"), inventory.get("storage_total_mb")
    if free is None or total is None:
        return ""
    return _("%(free)s of %(total)s GB free", free=free // 1024, total=total // 1024)
