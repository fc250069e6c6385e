"""Install reports of agents: `/agent/v1/apps/installs`."""

from typing import Any

from appstore.installs import service
from appstore.installs.schemas import InstallReportsSchema, InstallsTakenSchema
from muster.kernel.web import Auth, Blueprint, actor, uow

blp = Blueprint(
    "agent-app-installs",
    __name__,
    audience="agent",
    url_prefix="/agent/v1/apps",
    description="What became of the apps of a managed terminal",
)


@blp.route("/installs", methods=["POST"], auth=Auth.AGENT, actions=("app.agent.installed",))
@blp.arguments(InstallReportsSchema)
@blp.response(200, InstallsTakenSchema)
def report_installs(body: dict[str, Any]) -> dict[str, int]:
    """Say what became of apps; repeating a report whose answer got lost is harmless."""
    return {"number": service.take(uow(), actor(), body["reports"])}
