"""Wire shapes of listings, pictures, change notes and of the shelf."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from appstore.listings.pictures import KINDS, SCREENSHOTS
from appstore.listings.texts import fault


def plain(longest: int, shortest: int = 0, *, lines: bool = False, **options: Any) -> fields.String:
    """Return a field of plain text: no HTML, no control characters, one line unless `lines`."""

    def printable(value: str) -> None:
        if why := fault(value, lines=lines):
            raise ValidationError(why)

    return fields.String(validate=[validate.Length(shortest, longest), printable], **options)


class ListingTextSchema(Schema):
    """An app's texts in one language: plain text."""

    name = plain(100, 1, required=True)
    summary = plain(200, load_default="")
    description = plain(4000, lines=True, load_default="")
    contact = plain(200, load_default="", metadata={"description": "Whom to ask about the app"})


class PictureSchema(Schema):
    """A picture by its content; its address is a path of this server."""

    sha256 = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes"})
    media_type = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    url = fields.String(required=True)


class ListingPictureSchema(PictureSchema):
    """A picture in its listing; screenshots stand in their order."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))


class ListingSchema(Schema):
    """An app in one language, with its pictures."""

    locale = fields.String(required=True)
    version = fields.Integer(
        required=True, metadata={"description": 'Send it as If-Match: "v<number>"'}
    )
    name = fields.String(attribute="texts.name", required=True)
    summary = fields.String(attribute="texts.summary", required=True)
    description = fields.String(attribute="texts.description", required=True)
    contact = fields.String(attribute="texts.contact", required=True)
    pictures = fields.List(fields.Nested(ListingPictureSchema), required=True)


class ListingsSchema(Schema):
    """An app in all its languages."""

    items = fields.List(fields.Nested(ListingSchema), required=True)


class PictureQuery(Schema):
    """What a picture is for."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))


class PictureOrderSchema(Schema):
    """Every screenshot of the listing once, in the order in which they are shown."""

    ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=SCREENSHOTS))


class NoteTextSchema(Schema):
    """What is new in a release."""

    text = plain(4000, 1, lines=True, required=True)


class NoteSchema(Schema):
    """What is new in a release, in one language."""

    locale = fields.String(required=True)
    version = fields.Integer(required=True)
    text = fields.String(required=True)


class NotesSchema(Schema):
    """What is new in a release, in all its languages."""

    items = fields.List(fields.Nested(NoteSchema), required=True)


class ShelfIconSchema(Schema):
    """An icon: by its content, with its size where the listing has one."""

    sha256 = fields.String(required=True)
    url = fields.String(required=True)
    media_type = fields.String()
    size = fields.Integer()
    width = fields.Integer()
    height = fields.Integer()


class ShelvedAppSchema(Schema):
    """An app this terminal may have, as its user reads of it."""

    package = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["apk", "apks", "web"]))
    version_code = fields.Integer(required=True)
    version_name = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes; 0 for a bare page"})
    mode = fields.String(required=True)
    category = fields.String(required=True)
    locale = fields.String(required=True, metadata={"description": "Of the listing, '' for none"})
    name = fields.String(required=True)
    summary = fields.String(required=True)
    description = fields.String(required=True)
    contact = fields.String(required=True)
    icon = fields.Nested(ShelfIconSchema, required=True, allow_none=True)
    feature = fields.Nested(PictureSchema, required=True, allow_none=True)
    screenshots = fields.List(fields.Nested(PictureSchema), required=True)
    notes = fields.String(required=True, metadata={"description": "What is new in this release"})
    address = fields.String(required=True, metadata={"description": "Of a web app, else ''"})
    rating = fields.Float(
        required=True, allow_none=True, metadata={"description": "Stars on average, 1 to 5"}
    )
    ratings = fields.Integer(required=True, metadata={"description": "How many officers rated it"})
