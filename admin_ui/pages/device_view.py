"""A terminal as its page shows it: state, posture and why, configuration, commands, history."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from admin_ui import chrome, words
from admin_ui.pages.compliance_words import TITLES
from admin_ui.pages.configuration_fields import shown
from mdm import compliance as rules
from mdm.commands import CANCELLABLE, KINDS, Command
from mdm.configuration import leaves
from mdm.configuration import service as configurations
from mdm.devices import Moment, Terminal
from muster.kernel.identity import PARENT_NOT_COMPLIANT, names
from muster.kernel.web import actor, kernel, uow

N_ = str
_DOORS: Final = {True: "full", False: "deposit"}
_LOOK: Final = "mdm.device.read"
_GIVEN: Final = {f"mdm.device.{kind}" for kind in KINDS if kind != "wipe"}
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
        "asset_url": url_for("console.equipment_item", asset_id=managed.asset_id)
        if managed.asset_id
        else "",
        "imei": managed.imei,
        "unit": terminal.unit.name,
        "os": system(terminal),
        "patch_level": managed.patch_level.isoformat() if managed.patch_level else "",
        "agent": managed.agent_version,
        "zone": managed.inventory.get("carrier", ""),
        "battery": managed.battery,
        "storage": _storage(managed.inventory),
        "holder": {"name": holder.name, "number": holder.number} if holder else None,
        "groups": list(groups),
        "traits_url": url_for("console.device_traits", device_id=terminal.id),
        "enrolled_at": principal.created_at,
        "last_seen": managed.last_seen,
    }


def posture(terminal: Terminal, *, held_back: bool = False) -> dict[str, Any]:
    """Return which door stands open to the terminal, and what every rule says of it.

    `held_back`: the terminal that it belongs to is not in order.
    """
    judged = terminal.principal.posture_at
    served = terminal.principal.state == "enrolled"
    passes = terminal.compliant and _fresh(terminal) and not held_back
    return {
        "access": _DOORS[passes] if served else "none",
        "judged_at": judged,
        "valid_until": judged + _life() if judged and passes else None,
        "rules": [
            *(
                [_rule(PARENT_NOT_COMPLIANT, "fail", _sentence(PARENT_NOT_COMPLIANT))]
                if held_back
                else ()
            ),
            *_judged(terminal),
        ],
    }


def configuration(sight: configurations.Sight) -> dict[str, Any] | None:
    """Return what the terminal is to be, which layer says each value, and what it echoed."""
    managed = sight.terminal.managed
    if not managed.desired_hash:
        return None
    links = _layer_links(sight)
    values = leaves(sight.effective.values)
    return {
        "name": ngettext("%(num)d layer", "%(num)d layers", len(sight.layers)),
        "url": url_for("console.configurations") if chrome.may("mdm.configuration.list") else "",
        "state": "lagging" if managed.lagging else "applied",
        "desired_hash": _short(managed.desired_hash),
        "desired_at": managed.desired_at,
        "applied_hash": _short(managed.applied_hash),
        "applied_at": managed.applied_at,
        "values": [
            {"key": key, "value": shown(values[key]), "layer": layer, "url": links.get(layer, "")}
            for key, layer in sorted(sight.effective.provenance.items())
        ],
    }


def _layer_links(sight: configurations.Sight) -> dict[str, str]:
    if not chrome.may("mdm.configuration.list"):
        return {}
    return {
        layer.name: url_for("console.configuration", configuration_id=layer.configuration_id)
        for layer in sight.layers
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
        "detail": " · ".join(filter(None, (row.code, str(row.evidence.get("detail", ""))))),
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
    principal, managed = terminal.principal, terminal.managed
    failing = principal.posture_reasons
    if principal.state != "enrolled":
        yield _rule("in_service", "fail", managed.state_reason, managed.state_at)
    found = {one.id: one for one in rules.findings(uow(), principal)}
    said = rules.told(failing, list(found.values()), kernel().settings.timezone)
    for reason, sentence in zip(failing, said, strict=True):
        known = found.get(reason)
        warns = known is not None and known.action == "warn"
        told = sentence["zh" if words.chinese() else "en"]
        since = known.since if known is not None else None
        yield _rule(reason, "warn" if warns else "fail", told, since)
    unjudged = principal.posture_at is None or "never_reported" in failing
    if chrome.may("mdm.compliance.read"):
        for one in rules.rules(uow(), actor(), device_class=managed.device_class):
            if one.rule.enabled and one.rule.id not in failing:
                yield _rule(one.rule.id, "unknown" if unjudged else "pass", "")


def _sentence(reason: str) -> str:
    return rules.sentences(reason)["zh" if words.chinese() else "en"]


def _rule(rule_id: str, result: str, reason: str, since: datetime | None = None) -> dict[str, Any]:
    title = words.of(TITLES, rule_id)
    told = {"reason": reason, "remedy": "", "since": since}
    return {"code": rule_id, "title": title, "result": result, **told}


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
