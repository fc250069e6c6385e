"""Compliance rules for console automation: `/admin/v1/compliance-rules`."""

from typing import Any

from mdm.compliance import service
from mdm.compliance.schemas import RuleChangeSchema, RuleSchema, RulesSchema
from mdm.compliance.service import RuleInForce
from muster.kernel.web import (
    Auth,
    Blueprint,
    actor,
    answer_version,
    expected_version,
    uow,
)

blp = Blueprint(
    "compliance-rules",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/compliance-rules",
    description="What a terminal must prove before it sees data",
)


@blp.route("", auth=Auth.CONSOLE, actions=("mdm.compliance.read",))
@blp.response(200, RulesSchema)
def list_rules() -> dict[str, Any]:
    """List every rule as it is in force."""
    return {"items": service.rules(uow(), actor())}


@blp.route("/<rule_id>", methods=["PUT"], auth=Auth.CONSOLE, actions=("mdm.compliance.write",))
@blp.arguments(RuleChangeSchema)
@blp.response(200, RuleSchema)
def change_rule(body: dict[str, Any], rule_id: str) -> RuleInForce:
    """Change a rule; If-Match names the version you read (`"v0"` for a default)."""
    version = expected_version()
    changed = service.change_rule(uow(), actor(), rule_id, version=version, **body)
    answer_version(changed.version)
    return changed
