"""Approvals for console automation: `/admin/v1/approvals`."""

from typing import Any
from uuid import UUID

from muster.kernel.approvals import service
from muster.kernel.approvals.models import Approval
from muster.kernel.approvals.schemas import ApprovalQuery, ApprovalSchema, RefusalSchema
from muster.kernel.web import Auth, Blueprint, Page, actor, decode_id, page, page_schema, uow

blp = Blueprint(
    "approvals",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/approvals",
    description="Acts that wait for a second person",
)


@blp.route("", auth=Auth.CONSOLE, actions=("approvals.read",))
@blp.arguments(ApprovalQuery, location="query")
@blp.response(200, page_schema(ApprovalSchema))
def list_approvals(query: dict[str, Any]) -> Page[Approval]:
    """List requests of one state, newest first."""
    rows = service.listing(
        uow(),
        actor(),
        state=query["state"],
        after=decode_id(query["after"]),
        limit=query["limit"],
    )
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route("/<uuid:approval_id>", auth=Auth.CONSOLE, actions=("approvals.read",))
@blp.response(200, ApprovalSchema)
def read_approval(approval_id: UUID) -> Approval:
    """Read one request."""
    return service.read(uow(), actor(), approval_id)


@blp.route("/<uuid:approval_id>/approve", methods=["POST"], auth=Auth.CONSOLE, actions=("*",))
@blp.response(200, ApprovalSchema)
def approve(approval_id: UUID) -> Approval:
    """Agree as the second person; the act is carried out before the answer."""
    return service.approve(uow(), actor(), approval_id)


@blp.route("/<uuid:approval_id>/refuse", methods=["POST"], auth=Auth.CONSOLE, actions=("*",))
@blp.arguments(RefusalSchema)
@blp.response(200, ApprovalSchema)
def refuse(body: dict[str, Any], approval_id: UUID) -> Approval:
    """Say no with a reason."""
    return service.refuse(uow(), actor(), approval_id, body["note"])


@blp.route(
    "/<uuid:approval_id>/withdraw",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("approvals.withdraw",),
)
@blp.response(200, ApprovalSchema)
def withdraw(approval_id: UUID) -> Approval:
    """Take one's own request back."""
    return service.withdraw(uow(), actor(), approval_id)
