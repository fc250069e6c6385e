"""May this officer do this, there, and why: one question, answered by the access policies."""

from typing import Any, Final

from flask import request, url_for
from flask_babel import gettext as _

from admin_ui.blueprint import console
from admin_ui.showing import show
from muster.kernel import guard
from muster.kernel.errors import DomainError
from muster.kernel.identity import names
from muster.kernel.policies import Explanation, Question, matrix, sets
from muster.kernel.policies import explain as explaining
from muster.kernel.web import actor, uow

_ASKED: Final = "access.explain"


@console.route("/policies/explain", actions=(_ASKED,))
def policies_explain() -> str:
    """The question as a form; with an officer and an action also the answer."""
    given = {
        name: request.args.get(name, "").strip()[:100].replace("\x00", "")
        for name in ("officer", "action", "unit", "zone", "purpose", "case_ref")
    }
    given["own"] = "1" if request.args.get("own") else ""
    told, problem = None, ""
    if given["officer"] and given["action"]:
        told, problem = _answer(given)
    else:
        guard.require(uow(), actor(), _ASKED, guard.FORCE)
    root = (sets.target(uow()).unit or "/").strip("/")
    return show(
        "policies/explain.html",
        "policies",
        url=url_for("console.policies_explain"),
        given=given,
        wrong=problem,
        actions=[one.name for one in matrix.actions(uow().kernel.guard)],
        units=[{"value": "", "label": _("Their own unit")}]
        + [{"value": u.code, "label": u.name} for u in names.units_below(uow(), [root])],
        answer=None if told is None else _shown(told),
    )


def _answer(given: dict[str, str]) -> tuple[Explanation | None, str]:
    question = Question(
        officer=given["officer"],
        action=given["action"],
        unit=given["unit"],
        own=bool(given["own"]),
        zone=given["zone"] or "internet",
        purpose=given["purpose"],
        case_ref=given["case_ref"],
    )
    try:
        return explaining.explain(uow(), actor(), question), ""
    except DomainError as error:
        if error.status != 404:
            raise
        return None, error.detail


def _shown(told: Explanation) -> dict[str, Any]:
    return {
        "allowed": told.allowed,
        "name": f"{told.officer.name} · {told.officer.number}",
        "action": told.action.name,
        "set": _("Set %(number)s", number=told.number) if told.number else _("Shipped rules alone"),
        "rules": [
            {"id": rule.id, "text": rule.text, "own": rule.layer == "force", "advice": rule.advice}
            for rule in told.rules
        ],
        "erred": told.erred,
        "lifts": list(told.lifts),
        "used": [(path, _plain(value)) for path, value in told.used.items()],
        "assumed": [(name, _plain(value)) for name, value in told.assumed.items()],
        "permits": [rule.id for rule in told.permits],
    }


def _plain(value: Any) -> str:
    if value is None:
        return "—"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
