"""Where terminals go as they come in: the list, its file, and units that want approval."""

from typing import Any, Final
from uuid import UUID

from flask import Response, request, url_for

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.pages.enrolment_view import CLASSES, OWNERSHIPS
from admin_ui.showing import back_to, done, show
from mdm import devices, enrolment
from mdm.enrolment import Imported, PreRegistration
from muster.kernel.identity import names
from muster.kernel.web import actor, decode_id, page, uow

_MOST: Final = 200_000
_LIST: Final = ("mdm.pre_registration.list", "mdm.enrol_rule.list")


@console.route("/enrolment/pre-registrations", actions=_LIST)
def pre_registrations() -> str:
    """Pre-registrations, newest first."""
    return _page(None)


@console.route(
    "/enrolment/pre-registrations",
    methods=["POST"],
    actions=("mdm.pre_registration.import", *_LIST),
    limit=1024 * 1024,
)
@back_to(pre_registrations)
def pre_registrations_import() -> str:
    """Take the good rows of what was pasted, and list what is wrong with the others."""
    text = forms.text("rows", least=1, most=_MOST)
    dry = "dry_run" in request.form
    return _page(enrolment.take_in(uow(), actor(), text.encode(), dry_run=dry), dry=dry)


@console.route(
    "/enrolment/pre-registrations/<uuid:registration_id>/remove",
    methods=["POST"],
    actions=("mdm.pre_registration.remove",),
)
@back_to(pre_registrations, keys=())
def pre_registration_remove(registration_id: UUID) -> Response:
    """Forget where a terminal was to go."""
    enrolment.remove(uow(), actor(), registration_id)
    return done("forgotten", "console.pre_registrations")


@console.route("/enrolment/rules", methods=["POST"], actions=("mdm.enrol_rule.set",))
@back_to(pre_registrations, keys=())
def enrolment_rule() -> Response:
    """Say if terminals of a unit wait to be let in."""
    wanted = forms.chosen("needs_approval", ("yes", "no")) == "yes"
    code = forms.text("unit", least=1, most=64)
    enrolment.set_rule(uow(), actor(), code, needs_approval=wanted)
    return done("rule_set", "console.pre_registrations")


def _page(imported: Imported | None, *, dry: bool = False) -> str:
    uow().session.flush()
    rows = enrolment.registered(uow(), actor(), after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda row: [row.id])
    labels = devices.labels(uow(), [row.device_id for row in shown.items if row.device_id])
    holders = names.officers(uow(), [row.holder_id for row in shown.items])
    below = names.units_below(uow(), chrome.posts())
    return show(
        "enrolment/pre_registrations.html",
        "enrolment",
        page=pager(shown),
        rows=[_row(row, labels, holders) for row in shown.items],
        import_url=url_for("console.pre_registrations_import"),
        most=_MOST,
        report=_report(imported, dry=dry),
        rules=[
            {"unit": rule.unit, "waits": rule.needs_approval}
            for rule in enrolment.rules(uow(), actor())
        ],
        rule_url=url_for("console.enrolment_rule"),
        units=[{"value": unit.code, "label": f"{unit.name} · {unit.code}"} for unit in below],
    )


def _row(row: PreRegistration, labels: dict[UUID, str], holders: dict[UUID, Any]) -> dict[str, Any]:
    may = chrome.may("mdm.pre_registration.remove", enrolment.registration_target(uow(), row))
    remove = url_for("console.pre_registration_remove", registration_id=row.id)
    used = row.device_id is not None
    return {
        "id": str(row.id),
        "serial": row.serial or "",
        "imei": row.imei or "",
        "unit": uow().kernel.people.unit(row.unit_id).name,
        "class": words.of(CLASSES, row.device_class) if row.device_class else "",
        "holder": holders[row.holder_id].name if row.holder_id else "",
        "ownership": words.of(OWNERSHIPS, row.ownership),
        "ring": row.ring,
        "attributes": ", ".join(f"{key}={value}" for key, value in row.attributes.items()),
        "device": labels.get(row.device_id, "") if row.device_id else "",
        "url": url_for("console.device", device_id=row.device_id) if used else "",
        "used_at": row.used_at,
        "remove_url": remove if may else "",
    }


def _report(imported: Imported | None, *, dry: bool) -> dict[str, Any] | None:
    if imported is None:
        return None
    return {
        "dry": dry,
        "added": imported.added,
        "changed": imported.changed,
        "unchanged": imported.unchanged,
        "faults": [{"pointer": fault.pointer, "detail": fault.detail} for fault in imported.faults],
    }
