"""How an app does once it is out: versions, failures, crashes, stars, and the last thirty days."""

from typing import Any

from flask import url_for

from admin_ui import chrome
from admin_ui.blueprint import console
from admin_ui.pages import app_rooms
from admin_ui.showing import show
from appstore import insight as service
from appstore.insight import Insight, Version
from muster.kernel.web import actor, uow


@console.route("/apps/<string(maxlength=223):package>/insight", actions=("app.insight.read",))
def app_insight(package: str) -> str:
    """All of it on one page."""
    insight = service.read(uow(), actor(), package)
    may = chrome.may("mdm.crash.list")
    return show(
        "apps/insight.html",
        "apps",
        app={"name": app_rooms.name(insight.app), "package": package},
        app_rooms=app_rooms.links(insight.app, "console.app_insight"),
        installed=insight.installed,
        open_faults=insight.open_faults,
        versions=[_version(insight, one) for one in insight.versions],
        failures=[vars(one) for one in insight.failures],
        average=insight.liked.average,
        ratings=insight.liked.count,
        stars=[{"stars": n, "count": insight.liked.stars.get(n, 0)} for n in range(5, 0, -1)],
        days=_days(insight),
        crashes_url=url_for("console.crashes", q=package) if may else "",
    )


def _version(insight: Insight, one: Version) -> dict[str, Any]:
    return {
        "name": one.version_name,
        "code": one.version_code,
        "installed": one.installed,
        "of": insight.installed,
        "failed": one.failed,
        "crashes": one.crashes,
        "places": one.crash_places,
        "average": one.liked.average,
        "open_faults": one.open_faults,
    }


def _days(insight: Insight) -> list[dict[str, Any]]:
    """Each day with the share of the version that was the newest on it, the last day first."""
    return [
        {
            "day": day.day,
            "terminals": day.terminals,
            "newest": max(day.by_version),
            "on_newest": day.by_version[max(day.by_version)],
        }
        for day in reversed(insight.history)
    ]
