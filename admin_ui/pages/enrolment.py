"""Letting terminals in: tokens, and their codes."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.showing import back_to, done, show
from mdm import enrolment as tokens
from mdm.enrolment import EnrolToken, Wish, qr_svg
from mdm.groups import groups_in
from mdm.groups import service as groups
from muster.kernel.guard import Target
from muster.kernel.identity import names
from muster.kernel.web import actor, decode_id, page, uow

_MOST_HOURS: Final = int(tokens.LONGEST.total_seconds() // 3600)
_CREATE = "mdm.enrol_token.create"


@console.route("/enrolment", actions=("mdm.enrol_token.list",))
def enrolment() -> str:
    """Tokens, newest first."""
    rows = tokens.listing(uow(), actor(), after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda token: [token.id])
    return show(
        "enrolment/list.html",
        "enrolment",
        filters=[],
        page=pager(shown),
        new_url=url_for("console.enrolment_new") if _may_create() else "",
        tokens=_lines(shown.items),
        waiting=[],
    )


@console.route("/enrolment/new", actions=("mdm.group.list",))
def enrolment_new() -> str:
    """The form."""
    offered = groups.listing(uow(), actor(), limit=200)
    below = names.units_below(uow(), chrome.posts())
    none = [{"value": "", "label": _("No group")}]
    return show(
        "enrolment/new.html",
        "enrolment",
        submit_url=url_for("console.enrolment_create"),
        units=[{"value": unit.code, "label": f"{unit.name} · {unit.code}"} for unit in below],
        groups=[*none, *({"value": str(group.id), "label": group.name} for group in offered)],
        most_hours=_MOST_HOURS,
        most_uses=tokens.MOST_USES,
    )


@console.route("/enrolment/new", methods=["POST"], actions=(_CREATE,))
@back_to(enrolment_new)
def enrolment_create() -> str:
    """Make a token; its code is shown in this answer and never again."""
    made = tokens.create(uow(), actor(), _wish())
    uow().session.flush()
    return _token_page(made.row, made.token, Markup(qr_svg(made.content)))  # noqa: S704 - segno's


@console.route("/enrolment/<uuid:token_id>", actions=("mdm.enrol_token.read",))
def enrolment_token(token_id: UUID) -> str:
    """A token without its code."""
    return _token_page(tokens.read(uow(), actor(), token_id), "", "")


@console.route(
    "/enrolment/<uuid:token_id>/revoke", methods=["POST"], actions=("mdm.enrol_token.revoke",)
)
@back_to(enrolment, "revoke-{token_id}", keys=())
def enrolment_revoke(token_id: UUID) -> Response:
    """Let nobody in with it any more."""
    forms.reason()
    tokens.revoke(uow(), actor(), token_id)
    return done("revoked", "console.enrolment")


def _wish() -> Wish:
    uses = forms.whole("uses", 1, tokens.MOST_USES)
    group = forms.optional_id("group")
    return Wish(
        unit=forms.text("unit", least=1, most=64),
        kind="single" if uses == 1 else "batch",
        uses=uses,
        lasts=timedelta(hours=forms.whole("hours", 1, _MOST_HOURS)),
        label=forms.text("name", least=1, most=100),
        group_ids=(group,) if group else (),
    )


def _token_page(row: EnrolToken, secret: str, qr: str) -> str:
    return show(
        "enrolment/token.html",
        "enrolment",
        token=_lines([row])[0],
        secret=secret,
        qr_svg=qr,
        server_url=uow().kernel.settings.origin,
    )


def _lines(rows: Any) -> list[dict[str, Any]]:
    people = names.officers(uow(), [row.created_by for row in rows])
    wanted = {UUID(group_id) for row in rows for group_id in row.group_ids}
    known = {str(group.id): group.name for group in groups_in(uow(), sorted(wanted))}
    return [_line(row, people[row.created_by].name, known) for row in rows]


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


def _may_create() -> bool:
    people = uow().kernel.people
    return any(
        chrome.may(_CREATE, Target("EnrolToken", "new", unit=people.by_code(code).path))
        for code in chrome.posts()
    )
