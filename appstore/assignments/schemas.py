"""Wire shapes of assignments."""

from typing import Any, Final

from marshmallow import Schema, fields, validate

from appstore.rollouts.conditions import ConditionsSchema
from appstore.wire import reason, text
from mdm.audiences import KINDS
from mdm.groups import GroupRuleSchema

MODES: Final = ("required", "available", "blocked")
_MODE: Final = validate.OneOf(MODES)
_PIN: Final = validate.Range(1, 2**53 - 1)
_REF: Final = {"description": "A unit's code, a group's id, the name of a role or a class"}


def _moment(**options: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(allow_none=True, **options)


class AssignmentChangeSchema(Schema):
    """What to change of an assignment; what is left out stays, null takes it away."""

    mode = fields.String(validate=_MODE)
    pinned_code = fields.Integer(strict=True, allow_none=True, validate=_PIN)
    starts = _moment()
    ends = _moment()
    conditions = fields.Nested(ConditionsSchema)
    deadline = _moment()
    reason = reason()


class AssignmentDraftSchema(Schema):
    """Whom an app is for, and how."""

    audience = fields.String(required=True, validate=validate.OneOf(KINDS))
    ref = text(64, load_default="", metadata=_REF)
    rule = fields.Nested(GroupRuleSchema, load_default=None, allow_none=True)
    mode = fields.String(required=True, validate=_MODE)
    pinned_code = fields.Integer(
        strict=True,
        allow_none=True,
        load_default=None,
        validate=_PIN,
        metadata={"description": "Nothing above this version code; it itself even if superseded"},
    )
    starts = _moment(load_default=None)
    ends = _moment(load_default=None)
    conditions = fields.Nested(ConditionsSchema, load_default=dict)
    deadline = _moment(load_default=None)
    reason = reason()


class AssignmentSchema(Schema):
    """An assignment of an app."""

    id = fields.UUID(required=True, attribute="row.id")
    audience = fields.String(required=True, attribute="row.audience")
    ref = fields.String(required=True, metadata=_REF)
    name = fields.String(required=True, metadata={"description": "What the audience is called"})
    rule = fields.Dict(required=True, allow_none=True, attribute="row.rule")
    mode = fields.String(required=True, attribute="row.mode", validate=_MODE)
    pinned_code = fields.Integer(required=True, allow_none=True, attribute="row.pinned_code")
    starts = _moment(required=True, attribute="row.starts")
    ends = _moment(required=True, attribute="row.ends")
    conditions = fields.Nested(ConditionsSchema, required=True, attribute="row.conditions")
    deadline = _moment(required=True, attribute="row.deadline")
    reason = fields.String(required=True, attribute="row.reason")
    assigned_by = fields.UUID(required=True, attribute="row.assigned_by")
    updated_at = fields.AwareDateTime(required=True, attribute="row.updated_at")
    version = fields.Integer(
        required=True,
        attribute="row.version",
        metadata={"description": 'Send it as If-Match: "v<number>"'},
    )


class AssignmentImpactSchema(Schema):
    """What an assignment would do to the terminals of its audience."""

    concerned = fields.Integer(required=True)
    gaining = fields.Integer(required=True, metadata={"description": "Will newly see the app"})
    losing = fields.Integer(required=True, metadata={"description": "Will see it no more"})
    requiring = fields.Integer(required=True, metadata={"description": "Will have to have it"})
    complete = fields.Boolean(
        required=True, metadata={"description": "False if not all could be looked at: at least"}
    )
