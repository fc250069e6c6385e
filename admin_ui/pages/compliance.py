"""Compliance: the rules of each class of terminals, who fails them, and writing a rule."""

from typing import Any, Final

from flask import Response, g, url_for
from flask_babel import gettext as _

from admin_ui import chrome, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.pages import compliance_form as form
from admin_ui.pages.compliance_words import ACTIONS, FACTS, TITLES, told
from admin_ui.showing import back_to, done, show
from mdm import compliance as rules
from mdm import devices
from mdm.compliance import Rule, RuleInForce
from mdm.compliance import preview as previewing
from muster.kernel.web import actor, as_id, decode, page, uow

_READ: Final = "mdm.compliance.read"
_WRITE: Final = "mdm.compliance.write"


@console.route("/compliance", actions=(_READ, "mdm.device.list"))
def compliance() -> str:
    """The rules, for all classes or for one, and the terminals that fail them."""
    filters = Filters()
    offered = [(code, words.of(words.CLASSES, code)) for code in devices.CLASSES]
    device_class = filters.choice("class", _("Class"), offered)
    known = rules.rules(uow(), actor(), device_class=device_class)
    rule_id = filters.choice("rule", _("Rule"), [(one.rule.id, _title(one.rule)) for one in known])
    may_list = chrome.may("mdm.device.list")
    return show(
        "compliance/rules.html",
        "compliance",
        filters=filters.drawn,
        new_url=url_for("console.compliance_new") if chrome.may(_WRITE) else "",
        rules=[_line(one) for one in known],
        **(_failing(rule_id, device_class) if may_list else {"failing": [], "page": None}),
    )


@console.route("/compliance/new", actions=(_READ,))
def compliance_new() -> str:
    """The form of a rule of one's own."""
    rules.rules(uow(), actor())
    return _editor(None)


@console.route("/compliance/new", methods=["POST"], actions=(_READ, _WRITE))
@back_to(compliance_new)
def compliance_create() -> Response | str:
    """Show what a new rule would do, or make it."""
    rule = form.new_rule()
    if form.only_looking():
        return _looked(None, rule)
    rules.create_rule(uow(), actor(), rule)
    return done("rule_saved", "console.compliance")


@console.route("/compliance/rules/<rule_id>", actions=(_READ,))
def compliance_rule(rule_id: str) -> str:
    """One rule, to change it."""
    return _editor(rules.rule_in_force(uow(), actor(), rule_id))


@console.route("/compliance/rules/<rule_id>", methods=["POST"], actions=(_READ, _WRITE))
@back_to(compliance_rule)
def compliance_change(rule_id: str) -> Response | str:
    """Show what a changed rule would do, or put it into force."""
    known = rules.rule_in_force(uow(), actor(), rule_id)
    changes = form.changes(known.rule.fact, known.rule.operator)
    if form.only_looking():
        return _looked(known, rules.changed(known.rule, changes))
    rules.change_rule(uow(), actor(), rule_id, version=form.version(), **changes)
    return done("rule_saved", "console.compliance")


def _looked(known: RuleInForce | None, rule: Rule) -> str:
    seen = previewing.preview(uow(), actor(), rule)
    g.console_told_again = {"form": {"data": form.typed(), "errors": {}, "dialog": ""}}
    return _editor(known, seen)


def _editor(known: RuleInForce | None, seen: previewing.Preview | None = None) -> str:
    rule = known.rule if known else None
    return show(
        "compliance/rule.html",
        "compliance",
        rule=form.filled(known) if known else form.blank(),
        title=_title(rule) if rule else _("New rule"),
        submit_url=(
            url_for("console.compliance_change", rule_id=rule.id)
            if rule
            else url_for("console.compliance_create")
        ),
        editable=chrome.may(_WRITE),
        choices=form.choices(),
        preview=_preview(seen) if seen else None,
    )


def _preview(seen: previewing.Preview) -> dict[str, Any]:
    return {
        "fail": seen.fail,
        "judged": seen.judged,
        "closing": seen.closing,
        "all": seen.all,
        "terminals": [
            {"number": one.label, "url": url_for("console.device", device_id=one.device_id)}
            for one in seen.terminals
        ],
    }


def _line(one: RuleInForce) -> dict[str, Any]:
    rule = one.rule
    return {
        "url": url_for("console.compliance_rule", rule_id=rule.id),
        "code": rule.id,
        "title": _title(rule),
        "fact": words.of(FACTS, rule.fact),
        "state": "active" if rule.enabled else "retired",
        "steps": told(rule),
        "classes": [words.of(words.CLASSES, code) for code in rule.classes],
    }


def _failing(rule_id: str | None, device_class: str | None) -> dict[str, Any]:
    place = decode(cursor(), 2)
    rows = rules.failing_terminals(
        uow(),
        actor(),
        rule_id=rule_id,
        device_class=device_class,
        after=(as_id(place[0]), str(place[1])) if place else None,
        limit=LIMIT,
    )
    shown = page(rows, LIMIT, lambda row: [row.device_id, row.finding.id])
    failing = [
        {
            "number": row.label,
            "url": url_for("console.device", device_id=row.device_id),
            "unit": row.unit,
            "rule": words.of(TITLES, row.finding.id),
            "since": row.finding.since,
            "action": words.of(ACTIONS, row.finding.action),
            "tone": "warn" if row.finding.action == "warn" else "block",
            "deadline": row.finding.deadline,
            "then": words.of(ACTIONS, row.finding.then) if row.finding.then else "",
        }
        for row in shown.items
    ]
    return {"failing": failing, "page": pager(shown)}


def _title(rule: Rule) -> str:
    return words.of(TITLES, rule.id)
