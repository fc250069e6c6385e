"""Writing a draft: the matrix role by role, conditions from templates, and Cedar for experts."""

from typing import Any, Final
from uuid import UUID

import msgspec
from flask import Response, request, url_for
from flask_babel import gettext as _

from admin_ui import forms, words
from admin_ui.blueprint import console
from admin_ui.pages.policies import DRAFT, READ
from admin_ui.showing import back_to, done, show
from muster.kernel.identity import ROLES, names
from muster.kernel.policies import (
    TEMPLATES,
    AccessPolicySet,
    Condition,
    Document,
    Field,
    Grant,
    Template,
    compose,
    document_of,
    matrix,
    overview,
    sets,
)
from muster.kernel.web import actor, uow

N_ = str
_LIMIT: Final = 1024 * 1024
_SCOPES: Final = {
    "own": N_("Their own"),
    "units": N_("Their units and below"),
    "force": N_("The whole force"),
    "never": N_("Never, even with another role"),
}
_TEMPLATES: Final = {
    "zone": N_("Only from certain network zones"),
    "duty": N_("Only on duty"),
    "certification": N_("Only with a certification"),
    "sworn": N_("Only sworn officers"),
    "hours": N_("Only at certain hours"),
    "rank": N_("Only from a certain rank"),
    "app": N_("Only through certain apps"),
    "purpose": N_("Only for certain purposes"),
    "posture": N_("Only on terminals of a certain posture"),
    "fresh_sign_in": N_("Only right after signing in again"),
}
_FIELDS: Final = {
    "Zones": N_("Zones"),
    "Also where no roster says": N_("Also where no roster says"),
    "Data set": N_("Data set"),
    "From": N_("From"),
    "Until": N_("Until"),
    "Weekdays": N_("Weekdays"),
    "Rank, at least": N_("Rank, at least"),
    "Apps": N_("Apps"),
    "Purposes": N_("Purposes"),
    "Posture tier, at least": N_("Posture tier, at least"),
}
_GROUPS: Final = {
    "data": N_("Everything that shows or changes field data"),
    "data_write": N_("Everything that changes field data"),
    "needs_purpose": N_("Everything that needs a purpose"),
    "console": N_("Everything at the console"),
}


@console.route("/policies/<uuid:set_id>/matrix", actions=(READ,))
def policy_set_matrix(set_id: UUID) -> str:
    """What one role is granted, action by action."""
    row = sets.read(uow(), actor(), set_id)
    role = _role(request.args.get("role", ""))
    granted = {
        one.action: one.scope for one in document_of(row.document).grants if one.role == role
    }
    return show(
        "policies/matrix.html",
        "policies",
        set=_shown(row),
        role=role,
        roles=[
            {"name": name, "url": url_for("console.policy_set_matrix", set_id=set_id, role=name)}
            for name in ROLES
        ],
        save_url=url_for("console.policy_set_matrix_save", set_id=set_id, role=role),
        rooms=_rooms(role, granted),
    )


@console.route(
    "/policies/<uuid:set_id>/matrix/<role>", methods=["POST"], actions=(READ, DRAFT), limit=_LIMIT
)
def policy_set_matrix_save(set_id: UUID, role: str) -> Response:
    """Keep what is granted to one role; the other roles stay as they were."""
    role = _role(role)
    row = sets.read(uow(), actor(), set_id)
    document = document_of(row.document)
    ticked = [
        Grant(role, action.name, scope)
        for action in matrix.actions(uow().kernel.guard)
        for scope in matrix.scopes(uow().kernel.guard, action)
        if request.form.get(f"scope:{action.name}") == scope
    ]
    others = [one for one in document.grants if one.role != role]
    return _keep(row, msgspec.structs.replace(document, grants=[*others, *ticked]))


@console.route("/policies/<uuid:set_id>/conditions", actions=(READ,))
def policy_set_conditions(set_id: UUID) -> str:
    """The conditions of a draft, and the form of one more."""
    row = sets.read(uow(), actor(), set_id)
    asked_for = (request.view_args or {}).get("template") or request.args.get("template", "")
    chosen = TEMPLATES.get(asked_for)
    units = names.units_below(uow(), [(sets.target(uow()).unit or "/").strip("/")])
    return show(
        "policies/conditions.html",
        "policies",
        set=_shown(row),
        conditions=[
            {
                "name": one.name,
                "template": words.of(_TEMPLATES, one.template),
                "actions": ", ".join(one.actions),
                "values": _values(one),
                "whom": ", ".join([*one.roles, *([one.unit] if one.unit else [])]),
                "remove_url": url_for(
                    "console.policy_set_condition_remove", set_id=set_id, name=one.name
                ),
            }
            for one in document_of(row.document).conditions
        ],
        templates=[
            {
                "name": name,
                "title": words.of(_TEMPLATES, name),
                "url": url_for("console.policy_set_conditions", set_id=set_id, template=name),
                "current": chosen is not None and chosen.name == name,
            }
            for name in TEMPLATES
        ],
        chosen=None if chosen is None else _template(chosen),
        add_url=url_for(
            "console.policy_set_condition_add",
            set_id=set_id,
            template=chosen.name if chosen else "zone",
        ),
        groups=[{"value": name, "label": words.of(_GROUPS, name)} for name in _GROUPS],
        actions=[one.name for one in matrix.actions(uow().kernel.guard)],
        roles=list(ROLES),
        units=[{"value": "", "label": _("Everywhere")}]
        + [{"value": unit.code, "label": unit.name} for unit in units],
    )


