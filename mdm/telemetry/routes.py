"""History, logs, crashes and quarantine, for console automation."""

import base64
from typing import Any
from uuid import UUID

from mdm.telemetry import crashes, history, logs, quarantine
from mdm.telemetry.crashes import CrashQuery
from mdm.telemetry.logs import LogQuery
from mdm.telemetry.models import CrashGroup, HistoryEntry, LogLine
from mdm.telemetry.paging import crash_place, crash_position
from mdm.telemetry.schemas import (
    CrashDetailSchema,
    CrashGroupSchema,
    CrashQuerySchema,
    HistorySchema,
    LogLineSchema,
    LogQuerySchema,
    QuarantinedContentSchema,
    QuarantinedReportSchema,
    QuarantineQuerySchema,
)
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    PageQuery,
    actor,
    decode_id,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "telemetry",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="What terminals told: history, logs, crashes, and reports nobody can read",
)


@blp.route("/devices/<uuid:device_id>/history", auth=Auth.CONSOLE, actions=("mdm.device.read",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(HistorySchema))
def read_history(query: dict[str, Any], device_id: UUID) -> Page[HistoryEntry]:
    """Read what changed about a terminal, and how it was on each day it reported."""
    after, limit = decode_id(query["after"]), query["limit"]
    rows = history.listing(uow(), actor(), device_id, after=after, limit=limit)
    return page(rows, limit, lambda row: [row.id])


@blp.route("/devices/<uuid:device_id>/logs", auth=Auth.CONSOLE, actions=("mdm.log.read",))
@blp.arguments(LogQuerySchema, location="query")
@blp.response(200, page_schema(LogLineSchema))
def read_logs(query: dict[str, Any], device_id: UUID) -> Page[LogLine]:
    """Read the log of a terminal, the last line received first."""
    limit, after = query.pop("limit"), decode_id(query.pop("after"))
    rows = logs.listing(uow(), actor(), device_id, LogQuery(**query), after=after, limit=limit)
    return page(rows, limit, lambda row: [row.id])


@blp.route("/crashes", auth=Auth.CONSOLE, actions=("mdm.crash.list", "mdm.crash.read"))
@blp.arguments(CrashQuerySchema, location="query")
@blp.response(200, page_schema(CrashGroupSchema))
def list_crashes(query: dict[str, Any]) -> Page[CrashGroup]:
    """List crashes by app version and place; publishers see those of their own apps."""
    limit, after = query.pop("limit"), crash_place(query.pop("after"))
    rows = crashes.listing(uow(), actor(), CrashQuery(**query), after=after, limit=limit)
    return page(rows, limit, crash_position)


@blp.route("/crashes/<uuid:group_id>", auth=Auth.CONSOLE, actions=("mdm.crash.read",))
@blp.response(200, CrashDetailSchema)
def read_crash(group_id: UUID) -> dict[str, Any]:
    """Read one group with its first report."""
    sight = crashes.read(uow(), actor(), group_id)
    return vars(sight.group) | {"terminals": sight.terminals}


@blp.route(
    "/agent-quarantine",
    auth=Auth.CONSOLE,
    actions=("mdm.quarantine.list", "mdm.quarantine.read"),
)
@blp.arguments(QuarantineQuerySchema, location="query")
@blp.response(200, page_schema(QuarantinedReportSchema))
def list_quarantine(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """List reports that could not be read, newest first."""
    after, limit = decode_id(query["after"]), query["limit"]
    rows = quarantine.listing(uow(), actor(), device_id=query["device"], after=after, limit=limit)
    shown = [vars(report) | {"label": device.label} for report, device in rows]
    return page(shown, limit, lambda row: [row["id"]])


@blp.route(
    "/agent-quarantine/<uuid:report_id>", auth=Auth.CONSOLE, actions=("mdm.quarantine.read",)
)
@blp.response(200, QuarantinedContentSchema)
def read_quarantine(report_id: UUID) -> dict[str, Any]:
    """Read the beginning of one as it came."""
    row, content = quarantine.read(uow(), actor(), report_id)
    return {"id": row.id, "content": base64.b64encode(content).decode()}


@blp.route(
    "/agent-quarantine/<uuid:report_id>",
    methods=["DELETE"],
    auth=Auth.CONSOLE,
    actions=("mdm.quarantine.delete",),
)
@blp.response(204)
def delete_quarantine(report_id: UUID) -> None:
    """Erase one."""
    quarantine.remove(uow(), actor(), report_id)
