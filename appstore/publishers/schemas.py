"""Wire shapes of names, owners and publisher tokens."""

from marshmallow import Schema, ValidationError, fields, validate

from appstore.publishers.names import LONGEST, is_package
from appstore.publishers.scopes import ACTS, EVERY
from appstore.wire import reason, text


def _package(name: str) -> None:
    if name != EVERY and not is_package(name):
        raise ValidationError("Give a package, or * for every one.")


class NameClaimSchema(Schema):
    """A package, or all below a prefix, that is kept for a unit."""

    id = fields.UUID(required=True)
    pattern = fields.String(required=True)
    unit_id = fields.UUID(required=True)
    asked_by = fields.UUID(required=True)
    granted_by = fields.UUID(required=True)
    reason = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


class NameRequestSchema(Schema):
    """A name to keep for a unit: a package, or a prefix that ends in `.*`."""

    pattern = text(LONGEST + 2, 3, required=True)
    unit = text(64, 1, required=True, metadata={"description": "The unit's code"})
    reason = reason()


class AppTransferSchema(Schema):
    """To which unit an app is to belong."""

    unit = text(64, 1, required=True, metadata={"description": "The new unit's code"})
    reason = reason()


class PublisherTokenRequestSchema(Schema):
    """What a token is for. `*` among the packages is every app one publishes."""

    label = text(100, 1, required=True)
    packages = fields.List(
        fields.String(validate=validate.And(validate.Length(1, LONGEST), _package)),
        required=True,
        validate=validate.Length(1, 32),
    )
    acts = fields.List(
        fields.String(validate=validate.OneOf(ACTS)), required=True, validate=validate.Length(1, 3)
    )
    days = fields.Integer(load_default=90, strict=True, validate=validate.Range(1, 366))


class PublisherTokenSchema(Schema):
    """A token; nobody sees its secret again."""

    id = fields.UUID(attribute="row.id", required=True)
    label = fields.String(attribute="row.label", required=True)
    officer = fields.String(attribute="officer.number", required=True)
    packages = fields.List(fields.String(), required=True)
    acts = fields.List(fields.String(), required=True)
    created_at = fields.AwareDateTime(attribute="row.created_at", required=True)
    expires_at = fields.AwareDateTime(attribute="row.expires_at", required=True)
    revoked_at = fields.AwareDateTime(attribute="row.revoked_at", required=True, allow_none=True)


class IssuedPublisherTokenSchema(PublisherTokenSchema):
    """A new token with its secret, shown this once."""

    secret = fields.String(required=True)
