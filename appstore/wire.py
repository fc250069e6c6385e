"""Field types that the shapes of this package share: bounded text that every database can hold."""

from typing import Any, Final

from marshmallow import fields, validate

_NO_NUL: Final = validate.Regexp(r"\A[^\x00]*\Z", error="NUL characters are not text.")


def text(longest: int, shortest: int = 0, **options: Any) -> fields.String:
    """Return a text field of a bounded length without NUL characters."""
    return fields.String(validate=[validate.Length(shortest, longest), _NO_NUL], **options)


def reason() -> fields.String:
    """Return the mandatory reason of an act: a few words for the log and for other people."""
    return text(1000, 5, required=True)
