"""Conditions people ask for again and again, filled in as forms and written out as Cedar.

Each template forbids its actions unless one circumstance holds, so it can only narrow what other
rules permit. `TEMPLATES` is the list a console shows.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

Kind = Literal["words", "word", "number", "time", "days", "yes"]


@dataclass(frozen=True)
class Field:
    """One thing to fill in. `kind`: words (a list of text), word, number, time (HH:MM), days, yes."""

    name: str
    kind: Kind
    label: str
    low: int = 0
    high: int = 100
    required: bool = True


@dataclass(frozen=True)
class Template:
    """A condition: its form, the Cedar of what must hold, and what a refused person is told."""

    name: str
    title: str
    fields: tuple[Field, ...]
    holds: Callable[[Mapping[str, Any]], str]
    advice: str
    code: str = ""

    def told(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """Return what a refused person reads, in English and in Chinese."""
        words = {
            name: ", ".join(map(str, value)) if isinstance(value, list) else value
            for name, value in values.items()
        }
        return self.advice.format(**words), chinese(self.name).format(**words)


def faults(template: Template, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (field, what to do about it) for everything that is not filled in rightly."""
    known = {field.name for field in template.fields}
    found = [
        (name, f"The template {template.name!r} asks for no {name!r}.")
        for name in values
        if name not in known
    ]
    for field in template.fields:
        value = values.get(field.name)
        if value is None and not field.required:
            continue
        problem = _CHECKS[field.kind](field, value)
        if problem:
            found.append((field.name, problem))
    return found


@cache
def _chinese() -> dict[str, str]:
    text = files("muster.kernel.policies").joinpath("advice.zh-Hans.json")
    table: dict[str, str] = json.loads(text.read_text(encoding="utf-8"))
    return table


def chinese(name: str) -> str:
    """Return the Chinese advice of a template or of the matrix."""
    return _chinese()[name]


def quoted(text: str) -> str:
    """Return a Cedar string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def minutes(text: str) -> int:
    """Return a time of day as minutes since midnight."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= 200 and value.isprintable()


def _words(field: Field, value: Any) -> str:
    if isinstance(value, list) and 1 <= len(value) <= 50 and all(map(_is_text, value)):
        return ""
    return "Give one or more names, without line breaks."


def _word(field: Field, value: Any) -> str:
    return "" if _is_text(value) else "Give one name, without line breaks."


def _number(field: Field, value: Any) -> str:
    if type(value) is int and field.low <= value <= field.high:
        return ""
    return f"Give a whole number from {field.low} to {field.high}."


def _time(field: Field, value: Any) -> str:
    try:
        good = isinstance(value, str) and len(value) == 5 and 0 <= minutes(value) < 24 * 60
        good = good and 0 <= int(value[3:]) < 60
    except ValueError:
        good = False
    return "" if good else "Give a time of day as HH:MM."


def _days(field: Field, value: Any) -> str:
    if isinstance(value, list) and value and all(type(d) is int and 1 <= d <= 7 for d in value):
        return ""
    return "Give weekdays as numbers: 1 is Monday, 7 is Sunday."


def _yes(field: Field, value: Any) -> str:
    return "" if isinstance(value, bool) else "Say true or false."


_CHECKS: Final[dict[Kind, Callable[[Field, Any], str]]] = {
    "words": _words,
    "word": _word,
    "number": _number,
    "time": _time,
    "days": _days,
    "yes": _yes,
}


def _among(values: Sequence[str], what: str) -> str:
    return f"[{', '.join(map(quoted, values))}].contains({what})"


def _hours(values: Mapping[str, Any]) -> str:
    start, end = minutes(values["start"]), minutes(values["end"])
    since, until = f"context.time.minute >= {start}", f"context.time.minute < {end}"
    within = f"({since} && {until})" if start < end else f"({since} || {until})"
    days = values.get("days")
    if not days:
        return within
    listed = ", ".join(str(day) for day in sorted(set(days)))
    return f"[{listed}].contains(context.time.weekday) && {within}"


def _duty(values: Mapping[str, Any]) -> str:
    if values.get("unknown_passes"):
        return 'principal.duty != "off"'
    return 'principal.duty == "on"'


TEMPLATES: Final[dict[str, Template]] = {
    template.name: template
    for template in (
        Template(
            "zone",
            "Only from certain network zones",
            (Field("zones", "words", "Zones"),),
            lambda v: _among(v["zones"], "context.zone"),
            "Do this from one of these network zones: {zones}.",
        ),
        Template(
            "duty",
            "Only on duty",
            (Field("unknown_passes", "yes", "Also where no roster says", required=False),),
            _duty,
            "This is for officers on duty.",
        ),
        Template(
            "certification",
            "Only with a certification",
            (Field("dataset", "word", "Data set"),),
            lambda v: f"principal.certifications.contains({quoted(v['dataset'])})",
            "This needs the certification {dataset}. Ask your supervisor for it.",
        ),
        Template(
            "sworn",
            "Only sworn officers",
            (),
            lambda _: "principal.sworn",
            "This is for sworn officers.",
        ),
        Template(
            "hours",
            "Only at certain hours",
            (
                Field("start", "time", "From"),
                Field("end", "time", "Until"),
                Field("days", "days", "Weekdays", required=False),
            ),
            _hours,
            "This is done between {start} and {end} only.",
        ),
        Template(
            "rank",
            "Only from a certain rank",
            (Field("at_least", "number", "Rank, at least"),),
            lambda v: f"principal.rank >= {v['at_least']}",
            "This needs rank {at_least} or above.",
        ),
        Template(
            "app",
            "Only through certain apps",
            (Field("apps", "words", "Apps"),),
            lambda v: _among(v["apps"], "context.app"),
            "Do this in one of these apps: {apps}.",
        ),
        Template(
            "purpose",
            "Only for certain purposes",
            (Field("purposes", "words", "Purposes"),),
            lambda v: _among(v["purposes"], "context.purpose"),
            "This is done for these purposes only: {purposes}.",
            "purpose_not_allowed",
        ),
        Template(
            "posture",
            "Only on terminals of a certain posture",
            (Field("at_least", "number", "Posture tier, at least", low=1, high=3),),
            lambda v: f"context.posture.present && context.posture.tier >= {v['at_least']}",
            "This needs a terminal whose posture is of tier {at_least} or above.",
            "posture_not_compliant",
        ),
        Template(
            "fresh_sign_in",
            "Only right after signing in again",
            (),
            lambda _: "context.recent_sign_in",
            "Confirm that it is you: sign in again, then repeat what you wanted to do.",
            "step_up_required",
        ),
    )
}
