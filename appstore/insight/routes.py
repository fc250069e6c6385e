"""Insight for publishers, their pipelines and the console: `/appstore/v1/apps/<package>/insight`."""

from appstore.insight import service
from appstore.insight.schemas import AppInsightSchema
from appstore.insight.service import Insight
from muster.kernel.web import Auth, Blueprint, actor, uow

blp = Blueprint(
    "appstore-insight",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1/apps/<string(maxlength=223):package>/insight",
    description="Insight: how an app does once it is out",
)


@blp.route("", auth=(Auth.PUBLISHER, Auth.CONSOLE), actions=("app.insight.read",))
@blp.response(200, AppInsightSchema)
def read_insight(package: str) -> Insight:
    """Read adoption, failures, crashes, ratings and open faults, by version."""
    return service.read(uow(), actor(), package)
