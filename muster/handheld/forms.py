"""Filling a form in from its JSON description, without a network.

The description is what the server publishes beside the XForm. Types, choices and required fields
are held here as the server holds them; XPath conditions (`relevant`, `constraint`) are for apps
with an XForm engine, and are not evaluated by this terminal.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from muster.handheld.errors import AnswerFault, AnswersRefused

Description = Mapping[str, Any]


def fill(
    form: Description, given: Mapping[str, Any], files: Mapping[str, bytes]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return answers by path, and the files they name as `{name, sha256, size}`.

    `given` holds values by the field's name or path; a file field's value is a name in `files`.
    Raises `AnswersRefused` with every fault at once.
    """
    fields = {field["path"]: field for field in form["fields"]}
    paths = {field["name"]: path for path, field in fields.items()} | {
        path: path for path in fields
    }
    unknown = [AnswerFault(name, "The form has no such field.") for name in given.keys() - paths]
    answers = {paths[name]: value for name, value in given.items() if name in paths}
    answers = {path: value for path, value in answers.items() if value not in (None, "", [])}
    faults = [*unknown, *_faults(fields, answers, files)]
    if faults:
        raise AnswersRefused(faults)
    named = [value for path, value in answers.items() if fields[path]["type"] == "file"]
    return answers, [_entry(name, files[name]) for name in named]


def _faults(
    fields: Mapping[str, Description], answers: Mapping[str, Any], files: Mapping[str, bytes]
) -> Iterator[AnswerFault]:
    for path, field in fields.items():
        if path not in answers:
            if field["required"] and not field["conditional"]:
                yield AnswerFault(path, "This must be answered.")
            continue
        value, kind = answers[path], field["type"]
        if kind == "file":
            if value not in files:
                yield AnswerFault(path, f"There is no file {value!r}.")
        elif not _READS.get(kind, _is_text)(value):
            yield AnswerFault(path, f"This is no answer to a field of type {kind}.")
        elif not _listed(field, value):
            choices = ", ".join(choice["value"] for choice in field["choices"])
            yield AnswerFault(path, f"Choose from {choices}.")


def _listed(field: Description, value: Any) -> bool:
    """Whether a choice is one of those the form lists; a form may leave its list open."""
    choices = {choice["value"] for choice in field["choices"]}
    if not choices or not field["type"].startswith("select"):
        return True
    return set(value if isinstance(value, list) else [value]) <= choices


def _entry(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_position(value: Any) -> bool:
    return isinstance(value, Mapping) and {"lon", "lat"} <= value.keys()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_READS: dict[str, Callable[[Any], bool]] = {
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "decimal": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "select_multiple": lambda value: isinstance(value, list) and all(map(_is_text, value)),
    "geopoint": _is_position,
}
