"""Lists: filters whose state lives in the address, and pages that follow each other by cursor."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from flask import request, url_for
from flask_babel import get_timezone
from flask_babel import gettext as _

from admin_ui import chrome
from muster.kernel.identity import names
from muster.kernel.web import Page, uow

LIMIT: Final = 50
_MOST: Final = 100
Option = tuple[str, str]


class Filters:
    """The filters of one list, as they are drawn and as they were set."""

    def __init__(self) -> None:
        self.drawn: list[dict[str, Any]] = []

    def search(self, name: str, label: str) -> str | None:
        """Draw a text field and return what it holds, None for nothing."""
        value = request.args.get(name, "").strip()[:_MOST].replace("\x00", "")
        self._draw("search", name, label, value, ())
        return value or None

    def choice(self, name: str, label: str, options: Iterable[Option]) -> str | None:
        """Draw a choice and return what was chosen; a value that is not offered counts as none."""
        options = list(options)
        value = request.args.get(name, "")
        value = value if value in {code for code, _label in options} else ""
        self._draw("select", name, label, value, options)
        return value or None

    def day(self, name: str, label: str) -> datetime | None:
        """Draw a day and return its beginning where the reader is."""
        value = request.args.get(name, "")
        try:
            begins = datetime.fromisoformat(value).replace(tzinfo=get_timezone())
        except ValueError:
            begins, value = None, ""
        self._draw("date", name, label, value, ())
        return begins

    def unit(self) -> str | None:
        """Draw the choice of a unit among those the person answers for; return its code."""
        below = names.units_below(uow(), chrome.posts())
        return self.choice("unit", _("Unit"), [(unit.code, unit.name) for unit in below])

    def _draw(
        self, kind: str, name: str, label: str, value: str, options: Iterable[Option]
    ) -> None:
        drawn = [{"value": code, "label": words} for code, words in options]
        self.drawn.append(
            {"name": name, "label": label, "kind": kind, "value": value, "options": drawn}
        )


def cursor() -> str | None:
    """Return where the page begins, None for the first."""
    return request.args.get("cursor") or None


def pager(page: Page[Any]) -> dict[str, Any]:
    """Return the links of a page to the next and the first."""
    here = {name: value for name, value in request.args.items() if name != "cursor"}
    where = {**(request.view_args or {}), **here}
    endpoint = request.endpoint or ""
    return {
        "next_url": url_for(endpoint, **where, cursor=page.next) if page.next else "",
        "first_url": url_for(endpoint, **where) if cursor() else "",
        "shown": len(page.items),
    }
