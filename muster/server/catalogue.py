"""Writes the catalogue of problem codes as a page of the documentation, room by room."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from muster.kernel.errors import DomainError, catalogue
from muster.kernel.house import PACKAGES

_HEAD = """\
# Problem codes

Every refusal of our own surfaces is `application/problem+json` (RFC 9457) and carries one of these
codes. Codes are added and never renamed: act on `code`, show `detail`. The members of a problem
stand in the [API style](../api-style.md). `/oauth` answers with the codes of RFC 6749 instead; the
foreign protocols keep their own.

This page is written by `muster problems docs/reference/problems.md`; a test holds it to the code.
"""


def write(path: Path) -> Path:
    """Write the page and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(), encoding="utf-8")
    return path


def page() -> str:
    """Return the page as Markdown: one table for each room that declares problems."""
    import muster.server.app  # noqa: F401 - whatever can be raised is declared once it is loaded

    ours = [error for error in catalogue().values() if _room(error).split(".")[0] in PACKAGES]
    ours.sort(key=lambda error: (_room(error), error.status, error.code))
    return "\n".join([_HEAD, *(_section(*group) for group in groupby(ours, _room))])


def _section(room: str, errors: Iterable[type[DomainError]]) -> str:
    lines = [f"## `{room}`", "", "| code | status | sentence |", "|---|---|---|"]
    lines += [f"| `{error.code}` | {error.status} | {_cell(error.title)} |" for error in errors]
    return "\n".join([*lines, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _room(error: type[DomainError]) -> str:
    """Return the feature that declares a problem, without the module inside it."""
    package, _, module = error.__module__.rpartition(".")
    return f"{package}.{module}" if package == "muster.kernel" else package
