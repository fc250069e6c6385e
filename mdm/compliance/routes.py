"""Compliance for console automation: `/admin/v1/compliance-rules`, and who fails them."""

from typing import Any
from uuid import UUID

from mdm.compliance import listing, preview, service
from mdm.compliance.listing import Failed
from mdm.compliance.preview import Preview
from mdm.compliance.rules import Rule
from mdm.compliance.schemas import (
    AcceptSimsSchema,
    FailedSchema,
    FailingQuery,
    NewRuleSchema,
    PreviewSchema,
    RuleChangeSchema,
    RuleSchema,
    RulesQuery,
    RulesSchema,
    StandingSchema,
)
from mdm.compliance.service import RuleInForce
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    actor,
    answer_version,
    as_id,
    decode,
    expected_version,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "compliance-rules",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/compliance-rules",
    description="What a terminal must prove before it sees data",
)
standings = Blueprint(
    "compliance",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="Which terminals fail which rules, since when, and what comes next",
)
_WRITE = ("mdm.compliance.write",)


@blp.route("", auth=Auth.CONSOLE, actions=("mdm.compliance.read",))
@blp.arguments(RulesQuery, location="query")
@blp.response(200, RulesSchema)
def list_rules(query: dict[str, Any]) -> dict[str, Any]:
    """List every rule as it is in force, or the profile of one class of terminals."""
    return {"items": service.rules(uow(), actor(), **query)}


@blp.route("", methods=["POST"], auth=Auth.CONSOLE, actions=_WRITE, limit=65_536)
@blp.arguments(NewRuleSchema)
@blp.response(201, RuleSchema)
def create_rule(rule: Rule) -> RuleInForce:
    """Make a rule of your own."""
    made = service.create_rule(uow(), actor(), rule)
    answer_version(made.version)
    return made


@blp.route(
    "/preview",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.compliance.read",),
    limit=65_536,
)
@blp.arguments(NewRuleSchema)
@blp.response(200, PreviewSchema)
def preview_rule(rule: Rule) -> Preview:
    """See which terminals would fail a rule, before anybody saves it; nothing is written."""
    return preview.preview(uow(), actor(), rule)


@blp.route("/<rule_id>", methods=["PUT"], auth=Auth.CONSOLE, actions=_WRITE, limit=65_536)
@blp.arguments(RuleChangeSchema)
@blp.response(200, RuleSchema)
def change_rule(body: dict[str, Any], rule_id: str) -> RuleInForce:
    """Change a rule; If-Match names the version you read (`"v0"` for a default)."""
    version = expected_version()
    changed = service.change_rule(uow(), actor(), rule_id, version=version, **body)
    answer_version(changed.version)
    return changed


@standings.route("/compliance-failures", auth=Auth.CONSOLE, actions=("mdm.device.list",))
@standings.arguments(FailingQuery, location="query")
@standings.response(200, page_schema(FailedSchema))
def list_failing(query: dict[str, Any]) -> Page[Failed]:
    """List what terminals in service fail, newest enrolment first."""
    place = decode(query["after"], 2)
    rows = listing.failing_terminals(
        uow(),
        actor(),
        rule_id=query["rule"],
        device_class=query["device_class"],
        after=(as_id(place[0]), str(place[1])) if place else None,
        limit=query["limit"],
    )
    return page(rows, query["limit"], lambda row: [row.device_id, row.finding.id])


@standings.route(
    "/devices/<uuid:device_id>/compliance", auth=Auth.CONSOLE, actions=("mdm.device.read",)
)
@standings.response(200, StandingSchema)
def read_standing(device_id: UUID) -> dict[str, Any]:
    """Read the last verdict on a terminal: each failed rule, since when, and what comes next."""
    return _standing(device_id)


@standings.route(
    "/devices/<uuid:device_id>/sims/accept",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.device.accept_sims", "mdm.device.read"),
)
@standings.arguments(AcceptSimsSchema)
@standings.response(200, StandingSchema)
def accept_sims(body: dict[str, Any], device_id: UUID) -> dict[str, Any]:
    """Accept the SIMs that are in a terminal now; its next report is judged by them."""
    service.accept_sims(uow(), actor(), device_id, body["reason"])
    return _standing(device_id)


def _standing(device_id: UUID) -> dict[str, Any]:
    terminal, reasons = service.standing(uow(), actor(), device_id)
    return {"terminal": terminal, "reasons": reasons}
