"""The catalogue for publishers and the console: `/appstore/v1/apps`."""

from typing import Any

from appstore.catalogue import service
from appstore.catalogue.models import App
from appstore.catalogue.schemas import (
    AppChangeSchema,
    AppSchema,
    DescribedAppSchema,
    ListedAppSchema,
)
from appstore.catalogue.service import Described, Listed
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    PageQuery,
    actor,
    answer_version,
    decode_text,
    expected_version,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "appstore-apps",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1/apps",
    description="Apps of the store",
)
_READERS = (Auth.PUBLISHER, Auth.CONSOLE)


@blp.route("", auth=_READERS, actions=("app.catalogue.read",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(ListedAppSchema))
def list_apps(query: dict[str, Any]) -> Page[Listed]:
    """List apps by package, each with its newest release."""
    rows = service.listing(uow(), actor(), after=decode_text(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.app.package])


@blp.route("/<string(maxlength=223):package>", auth=_READERS, actions=("app.catalogue.read",))
@blp.response(200, DescribedAppSchema)
def read_app(package: str) -> Described:
    """Read one app with its releases; the answer's ETag is the app's."""
    described = service.read(uow(), actor(), package)
    answer_version(described.app.version)
    return described


@blp.route(
    "/<string(maxlength=223):package>",
    methods=["PATCH"],
    auth=Auth.CONSOLE,
    actions=("app.catalogue.edit",),
)
@blp.arguments(AppChangeSchema)
@blp.response(200, AppSchema)
def edit_app(body: dict[str, Any], package: str) -> App:
    """Change category or visibility; send the version you read as If-Match."""
    app = service.edit(uow(), actor(), package, body, expected_version())
    answer_version(app.version)
    return app
