"""Feedback: officers give it at `/appstore/v1/feedback`, publishers read and answer it."""

from typing import Any
from uuid import UUID

from appstore.feedback import giving, service
from appstore.feedback.giving import Mine
from appstore.feedback.schemas import (
    AppFaultAnswerSchema,
    AppFaultCloseSchema,
    AppFaultQuery,
    AppFaultSchema,
    AppFeedbackGivenSchema,
    AppFeedbackSchema,
    AppRatingSchema,
    MyAppFaultSchema,
)
from appstore.feedback.service import Said
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    PageQuery,
    actor,
    answer_version,
    decode_id,
    expected_version,
    page,
    page_schema,
    uow,
)

field = Blueprint(
    "feedback",
    __name__,
    audience="field",
    url_prefix="/appstore/v1/feedback",
    description="What officers say of apps",
)
publisher = Blueprint(
    "appstore-feedback",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1",
    description="Ratings and faults that officers reported",
)
_READERS = (Auth.PUBLISHER, Auth.CONSOLE)
_APP = "/apps/<string(maxlength=223):package>"


@field.route(
    "",
    methods=["POST"],
    auth=Auth.FIELD,
    idempotent=True,
    limit=16 * 1024,
    actions=("app.feedback.give",),
)
@field.arguments(AppFeedbackSchema)
@field.response(201, AppFeedbackGivenSchema)
def give_feedback(body: dict[str, Any]) -> dict[str, Any]:
    """Rate an app (once: a later rating takes the place of yours), or report a fault."""
    kind, package = body.pop("kind"), body.pop("package")
    if kind == "rating":
        return {"id": giving.rate(uow(), actor(), package, **body), "kind": kind}
    return {"id": giving.report(uow(), actor(), package, **body).id, "kind": kind}


@field.route("", auth=Auth.FIELD, actions=("app.feedback.list_mine",))
@field.arguments(PageQuery, location="query")
@field.response(200, page_schema(MyAppFaultSchema))
def list_my_faults(query: dict[str, Any]) -> Page[Mine]:
    """List the faults you reported with their answers, newest first."""
    rows = giving.mine(uow(), actor(), after=decode_id(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.fault.id])


@publisher.route(f"{_APP}/ratings", auth=_READERS, actions=("app.feedback.read",))
@publisher.arguments(PageQuery, location="query")
@publisher.response(200, page_schema(AppRatingSchema))
def list_ratings(query: dict[str, Any], package: str) -> Page[Said]:
    """List the ratings of an app, newest first."""
    after, limit = decode_id(query["after"]), query["limit"]
    rows = service.ratings(uow(), actor(), package, after=after, limit=limit)
    return page(rows, limit, lambda said: [said.row.id])


@publisher.route(f"{_APP}/faults", auth=_READERS, actions=("app.feedback.read",))
@publisher.arguments(AppFaultQuery, location="query")
@publisher.response(200, page_schema(AppFaultSchema))
def list_faults(query: dict[str, Any], package: str) -> Page[Said]:
    """List the faults officers reported, newest first."""
    after, limit = decode_id(query["after"]), query["limit"]
    rows = service.faults(uow(), actor(), package, state=query["state"], after=after, limit=limit)
    return page(rows, limit, lambda said: [said.row.id])


@publisher.route("/faults/<uuid:fault_id>", auth=_READERS, actions=("app.feedback.read",))
@publisher.response(200, AppFaultSchema)
def read_fault(fault_id: UUID) -> Said:
    """Read one reported fault; the answer's ETag is its version."""
    return _shown(service.read(uow(), actor(), fault_id)[1])


@publisher.route(
    "/faults/<uuid:fault_id>/answer",
    methods=["POST"],
    auth=_READERS,
    actions=("app.feedback.answer",),
)
@publisher.arguments(AppFaultAnswerSchema)
@publisher.response(200, AppFaultSchema)
def answer_fault(body: dict[str, Any], fault_id: UUID) -> Said:
    """Answer the officer; send the version you read as If-Match."""
    version = expected_version()
    return _shown(service.answer(uow(), actor(), fault_id, body["answer"], version))


@publisher.route(
    "/faults/<uuid:fault_id>/close",
    methods=["POST"],
    auth=_READERS,
    actions=("app.feedback.answer",),
)
@publisher.arguments(AppFaultCloseSchema)
@publisher.response(200, AppFaultSchema)
def close_fault(body: dict[str, Any], fault_id: UUID) -> Said:
    """Close a report, mended by a release or not; send the version you read as If-Match."""
    version, mended = expected_version(), body["fixed_in"]
    return _shown(service.close(uow(), actor(), fault_id, body["answer"], version, mended))


def _shown(said: Said) -> Said:
    answer_version(said.row.version)
    return said
