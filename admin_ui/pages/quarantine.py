"""Reports of terminals that nobody could read, kept sealed until somebody looks into them."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.showing import back_to, done, show
from mdm.telemetry import QuarantinedReport
from mdm.telemetry import quarantine as telemetry
from muster.kernel.web import actor, decode_id, page, uow


@console.route("/quarantine", actions=("mdm.quarantine.list", "mdm.quarantine.read"))
def quarantine() -> str:
    """Refused reports, newest first."""
    rows = telemetry.listing(uow(), actor(), after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda line: [line[0].id])
    return show(
        "quarantine/list.html",
        "quarantine",
        page=pager(shown),
        rows=[_shown(report) | {"terminal": device.label} for report, device in shown.items],
    )


@console.route("/quarantine/<uuid:report_id>", actions=("mdm.quarantine.read",))
def quarantine_report(report_id: UUID) -> str:
    """One report as it came; looking is recorded."""
    report, content = telemetry.read(uow(), actor(), report_id)
    return show(
        "quarantine/detail.html",
        "quarantine",
        report=_shown(report)
        | {
            "content": content.decode("utf-8", "backslashreplace"),
            "whole": report.size <= telemetry.MOST_BYTES,
            "delete_url": url_for("console.quarantine_delete", report_id=report_id),
        },
    )


@console.route(
    "/quarantine/<uuid:report_id>/delete", methods=["POST"], actions=("mdm.quarantine.delete",)
)
@back_to(quarantine, keys=())
def quarantine_delete(report_id: UUID) -> Response:
    """Erase one."""
    telemetry.remove(uow(), actor(), report_id)
    return done("report_erased", "console.quarantine")


def _shown(report: QuarantinedReport) -> dict[str, Any]:
    return {
        "url": url_for("console.quarantine_report", report_id=report.id),
        "device_url": url_for("console.device", device_id=report.device_id),
        "path": report.path,
        "code": report.code,
        "detail": report.detail,
        "size": report.size,
        "times": report.times,
        "last_at": report.last_at,
        "expires_at": report.expires_at,
    }
