"""The log of one terminal: newest first, by level and text, without personal data."""

from typing import Any, Final
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from admin_ui import words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.showing import show
from mdm import devices
from mdm.telemetry import LEVELS, LogLine, LogQuery, logs
from muster.kernel.web import actor, decode_id, page, uow

N_ = str
LEVEL_WORDS: Final = {
    "error": N_("Error"),
    "warning": N_("Warning"),
    "info": N_("Information"),
    "debug": N_("Detail"),
}
_NAMES: Final = {number: name for name, number in LEVELS.items()}


@console.route("/devices/<uuid:device_id>/logs", actions=("mdm.device.read", "mdm.log.read"))
def device_logs(device_id: UUID) -> str:
    """What the terminal wrote, as far as it was ordered to tell."""
    filters = Filters()
    text = filters.search("q", _("Text"))
    offered = [(name, words.of(LEVEL_WORDS, name)) for name in LEVELS]
    level = filters.choice("level", _("Level and graver"), offered)
    terminal = devices.read(uow(), actor(), device_id)
    query, after = LogQuery(level=level, text=text), decode_id(cursor())
    rows = logs.listing(uow(), actor(), device_id, query, after=after, limit=LIMIT)
    shown = page(rows, LIMIT, lambda line: [line.id])
    return show(
        "devices/logs.html",
        "devices",
        number=terminal.principal.label,
        device_url=url_for("console.device", device_id=device_id),
        logs_url=url_for("console.device_logs", device_id=device_id),
        filters=filters.drawn,
        page=pager(shown),
        rows=[_line(line) for line in shown.items],
    )


def _line(line: LogLine) -> dict[str, Any]:
    name = _NAMES[line.level]
    return {
        "at": line.at,
        "received_at": line.received_at,
        "level": words.of(LEVEL_WORDS, name),
        "tone": {"error": "bad", "warning": "warn"}.get(name, "quiet"),
        "tag": line.tag,
        "text": line.text,
        "ordered": line.command_id is not None,
    }
