"""Field types that the shapes of this package share: bounded text that every database can hold."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

from muster.kernel.errors import Fault, InvalidInput

_NO_NUL: Final = validate.Regexp(r"\A[^\x00]*\Z", error="NUL characters are not text.")


def text(longest: int, shortest: int = 0, **options: Any) -> fields.String:
    """Return a text field of a bounded length without NUL characters."""
    return fields.String(validate=[validate.Length(shortest, longest), _NO_NUL], **options)


def flag(**options: Any) -> fields.Boolean:
    """Return a boolean field that takes true and false only, not words for them."""
    return fields.Boolean(truthy={True}, falsy={False}, **options)


class _Number(fields.Float):
    """A JSON number; a text of digits is none."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        return float(value)


def number(least: float, most: float, **options: Any) -> fields.Float:
    """Return a field that takes numbers between two bounds, and no words for them."""
    return _Number(validate=validate.Range(least, most), **options)


def reason() -> fields.String:
    """Return the mandatory reason of an act: a few words that the timeline will show."""
    return text(1000, 5, required=True)


def loaded(schema: Schema, given: Mapping[str, Any], prefix: str = "") -> Any:
    """Read what a form gave as the published shape; a fault names `<field>_<part>` of the form.

    `prefix` goes before the names of the form's fields.

    Raises `InvalidInput`.
    """
    try:
        return schema.load(given)
    except ValidationError as error:
        raise InvalidInput(errors=list(_faults(error.messages_dict, prefix.rstrip("_")))) from error


def _faults(messages: Mapping[Any, Any], place: str) -> Iterator[Fault]:
    for name, said in messages.items():
        inside = place if isinstance(name, int) or name == "_schema" else f"{place}_{name}"
        if isinstance(said, Mapping):
            yield from _faults(said, inside)
        else:
            yield Fault("/" + inside.removeprefix("_"), " ".join(map(str, said)))