@console.route(
    "/policies/<uuid:set_id>/conditions/<template>", methods=["POST"], actions=(READ, DRAFT)
)
@back_to(policy_set_conditions, keys=("set_id",))
def policy_set_condition_add(set_id: UUID, template: str) -> Response:
    """Add a template that was filled in."""
    row = sets.read(uow(), actor(), set_id)
    document = document_of(row.document)
    known = TEMPLATES.get(template)
    added = Condition(
        template=template,
        name=_free_name(document, template),
        actions=request.form.getlist("action"),
        roles=request.form.getlist("role"),
        unit=forms.text("unit", most=64),
        values={} if known is None else _filled_in(known),
    )
    if not added.actions:
        raise forms.fault("action", _("Choose at least one action."))
    conditions = [*document.conditions, added]
    return _keep(row, msgspec.structs.replace(document, conditions=conditions), "conditions")


@console.route(
    "/policies/<uuid:set_id>/conditions/<name>/remove", methods=["POST"], actions=(READ, DRAFT)
)
@back_to(policy_set_conditions, keys=("set_id",))
def policy_set_condition_remove(set_id: UUID, name: str) -> Response:
    """Take a condition out of a draft."""
    row = sets.read(uow(), actor(), set_id)
    document = document_of(row.document)
    left = [one for one in document.conditions if one.name != name]
    return _keep(row, msgspec.structs.replace(document, conditions=left), "conditions")


@console.route("/policies/<uuid:set_id>/expert", actions=(READ,))
def policy_set_expert(set_id: UUID) -> str:
    """Cedar as text, and which shipped permits are switched off."""
    row = sets.read(uow(), actor(), set_id)
    document = document_of(row.document)
    shipped = uow().kernel.guard.shipped.rules.values()
    return show(
        "policies/expert.html",
        "policies",
        set=_shown(row),
        expert=document.expert,
        flaws=[str(flaw) for flaw in sets.check(uow(), row).flaws],
        save_url=url_for("console.policy_set_expert_save", set_id=set_id),
        shipped=[
            {"id": rule.id, "text": rule.text, "off": rule.id in document.off}
            for rule in shipped
            if not rule.locked
        ],
    )


@console.route(
    "/policies/<uuid:set_id>/expert", methods=["POST"], actions=(READ, DRAFT), limit=_LIMIT
)
@back_to(policy_set_expert)
def policy_set_expert_save(set_id: UUID) -> Response:
    """Keep both; what is wrong with the text is told by line."""
    row = sets.read(uow(), actor(), set_id)
    document = msgspec.structs.replace(
        document_of(row.document),
        expert=forms.text("expert", most=200_000),
        off=request.form.getlist("off"),
    )
    return _keep(row, document, "expert" if _flawed(document) else "")


def _keep(row: AccessPolicySet, document: Document, back: str = "") -> Response:
    version = forms.whole("version", 1, 999_999_999)
    sets.revise(uow(), actor(), row.id, version, document=document)
    endpoint = f"console.policy_set_{back}" if back else "console.policy_set"
    return done("saved", endpoint, set_id=row.id)


def _flawed(document: Document) -> bool:
    return uow().kernel.guard.layer(compose(document).own(0)).edition is None


def _shown(row: AccessPolicySet) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "version": row.version,
        "url": url_for("console.policy_set", set_id=row.id),
        "editable": row.state == "draft" and sets.waiting(uow(), row) is None,
    }


def _rooms(role: str, granted: dict[str, Any]) -> list[dict[str, Any]]:
    """Group the actions by the first part of their names."""
    rooms: dict[str, list[dict[str, Any]]] = {}
    for row in overview.rows(uow(), actor()):
        name = row.action.name
        reach = row.reach.get(role)
        rooms.setdefault(name.split(".")[0], []).append(
            {
                "action": name,
                "today": words.of(_SCOPES, reach) if reach else "",
                "chosen": granted.get(name, ""),
                "scopes": [{"value": s, "label": words.of(_SCOPES, s)} for s in row.scopes],
            }
        )
    return [{"name": name, "rows": rows} for name, rows in sorted(rooms.items())]


def _role(given: str) -> str:
    return given if given in ROLES else "supervisor"


def _free_name(document: Document, template: str) -> str:
    taken = {one.name for one in document.conditions}
    base = template.replace("_", "-")
    return next(name for n in range(1, 1000) if (name := f"{base}-{n}") not in taken)


def _template(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "title": words.of(_TEMPLATES, template.name),
        "fields": [
            {
                "name": f"value:{one.name}",
                "label": words.of(_FIELDS, one.label),
                "kind": one.kind,
                "required": one.required,
                "low": one.low,
                "high": one.high,
            }
            for one in template.fields
        ],
    }


def _filled_in(template: Template) -> dict[str, Any]:
    found = {one.name: _value(one) for one in template.fields}
    return {name: value for name, value in found.items() if value is not None}


def _value(field: Field) -> Any:
    name = f"value:{field.name}"
    if field.kind == "yes":
        return name in request.form
    if field.kind == "days":
        return [int(day) for day in request.form.getlist(name) if day in set("1234567")] or None
    given = forms.text(name, least=1 if field.required else 0, most=2000)
    if field.kind == "words":
        return [part.strip() for part in given.replace("\uff0c", ",").split(",") if part.strip()]
    if field.kind == "number":
        return int(given) if given.isdecimal() and len(given) < 9 else given
    return given or None


def _values(one: Condition) -> str:
    parts = (
        ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for value in one.values.values()
    )
    return " · ".join(parts)
