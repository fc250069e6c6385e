"""What an app is told, group by group: a form of its own declaration, and what one terminal gets."""

from typing import Any, Final
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.pages import app_rooms
from admin_ui.pages.app_config_fields import at_fields, fields, posted, shown
from admin_ui.showing import back_to, done, show
from appstore import managed_configs
from appstore.managed_configs import (
    EVERYBODY,
    WRITE,
    AppConfigInvalid,
    Overview,
    Sheet,
    preview,
    target,
)
from mdm import devices, groups
from mdm.devices import FleetQuery
from mdm.groups import Group
from muster.kernel.identity import names
from muster.kernel.web import actor, uow

_PAGE: Final = "console.app_configs"
_PATH: Final = "/apps/<string(maxlength=223):package>/configs"
_MOST_GROUPS: Final = 200


@console.route(
    _PATH, actions=("app.catalogue.read", "mdm.group.list", "mdm.device.list", "mdm.device.read")
)
def app_configs(package: str) -> str:
    """All that an app is told; `?scope=` is what the form is for, `?terminal=` what one gets."""
    overview = managed_configs.listing(uow(), actor(), package)
    scope = request.form.get("scope") or request.args.get("scope") or EVERYBODY
    offered = _groups()
    group = next((one for one in offered if str(one.id) == scope), None)
    sheet = next((one for one in overview.items if one.scope == scope), None)
    return show(
        "apps/configs.html",
        "apps",
        app={"name": app_rooms.name(overview.app), "package": package},
        app_rooms=app_rooms.links(overview.app, _PAGE),
        declared=_declared(overview),
        rows=_rows(overview),
        scopes=[
            {"value": EVERYBODY, "label": _("Everybody")},
            *({"value": str(one.id), "label": one.name} for one in offered),
        ],
        sheet=_sheet(overview, scope, group, sheet),
        **_preview(package),
    )


@console.route(_PATH, methods=["POST"], actions=(WRITE, "app.catalogue.read"))
@back_to(app_configs)
def app_configs_save(package: str) -> Response:
    """Set what the form's scope is told, or take it away."""
    scope, version = forms.text("scope", least=1, most=36), forms.whole("version", 0, 10**9 - 1)
    group_id = None if scope == EVERYBODY else forms.optional_id("scope")
    if "remove" in request.form:
        managed_configs.remove(uow(), actor(), package, group_id, version)
        return done("group_saved", _PAGE, package=package)
    overview = managed_configs.listing(uow(), actor(), package)
    declared = overview.declaration.restrictions if overview.declaration else ()
    values, secrets = posted(declared)
    try:
        managed_configs.put(
            uow(), actor(), package, group_id, values=values, secrets=secrets, version=version
        )
    except AppConfigInvalid as error:
        raise at_fields(error, declared) from error
    return done("group_saved", _PAGE, package=package, scope=scope)


def _declared(overview: Overview) -> dict[str, Any] | None:
    said = overview.declaration
    if said is None or not said.restrictions:
        return None
    return {"version": said.version_name, "keys": len(said.restrictions)}


def _rows(overview: Overview) -> list[dict[str, Any]]:
    people = names.officers(uow(), [sheet.updated_by for sheet in overview.items])
    return [
        {
            "url": url_for(_PAGE, package=overview.app.package, scope=sheet.scope),
            "name": sheet.group.name if sheet.group else _("Everybody"),
            "priority": sheet.group.priority if sheet.group else None,
            "said": [
                {"key": key, "value": shown(value)} for key, value in sorted(sheet.values.items())
            ],
            "misfits": [
                {"code": code, "keys": ", ".join(keys)}
                for code, keys in sorted(sheet.misfits.items(), key=lambda one: -int(one[0]))
            ],
            "by": people[sheet.updated_by].name if sheet.updated_by in people else "",
            "at": sheet.updated_at,
        }
        for sheet in overview.items
    ]


def _sheet(
    overview: Overview, scope: str, group: Group | None, sheet: Sheet | None
) -> dict[str, Any] | None:
    """Return the form of a scope, None where there is nothing to declare or nobody may."""
    group = sheet.group if sheet else group
    known = group is not None or scope == EVERYBODY
    if not known or overview.declaration is None or not overview.declaration.restrictions:
        return None
    if not chrome.may(WRITE, target(uow(), actor(), overview.app, group)):
        return None
    return {
        "scope": scope,
        "name": group.name if group else _("Everybody"),
        "version": sheet.version if sheet else 0,
        "set": sheet is not None,
        "save_url": url_for("console.app_configs_save", package=overview.app.package),
        "fields": fields(
            overview.declaration.restrictions,
            sheet.values if sheet else {},
            sheet.secrets if sheet else (),
        ),
    }


def _groups() -> list[Group]:
    if not chrome.may("mdm.group.list"):
        return []
    return list(groups.listing(uow(), actor(), limit=_MOST_GROUPS))


def _preview(package: str) -> dict[str, Any]:
    """What the terminal of `?terminal=` is told; its number is looked up among those one may read."""
    number = request.args.get("terminal", "").strip()[:64].replace("\x00", "")
    may = chrome.may("mdm.admission.list")
    view: dict[str, Any] = {"may_preview": may, "terminal": number, "preview": None}
    device_id = _named(number) if may and number else None
    if device_id is None:
        return view
    told = preview(uow(), actor(), package, device_id)
    return view | {
        "preview": {
            "terminal": told.terminal,
            "code": told.version_code,
            "told": [
                {"key": key, "value": shown(value), "by": _said_by(told.said_by, key)}
                for key, value in sorted(told.values.items())
            ],
            "left_out": told.left_out,
        }
    }


def _said_by(said_by: dict[str, str], key: str) -> str:
    """Return whose word a value is; that of a bundle may be several groups'."""
    found = {name for place, name in said_by.items() if place == key or place.startswith(f"{key}.")}
    return ", ".join(_("Everybody") if name == EVERYBODY else name for name in sorted(found))


def _named(number: str) -> UUID | None:
    for terminal in devices.listing(uow(), actor(), FleetQuery(text=number)):
        if terminal.principal.label.upper() == number.upper():
            return terminal.id
    return None
