"""Letting terminals in: tokens and their codes, and those that wait to be let in."""

from typing import Final
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.pages.enrolment_view import offered, token_lines, waiting_lines
from admin_ui.showing import back_to, done, show
from mdm import devices
from mdm import enrolment as tokens
from mdm.devices import FleetQuery
from mdm.enrolment import EnrolToken, Wish, qr_svg
from muster.kernel.guard import Target
from muster.kernel.web import actor, decode_id, page, uow

_MOST_HOURS: Final = int(tokens.LONGEST.total_seconds() // 3600)
_CREATE: Final = "mdm.enrol_token.create"
_CREATING: Final = (_CREATE, "mdm.enrol_token.read", "mdm.device.list", "mdm.device.retire")
_QUEUE: Final = 50


@console.route("/enrolment", actions=("mdm.enrol_token.list", "mdm.admission.list"))
def enrolment() -> str:
    """Who waits to be let in, and tokens, newest first."""
    rows = tokens.listing(uow(), actor(), after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda token: [token.id])
    return show(
        "enrolment/list.html",
        "enrolment",
        filters=[],
        page=pager(shown),
        new_url=url_for("console.enrolment_new") if _may_create() else "",
        registered_url=url_for("console.pre_registrations"),
        tokens=token_lines(shown.items),
        waiting=waiting_lines(tokens.waiting(uow(), actor(), limit=_QUEUE)[:_QUEUE]),
    )


@console.route("/enrolment/new", actions=("mdm.group.list",))
def enrolment_new() -> str:
    """The form."""
    return show(
        "enrolment/new.html",
        "enrolment",
        submit_url=url_for("console.enrolment_create"),
        **offered(),
        most_hours=_MOST_HOURS,
        most_uses=tokens.MOST_USES,
    )


@console.route("/enrolment/new", methods=["POST"], actions=_CREATING)
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


@console.route(
    "/enrolment/waiting/<uuid:device_id>/admit", methods=["POST"], actions=("mdm.device.admit",)
)
@back_to(enrolment, keys=())
def enrolment_admit(device_id: UUID) -> Response:
    """Let a terminal in that waits."""
    tokens.approve(uow(), actor(), device_id)
    return done("let_in", "console.enrolment")


@console.route(
    "/enrolment/waiting/<uuid:device_id>/reject", methods=["POST"], actions=("mdm.device.refuse",)
)
@back_to(enrolment, "reject-{device_id}", keys=())
def enrolment_reject(device_id: UUID) -> Response:
    """Turn a terminal away that waits."""
    tokens.refuse(uow(), actor(), device_id, forms.reason())
    return done("turned_away", "console.enrolment")


def _wish() -> Wish:
    uses = forms.whole("uses", 1, tokens.MOST_USES)
    group = forms.optional_id("group")
    serials = forms.text("serials", most=tokens.MOST_USES * 66).split()
    replaced = forms.text("replaces", most=64)
    given = {
        "unit": forms.text("unit", least=1, most=64),
        "kind": "single" if uses == 1 and not serials else "batch",
        "uses": 1 if serials else uses,
        "lasts_minutes": forms.whole("hours", 1, _MOST_HOURS) * 60,
        "label": forms.text("name", least=1, most=100),
        "group_ids": [str(group)] if group else [],
        "device_class": forms.text("device_class", most=32) or "handheld",
        "ownership": forms.text("ownership", most=16) or "pooled",
        "holder": forms.text("holder", most=32),
        "needs_approval": "needs_approval" in request.form,
        "serials": serials,
        "replaces": str(_named(replaced)) if replaced else None,
    }
    said = {name: value for name, value in given.items() if value is not None}
    return tokens.wish_of(said, request.form)


def _named(label: str) -> UUID:
    """Return the terminal with a label among those the person may see."""
    query = FleetQuery(text=label, state="enrolled")
    for terminal in devices.listing(uow(), actor(), query):
        if terminal.principal.label.upper() == label.upper():
            return terminal.id
    raise forms.fault("replaces", _("No terminal in service has this number."))


def _token_page(row: EnrolToken, secret: str, qr: str) -> str:
    listed = tokens.serials(uow(), actor(), row.id) if row.listed else []
    labels = devices.labels(uow(), [line.device_id for line in listed if line.device_id])
    return show(
        "enrolment/token.html",
        "enrolment",
        token=token_lines([row])[0],
        secret=secret,
        qr_svg=qr,
        server_url=uow().kernel.settings.origin,
        serials=[
            {
                "serial": line.serial,
                "device": labels.get(line.device_id, "") if line.device_id else "",
                "used_at": line.used_at,
            }
            for line in listed
        ],
    )


def _may_create() -> bool:
    people = uow().kernel.people
    return any(
        chrome.may(_CREATE, Target("EnrolToken", "new", unit=people.by_code(code).path))
        for code in chrome.posts()
    )
