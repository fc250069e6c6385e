"""The form of a compliance rule: its fields as text, and the rule that was typed."""

import re
from typing import Any, Final, cast

from flask import request
from flask_babel import gettext as _

from admin_ui import forms, words
from admin_ui.pages.compliance_words import ACTIONS, FACTS, OPERATORS, SEVERITIES
from mdm import compliance as rules
from mdm import devices
from mdm.compliance import Rule, RuleInForce
from muster.kernel.errors import VersionRequired

_MOST_HOURS: Final = 24 * 365
_YES: Final = {"yes": True, "true": True, "no": False, "false": False}
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{2,63}")
_KEPT: Final = ("csrf_token", "do")


def only_looking() -> bool:
    """Whether the button for the preview was pressed."""
    return request.form.get("do") == "preview"


def version() -> int:
    """Return the version of the rule that the page showed."""
    given = request.form.get("version", "")
    if not given.isdecimal():
        raise VersionRequired
    return int(given)


def new_rule() -> Rule:
    """Return the rule that was typed."""
    fact = forms.chosen("fact", rules.FACTS)
    operator = forms.chosen("operator", OPERATORS)
    name = forms.text("id", most=64)
    if not _NAME.fullmatch(name):
        raise forms.fault("id", _("Small letters, digits and underscores, three at least."))
    empty = Rule(name, fact, cast("Any", operator), None)
    return rules.changed(empty, changes(fact, operator))


def changes(fact: str, operator: str) -> dict[str, Any]:
    """Return the fields that may change, as they were typed."""
    escalation = forms.chosen("escalation", ("", *rules.CONSEQUENCES)) or None
    return {
        "value": _value(rules.FACTS[fact], operator),
        "severity": forms.chosen("severity", rules.SEVERITIES),
        "action": forms.chosen("action", rules.CONSEQUENCES),
        "enabled": "enabled" in request.form,
        "classes": tuple(
            code for code in devices.CLASSES if code in request.form.getlist("classes")
        ),
        "grace_hours": forms.whole("grace_hours", 0, _MOST_HOURS),
        "deadline_hours": forms.whole("deadline_hours", 1, _MOST_HOURS) if escalation else None,
        "escalation": escalation,
        "unknown_passes": "unknown_passes" in request.form,
        "sentence_en": forms.text("sentence_en", most=300),
        "sentence_zh": forms.text("sentence_zh", most=300),
    }


def typed() -> dict[str, Any]:
    """Return what was typed, to show it again."""
    flat: dict[str, Any] = {k: v for k, v in request.form.items() if k not in _KEPT}
    return flat | {"classes": request.form.getlist("classes")}


def blank() -> dict[str, Any]:
    """Return the fields of a rule that is to be made."""
    shown = _fields(Rule("", "os_version", "version_at_least", ""))
    return shown | {"own": True, "id": "", "version": "", **_ticked()}


def filled(known: RuleInForce) -> dict[str, Any]:
    """Return the fields of a rule as it is, or as it was typed."""
    return _fields(known.rule) | {"own": False, "version": known.version, **_ticked()}


def choices() -> dict[str, list[dict[str, str]]]:
    """Return what the fields offer."""
    return {
        "facts": _options(FACTS),
        "operators": _options(OPERATORS),
        "severities": _options(SEVERITIES),
        "actions": _options(ACTIONS),
        "escalations": [{"value": "", "label": _("Nothing more")}, *_options(ACTIONS)[1:]],
        "classes": _options(words.CLASSES),
    }


def _fields(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "fact": words.of(FACTS, rule.fact),
        "operator": words.of(OPERATORS, rule.operator),
        "value": _written(rule.value),
        "severity": rule.severity,
        "action": rule.action,
        "enabled": rule.enabled,
        "classes": list(rule.classes),
        "grace_hours": rule.grace_hours,
        "deadline_hours": rule.deadline_hours or "",
        "escalation": rule.escalation or "",
        "unknown_passes": rule.unknown_passes,
        "sentence_en": rule.sentence_en,
        "sentence_zh": rule.sentence_zh,
    }


def _ticked() -> dict[str, Any]:
    """Boxes keep what was ticked; a box that is not ticked sends nothing."""
    if request.method != "POST":
        return {}
    return {
        "enabled": "enabled" in request.form,
        "unknown_passes": "unknown_passes" in request.form,
        "classes": request.form.getlist("classes"),
    }


def _value(kind: str, operator: str) -> Any:
    given = forms.text("value", least=1, most=4000)
    if kind == "flag" and given.lower() in _YES:
        return _YES[given.lower()]
    if kind == "number" and given.isdecimal():
        return int(given)
    if operator in ("one_of", "has_all", "has_none"):
        return [part.strip() for part in given.replace(",", "\n").split("\n") if part.strip()]
    return given


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "\n".join(value) if isinstance(value, list) else str(value)


def _options(among: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": code, "label": words.of(among, code)} for code in among]
