"""What needs a person now; every number leads to its list."""

from typing import Any, Final

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, streams, words
from admin_ui.blueprint import console
from admin_ui.lists import Filters
from admin_ui.showing import show
from appstore import releases, rollouts
from mdm import commands, devices
from mdm.devices import FleetQuery, Standing, Terminal
from muster.kernel import approvals
from muster.kernel.identity import sessions
from muster.kernel.web import actor, stream, uow

_SHOWN: Final = 5
_LATEST: Final = 12


@console.route(
    "",
    actions=(
        "identity.session.read_own",
        "mdm.device.list",
        "approvals.read",
        "app.catalogue.read",
    ),
)
def overview() -> str:
    """Counts, what needs attention, rollouts and the latest activity."""
    sessions.current(uow(), actor())
    filters = Filters()
    fleet = chrome.may("mdm.device.list")
    unit = filters.unit() if fleet else None
    return show(
        "overview.html",
        "overview",
        filters=filters.drawn,
        tiles=[*(_fleet_tiles(unit) if fleet else ()), *_waiting_tile()],
        attention=[*(_lost(unit) if fleet else ()), *_asked()],
        rollouts=_rollouts() if chrome.may("app.catalogue.read") else [],
        activity=_activity() if fleet else [],
        activity_stream_url=url_for("console.overview_events") if fleet else "",
    )


@console.route("/events", actions=("mdm.device.list",))
def overview_events() -> Response:
    """Says when something happened in the fleet."""
    return stream(streams.fleet(uow(), actor()))


def _fleet_tiles(unit: str | None) -> list[dict[str, Any]]:
    now = devices.standing(uow(), actor(), unit=unit)
    return [
        _tile("enrolled", now.enrolled, _("in service"), state="enrolled", unit=unit),
        _tile("compliant", now.compliant, _share(now), compliance="compliant", unit=unit),
        _tile(
            "at_risk",
            now.failing + now.lost,
            _("%(lost)s lost, %(failing)s not compliant", lost=now.lost, failing=now.failing),
            tone="bad" if now.lost else "warn",
            compliance="non_compliant",
            unit=unit,
        ),
        _tile(
            "offline",
            now.silent,
            _("silent for 24 hours"),
            tone="warn",
            state="enrolled",
            unit=unit,
        ),
    ]


def _tile(
    key: str, value: int, note: str, *, tone: str = "", **filters: str | None
) -> dict[str, Any]:
    chosen: dict[str, Any] = {name: code for name, code in filters.items() if code}
    if value >= devices.MOST_COUNTED:
        note = _("at least; no more are counted")
    return {
        "key": key,
        "value": value,
        "tone": tone if value else "",
        "note": note,
        "url": url_for("console.devices", **chosen),
    }


def _share(now: Standing) -> str:
    if not now.enrolled:
        return _("none in service")
    return _("%(share)s %% of those in service", share=100 * now.compliant // now.enrolled)


def _waiting_tile() -> list[dict[str, Any]]:
    if not chrome.may("approvals.read"):
        return []
    count = approvals.waiting(uow(), actor())
    tone = "warn" if count else ""
    note = _("by a second person")
    url = url_for("console.approvals")
    return [{"key": "approvals", "value": count, "tone": tone, "note": note, "url": url}]


def _lost(unit: str | None) -> list[dict[str, Any]]:
    query = FleetQuery(unit=unit, state="lost")
    lost = devices.listing(uow(), actor(), query, limit=_SHOWN)[:_SHOWN]
    return [
        {
            "tone": "bad",
            "title": _("%(name)s reported lost", name=terminal.principal.label),
            "detail": " · ".join(filter(None, (_held(terminal), terminal.managed.state_reason))),
            "url": url_for("console.device", device_id=terminal.id),
            "at": terminal.managed.state_at,
        }
        for terminal in lost
    ]


def _held(terminal: Terminal) -> str:
    return (
        f"{terminal.holder.name}, {terminal.unit.name}" if terminal.holder else terminal.unit.name
    )


def _asked() -> list[dict[str, Any]]:
    if not chrome.may("approvals.read"):
        return []
    return [
        {
            "tone": "warn",
            "title": _("%(what)s waits for a second person", what=row.label),
            "detail": row.reason,
            "url": url_for("console.approval", approval_id=row.id),
            "at": row.created_at,
        }
        for row in approvals.listing(uow(), actor(), limit=_SHOWN)[:_SHOWN]
    ]


def _rollouts() -> list[dict[str, Any]]:
    return [
        {
            "app": release.label or release.package,
            "version": release.version_name,
            "ring": f"{ring.group.name} {ring.rollout.percent} %",
            "installed": ring.health.installed,
            "targeted": ring.health.targeted,
            "state": words.ROLLOUT[ring.rollout.state],
            "url": url_for("console.release", release_id=release.id),
        }
        for release in releases.listing(uow(), actor(), state="rolling", limit=_SHOWN)[:_SHOWN]
        for ring in rollouts.listing(uow(), actor(), release.id)
    ]


def _activity() -> list[dict[str, Any]]:
    """Merge the newest commands and the newest enrolments."""
    ordered: list[dict[str, Any]] = [
        {
            "at": command.created_at,
            "kind": "command",
            "tone": words.TONES.get(command.state, "quiet"),
            "title": f"{words.of(words.COMMANDS, command.kind)} · {device.label}",
            "detail": words.of(words.STATES, command.state),
            "by": "",
            "url": url_for("console.device", device_id=device.id),
        }
        for command, device in commands.recent(uow(), actor(), limit=_LATEST)
    ]
    enrolled: list[dict[str, Any]] = [
        {
            "at": terminal.principal.created_at,
            "kind": "enrolment",
            "tone": "ok",
            "title": _("%(name)s enrolled", name=terminal.principal.label),
            "detail": terminal.unit.name,
            "by": "",
            "url": url_for("console.device", device_id=terminal.id),
        }
        for terminal in devices.listing(uow(), actor(), limit=_LATEST)
    ]
    latest = sorted([*ordered, *enrolled], key=lambda entry: entry["at"], reverse=True)
    return latest[:_LATEST]
