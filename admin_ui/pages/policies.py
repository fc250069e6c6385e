"""Access policies: what is in force, the sets, when which was published; and a new draft."""

from typing import Any, Final

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.showing import back_to, done, show
from muster.kernel.identity import names
from muster.kernel.policies import AccessPolicySet, Publication, sets, shadows
from muster.kernel.web import actor, decode_id, page, uow

N_ = str
READ: Final = "access.policy.read"
DRAFT: Final = "access.policy.draft"
KINDS: Final = {
    "active": N_("Put into force"),
    "shadow": N_("Put into shadow"),
    "shadow_end": N_("Shadow ended"),
}
_RECENT: Final = 10


@console.route("/policies", actions=(READ,))
def policies() -> str:
    """The sets, newest first, and what is in force."""
    rows = sets.listing(uow(), actor(), after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda row: [row.id])
    told = sets.publications(uow(), actor(), limit=_RECENT)[:_RECENT]
    people = names.officers(
        uow(),
        [
            *(row.created_by for row in shown.items),
            *(one.asked_by for one in told),
            *(one.approved_by for one in told),
        ],
    )
    standing = uow().kernel.guard.standing
    edition = standing.edition
    return show(
        "policies/list.html",
        "policies",
        page=pager(shown),
        new_url=url_for("console.policies_new") if may_draft() else "",
        explain_url=url_for("console.policies_explain") if chrome.may("access.explain") else "",
        in_force={
            "number": edition.number,
            "rules": len(edition.rules),
            "own": sum(rule.layer == "force" for rule in edition.rules.values()),
            "shadow": shadows.running(uow()),
            "flaws": [f"{flaw.rule}: {flaw}" for flaw in standing.flaws],
        },
        rows=[_row(row, edition.number, people) for row in shown.items],
        history=[_told(one, people) for one in told],
    )


@console.route("/policies/new", methods=["POST"], actions=(DRAFT,))
@back_to(policies, "new")
def policies_new() -> Response:
    """Begin a draft with what is in force."""
    title = forms.text("name", least=1)
    row = sets.create(uow(), actor(), title=title)
    return done("drafted", "console.policy_set", set_id=row.id)


def may_draft() -> bool:
    """Whether the person may write access policies."""
    return chrome.may(DRAFT, sets.target(uow()))


def _row(row: AccessPolicySet, in_force: int, people: dict[Any, names.Named]) -> dict[str, Any]:
    return {
        "url": url_for("console.policy_set", set_id=row.id),
        "number": row.number,
        "title": row.title,
        "state": state_of(row, in_force),
        "changed_at": row.updated_at,
        "by": people[row.created_by].name,
    }


def state_of(row: AccessPolicySet, in_force: int) -> str:
    """Return a set's state as its badge names it."""
    if row.number == in_force:
        return "active"
    return {"published": "superseded", "discarded": "withdrawn"}.get(row.state, row.state)


def _told(one: Publication, people: dict[Any, names.Named]) -> dict[str, Any]:
    number = sets.find(uow(), one.set_id).number
    return {
        "what": words.of(KINDS, one.kind),
        "set": _("Set %(number)s", number=number),
        "url": url_for("console.policy_set", set_id=one.set_id),
        "at": one.at,
        "asked": people[one.asked_by].name,
        "approved": people[one.approved_by].name if one.approved_by else "",
        "reason": one.reason,
    }
