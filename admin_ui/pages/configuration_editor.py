"""Writing a layer of configuration: choose what it governs, fill in keys or write JSON."""

from typing import Any, Final
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.pages import configuration_fields as fields
from admin_ui.pages.configuration_words import SCOPES
from admin_ui.pages.configurations import title
from admin_ui.showing import back_to, done, show
from mdm import devices
from mdm.configuration import BASE, NAMES, scope_id, service
from mdm.devices import FleetQuery
from mdm.groups import service as groups
from muster.kernel.identity import names
from muster.kernel.web import actor, uow

_LIST: Final = service.LIST
_WRITE: Final = "mdm.configuration.write"
_MOST: Final = 200
_LIMIT: Final = 2 * 1024 * 1024


@console.route("/configurations/new", actions=(_LIST, "mdm.group.list"))
def configuration_new() -> str:
    """Choose what the layer governs."""
    return show(
        "configurations/new.html",
        "configurations",
        submit_url=url_for("console.configuration_create"),
        layers=_layers(),
        terminal=request.args.get("terminal", "")[:64],
    )


@console.route("/configurations/new", methods=["POST"], actions=(_WRITE, _LIST, "mdm.device.list"))
@back_to(configuration_new)
def configuration_create() -> Response:
    """Begin a draft with what is in force."""
    kind, _colon, name = forms.text("layer", least=1, most=80).partition(":")
    scope = _scope(kind, name)
    current = service.in_force(uow(), actor(), kind, scope_id(kind, **scope))
    document = current.row.document if current else {}
    made = service.draft(
        uow(),
        actor(),
        scope_kind=kind,
        scope_id=scope["given"],
        scope_name=scope["name"],
        document=document,
    )
    return done("drafted", "console.configuration_edit", configuration_id=made.row.id)


@console.route("/configurations/<uuid:configuration_id>/edit", actions=(_LIST,))
def configuration_edit(configuration_id: UUID) -> str:
    """The keys of a draft, by group, with what holds where it is silent."""
    sheet = service.read(uow(), actor(), configuration_id)
    return show(
        "configurations/edit.html",
        "configurations",
        configuration={
            "name": title(sheet),
            "url": url_for("console.configuration", configuration_id=configuration_id),
            "version": sheet.row.revision,
            "scope": words.of(SCOPES, sheet.row.scope_kind),
            "row_version": sheet.row.version,
        },
        groups=fields.groups(sheet.document, BASE),
        document=fields.as_text(sheet.document),
        save_url=url_for("console.configuration_save", configuration_id=configuration_id),
        save_text_url=url_for("console.configuration_save_text", configuration_id=configuration_id),
    )


@console.route("/configurations/<uuid:configuration_id>/edit", methods=["POST"], actions=(_WRITE,))
@back_to(configuration_edit)
def configuration_save(configuration_id: UUID) -> Response:
    """Keep what the fields say."""
    return _save(configuration_id, fields.posted())


@console.route("/configurations/<uuid:configuration_id>/text", methods=["POST"], actions=(_WRITE,))
@back_to(configuration_edit)
def configuration_save_text(configuration_id: UUID) -> Response:
    """Keep what was written as JSON."""
    return _save(configuration_id, fields.pasted())


def _save(configuration_id: UUID, document: dict[str, Any]) -> Response:
    version = forms.whole("version", 1, 1_000_000)
    service.revise(uow(), actor(), configuration_id, document, version)
    return done("saved", "console.configuration", configuration_id=configuration_id)


def _layers() -> list[dict[str, Any]]:
    """Return the layers one may choose from, by kind: `[{label, options: [{value, label}]}]`."""
    below = names.units_below(uow(), chrome.posts())
    offered = groups.listing(uow(), actor(), limit=_MOST)
    named = {"class": words.CLASSES, "role": words.ROLES}
    return [
        {
            "label": words.of(SCOPES, "unit"),
            "options": [{"value": f"unit:{unit.code}", "label": unit.name} for unit in below],
        },
        {
            "label": words.of(SCOPES, "group"),
            "options": [{"value": f"group:{one.id}", "label": one.name} for one in offered],
        },
        *(
            {
                "label": words.of(SCOPES, kind),
                "options": [
                    {"value": f"{kind}:{name}", "label": words.of(named[kind], name)}
                    for name in NAMES[kind]
                ],
            }
            for kind in NAMES
        ),
    ]


def _scope(kind: str, name: str) -> dict[str, Any]:
    """Return what was chosen as an id or a name."""
    if kind in NAMES:
        return {"given": None, "name": name}
    if kind == "organisation":
        return {"given": None, "name": None}
    if kind == "unit":
        return {"given": uow().kernel.people.by_code(name).id, "name": None}
    if kind == "group":
        try:
            return {"given": UUID(name), "name": None}
        except ValueError as error:
            raise forms.fault("layer", _("Choose one of those offered.")) from error
    return {"given": _terminal(), "name": None}


def _terminal() -> UUID:
    label = forms.text("terminal", least=1, most=64)
    found = devices.listing(uow(), actor(), FleetQuery(text=label), limit=2)
    exact = [one for one in found if label in (one.principal.label, one.managed.serial)]
    if len(exact) != 1:
        raise forms.fault("terminal", _("No terminal has this number or serial."))
    return exact[0].id
