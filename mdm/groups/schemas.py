"""Wire shapes of groups, their rules, and what is edited of a terminal for them."""

from typing import Any, Final

from marshmallow import Schema, fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from mdm.groups.rule import numbers
from mdm.wire import text

OWNERSHIPS: Final = ("personal", "pooled")
RING: Final = r"^([a-z0-9][a-z0-9_.-]{0,31})?$"
MOST_ATTRIBUTES: Final = 30


def _version(given: str) -> None:
    if not numbers(given):
        raise ValidationError("Begin with a number, as in 14 or 14.1.")


def _some(longest: int, **options: Any) -> fields.List[Any]:
    return fields.List(text(longest, 1), validate=validate.Length(1, 20), **options)


def attributes(**options: Any) -> fields.Dict:
    """Return the field of a terminal's attributes: names with short values."""
    return fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,31}$")),
        values=text(100),
        validate=validate.Length(max=MOST_ATTRIBUTES),
        **options,
    )


class GroupRuleSchema(Schema):
    """Which terminals a group takes: every key given must hold, of a list any one item."""

    unit = text(64, 1, metadata={"description": "Code of a unit; all below it count"})
    model = _some(100, metadata={"description": "`*` and `?` stand for any text, any character"})
    os = _some(32)
    os_at_least = fields.String(validate=[validate.Length(1, 32), _version])
    os_at_most = fields.String(
        validate=[validate.Length(1, 32), _version],
        metadata={"description": "`14` includes 14.1"},
    )
    ring = _some(32)
    device_class = _some(32)
    ownership = fields.String(validate=validate.OneOf(OWNERSHIPS))
    attributes = attributes()

    @validates_schema
    def check_something(self, data: dict[str, Any], **_: Any) -> None:
        """A rule that gives nothing would be a slip: it takes nobody."""
        if not any(data.values()):
            raise ValidationError("Give at least one key.")


class GroupSchema(Schema):
    """A group of terminals."""

    id = fields.UUID(dump_only=True)
    name = text(100, 1, required=True)
    description = text(500, load_default="")
    unit_id = fields.UUID(dump_only=True)
    unit = text(
        64, 1, required=True, load_only=True, metadata={"description": "Code of the owning unit"}
    )
    rule = fields.Nested(GroupRuleSchema, load_default=None, allow_none=True)
    priority = fields.Integer(
        load_default=0,
        strict=True,
        validate=validate.Range(-1000, 1000),
        metadata={"description": "Where two groups configure one key, the higher wins"},
    )


class GroupChangeSchema(Schema):
    """What to change of a group; what is left out stays. `rule` null ends membership by rule."""

    name = text(100, 1)
    description = text(500)
    rule = fields.Nested(GroupRuleSchema, allow_none=True)
    priority = fields.Integer(strict=True, validate=validate.Range(-1000, 1000))


class RulePreviewRequestSchema(Schema):
    """A rule to try."""

    rule = fields.Nested(GroupRuleSchema, required=True)


class RulePreviewSchema(Schema):
    """Which of the terminals you may read would fit."""

    matches = fields.Integer(required=True)
    complete = fields.Boolean(
        required=True, metadata={"description": "False if not all could be looked at: at least"}
    )
    examples = fields.List(fields.String(), required=True, metadata={"description": "Labels"})


class MembersSchema(Schema):
    """The terminals of a group."""

    items = fields.List(fields.UUID(), required=True)


class TraitsSchema(Schema):
    """What people say of a terminal and rules may name; what is left out stays."""

    ring = fields.String(validate=validate.Regexp(RING))
    attributes = attributes()
    ownership = fields.String(validate=validate.OneOf(OWNERSHIPS))


class TraitsShownSchema(TraitsSchema):
    """A terminal's traits and the groups it is in now."""

    id = fields.UUID(required=True)
    group_ids = fields.List(fields.UUID(), required=True)
