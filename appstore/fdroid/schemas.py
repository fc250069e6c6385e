"""Wire shapes of repositories and of the capabilities that open them."""

from marshmallow import Schema, fields, validate

from appstore.fdroid.accesses import LONGEST_DAYS
from appstore.wire import text
from muster.kernel.web import PageQuery


class FdroidFactsSchema(Schema):
    """What the repositories of this house have in common."""

    name = fields.String(required=True)
    fingerprint = fields.String(
        required=True,
        metadata={"description": "SHA-256 of the signing certificate, lower-case hex"},
    )
    group_url = fields.String(
        required=True, metadata={"description": "Address of a group's repository: fill in group_id"}
    )
    mirrors = fields.List(fields.String(), required=True, metadata={"description": "Their origins"})


class FdroidAccessWishSchema(Schema):
    """A capability to be made."""

    device_id = fields.UUID(
        load_default=None,
        metadata={"description": "In the field, the terminal in hand if nothing is said"},
    )
    label = text(100, 1, required=True)
    days = fields.Integer(load_default=LONGEST_DAYS, validate=validate.Range(1, LONGEST_DAYS))


class FdroidAccessSchema(Schema):
    """A capability without its secret, which was shown once."""

    id = fields.UUID(required=True)
    device_id = fields.UUID(required=True)
    label = fields.String(required=True)
    made_by = fields.UUID(required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)


class ListedFdroidAccessSchema(Schema):
    """A capability and its terminal."""

    access = fields.Nested(FdroidAccessSchema, required=True)
    terminal = fields.String(required=True)


class FdroidLinksSchema(Schema):
    """The secret address in the forms that clients and cameras take."""

    repo_url = fields.String(required=True)
    link = fields.String(required=True, metadata={"description": "With the fingerprint"})
    deep_link = fields.String(
        required=True, metadata={"description": "For a QR code: opens an F-Droid client"}
    )


class GrantedFdroidAccessSchema(Schema):
    """A new capability; the links are shown this once."""

    access = fields.Nested(FdroidAccessSchema, required=True)
    links = fields.Nested(FdroidLinksSchema, required=True)


class FdroidAccessQuery(PageQuery):
    """Filter of the list."""

    device_id = fields.UUID(load_default=None)
