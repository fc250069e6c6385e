"""Groups of terminals: make, fill by rule, see who is in."""

from typing import Any, Final
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.pages.enrolment_view import OWNERSHIPS, options
from admin_ui.showing import back_to, done, show
from mdm import devices
from mdm import groups as service
from mdm.devices import FleetQuery
from mdm.groups import Group, Preview
from muster.kernel.identity import names
from muster.kernel.web import actor, decode_id, page, uow

_LIST: Final = "mdm.group.list"
_MEMBERS: Final = ("mdm.group.change", "mdm.device.assign", "mdm.device.list")


@console.route("/groups", endpoint="groups", actions=(_LIST,))
def groups_list() -> str:
    """Groups, newest first."""
    rows = service.listing(uow(), actor(), after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda group: [group.id])
    counts = service.counted(uow(), [group.id for group in shown.items])
    return show(
        "groups/list.html",
        "groups",
        page=pager(shown),
        new_url=url_for("console.group_new") if chrome.may("mdm.admission.list") else "",
        rows=[
            {
                "url": url_for("console.group", group_id=group.id),
                "name": group.name,
                "description": group.description,
                "unit": uow().kernel.people.unit(group.unit_id).name,
                "by_rule": group.rule is not None,
                "priority": group.priority,
                "members": counts.get(group.id, 0),
            }
            for group in shown.items
        ],
    )


@console.route("/groups/new", actions=(_LIST,))
def group_new() -> str:
    """The form of a new group, for whoever may list groups."""
    service.listing(uow(), actor(), limit=1)
    return _form_page(None)


@console.route("/groups/new", methods=["POST"], actions=("mdm.group.create", _LIST))
@back_to(group_new)
def group_create() -> str | Response:
    """Make a group, or try its rule."""
    rule = service.rule_of(request.form)
    if "preview" in request.form:
        return _form_page(None, _tried(rule))
    group = service.create(
        uow(), actor(), **_said(), unit=forms.text("unit", least=1, most=64), rule=rule
    )
    return done("group_saved", "console.group", group_id=group.id)


@console.route("/groups/<uuid:group_id>", actions=(_LIST,))
def group(group_id: UUID) -> str:
    """One group: its rule and its terminals."""
    return _form_page(service.read(uow(), actor(), group_id))


@console.route("/groups/<uuid:group_id>", methods=["POST"], actions=("mdm.group.change", _LIST))
@back_to(group)
def group_change(group_id: UUID) -> str | Response:
    """Change a group, or try its rule."""
    rule = service.rule_of(request.form)
    if "preview" in request.form:
        return _form_page(service.read(uow(), actor(), group_id), _tried(rule))
    version = forms.whole("version", 1, 10**9 - 1)
    service.change(uow(), actor(), group_id, version, _said() | {"rule": rule})
    return done("group_saved", "console.group", group_id=group_id)


@console.route("/groups/<uuid:group_id>/members", methods=["POST"], actions=_MEMBERS)
@back_to(group)
def group_add(group_id: UUID) -> Response:
    """Put a terminal into the group by its number."""
    label = forms.text("terminal", least=1, most=64)
    for terminal in devices.listing(uow(), actor(), FleetQuery(text=label)):
        if terminal.principal.label.upper() == label.upper():
            service.add(uow(), actor(), group_id, terminal.id)
            return done("group_saved", "console.group", group_id=group_id)
    raise forms.fault("terminal", _("No terminal in service has this number."))


@console.route(
    "/groups/<uuid:group_id>/members/<uuid:device_id>/remove", methods=["POST"], actions=_MEMBERS
)
@back_to(group, keys=("group_id",))
def group_remove(group_id: UUID, device_id: UUID) -> Response:
    """Take a terminal out of the group."""
    service.remove(uow(), actor(), group_id, device_id)
    return done("group_saved", "console.group", group_id=group_id)


def _said() -> dict[str, Any]:
    sign = -1 if forms.text("priority", most=5).startswith("-") else 1
    given = forms.text("priority", most=5).removeprefix("-")
    if not given.isdecimal() or int(given) > 1000:
        raise forms.fault(
            "priority", _("A whole number from %(low)s to %(high)s.", low=-1000, high=1000)
        )
    return {
        "name": forms.text("name", least=1, most=100),
        "description": forms.text("description", most=500),
        "priority": sign * int(given),
    }


def _tried(rule: dict[str, Any] | None) -> Preview:
    if rule is None:
        raise forms.fault("rule_unit", _("Fill in at least one line of the rule."))
    return service.preview(uow(), actor(), rule)


def _form_page(row: Group | None, tried: Preview | None = None) -> str:
    below = names.units_below(uow(), chrome.posts())
    units = [{"value": unit.code, "label": f"{unit.name} · {unit.code}"} for unit in below]
    any_ = [{"value": "", "label": _("Any")}]
    typed = dict(request.form) if tried is not None else {}
    change = row is None or chrome.may("mdm.group.change", service.target(uow(), row))
    return show(
        "groups/detail.html",
        "groups",
        group=_facts(row) if row else None,
        values={**_values(row), **typed},
        units=units,
        rule_units=[*any_, *units],
        ownerships=[*any_, *options(OWNERSHIPS)],
        submit_url=_submit(row) if change else "",
        preview=_preview(tried),
        **_members(row, change=change),
    )


def _submit(row: Group | None) -> str:
    if row is None:
        return url_for("console.group_create")
    return url_for("console.group_change", group_id=row.id)


def _facts(row: Group) -> dict[str, Any]:
    return {
        "name": row.name,
        "unit": uow().kernel.people.unit(row.unit_id).name,
        "version": row.version,
        "by_rule": row.rule is not None,
    }


def _values(row: Group | None) -> dict[str, Any]:
    written = service.written(row.rule if row else None)
    if row is None:
        return {"name": "", "description": "", "priority": 0, "unit": "", **written}
    return {"name": row.name, "description": row.description, "priority": row.priority, **written}


def _preview(tried: Preview | None) -> dict[str, Any] | None:
    if tried is None:
        return None
    return {
        "matches": tried.matches,
        "complete": tried.complete,
        "examples": tried.examples,
    }


def _members(row: Group | None, *, change: bool) -> dict[str, Any]:
    if row is None:
        return {"members": [], "page": None, "add_url": ""}
    found = service.members_of(uow(), actor(), row.id, after=decode_id(cursor()), limit=LIMIT)
    shown = page(found, LIMIT, lambda member: [member.id])
    return {
        "members": [
            {
                "url": url_for("console.device", device_id=member.id),
                "number": member.label,
                "serial": member.serial,
                "model": member.model,
                "by_rule": member.by_rule,
                "remove_url": url_for("console.group_remove", group_id=row.id, device_id=member.id)
                if change and not member.by_rule
                else "",
            }
            for member in shown.items
        ],
        "page": pager(shown),
        "add_url": url_for("console.group_add", group_id=row.id) if change else "",
    }
