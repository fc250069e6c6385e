"""Roles for console automation: granted, withdrawn, lent, and certifications beside them."""

from typing import Any
from uuid import UUID

from muster.kernel.approvals import Approval
from muster.kernel.identity import officers, officers_certifications
from muster.kernel.identity.delegations import grants, service
from muster.kernel.identity.models import Certification, RoleGrant
from muster.kernel.identity.people_schemas import (
    CertificationRequestSchema,
    CertificationSchema,
    DelegationRequestSchema,
    DeputyRequestSchema,
    GrantedSchema,
    GrantRequestSchema,
    GrantSchema,
    GrantsSchema,
    PersonSchema,
    RequestedSchema,
)
from muster.kernel.identity.schemas import OfficerSchema, ReasonSchema
from muster.kernel.web import Auth, Blueprint, actor, uow

blp = Blueprint(
    "roles",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="Roles and certifications: granted, lent, withdrawn",
)
_OFFICER = "/officers/<uuid:officer_id>"


@blp.route(_OFFICER, auth=Auth.CONSOLE, actions=("identity.officer.read",))
@blp.response(200, PersonSchema)
def read_officer(officer_id: UUID) -> dict[str, Any]:
    """Return one officer with the roles and certifications they hold."""
    officer = officers.read(uow(), actor(), officer_id)
    shown = {name: getattr(officer, name) for name in OfficerSchema().fields}
    return shown | {
        "grants": grants.of_officer(uow(), officer_id),
        "certifications": officers_certifications.listing(uow(), officer_id),
    }


@blp.route(
    f"{_OFFICER}/roles",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.role.grant",),
)
@blp.arguments(GrantRequestSchema)
@blp.response(201, GrantedSchema)
def grant_role(body: dict[str, Any], officer_id: UUID) -> dict[str, Any]:
    """Grant a role; an administration waits for a second person (`approval_id`)."""
    made = grants.grant(
        uow(),
        actor(),
        officer_id,
        role=body["role"],
        unit=body["unit"],
        reason=body["reason"],
        start=body["valid_from"],
        end=body["valid_until"],
    )
    if isinstance(made, Approval):
        return {"grant": None, "approval_id": made.id}
    return {"grant": made, "approval_id": None}


@blp.route(
    "/roles/<uuid:grant_id>/withdraw",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.role.withdraw",),
)
@blp.arguments(ReasonSchema)
@blp.response(204)
def withdraw_role(body: dict[str, Any], grant_id: UUID) -> None:
    """Withdraw a role; its holder's sessions end."""
    grants.withdraw(uow(), actor(), grant_id, body["reason"])


@blp.route(
    f"{_OFFICER}/certifications/<string:dataset>",
    methods=["PUT"],
    auth=Auth.CONSOLE,
    actions=("identity.certification.give",),
)
@blp.arguments(CertificationRequestSchema)
@blp.response(200, CertificationSchema)
def give_certification(body: dict[str, Any], officer_id: UUID, dataset: str) -> Certification:
    """Certify an officer for a data set, or set another end."""
    return officers_certifications.give(
        uow(), actor(), officer_id, dataset, body["valid_until"], body["reason"]
    )


@blp.route(
    f"{_OFFICER}/certifications/<string:dataset>/withdraw",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.certification.withdraw",),
)
@blp.arguments(ReasonSchema)
@blp.response(204)
def withdraw_certification(body: dict[str, Any], officer_id: UUID, dataset: str) -> None:
    """Withdraw a certification; the officer's sessions end."""
    officers_certifications.withdraw(uow(), actor(), officer_id, dataset, body["reason"])


@blp.route("/delegations", auth=Auth.CONSOLE, actions=("identity.delegation.list_own",))
@blp.response(200, GrantsSchema)
def list_delegations() -> dict[str, Any]:
    """List what you have lent and what was lent to you."""
    return {"items": service.own(uow(), actor())}


@blp.route(
    "/delegations",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.delegation.give",),
)
@blp.arguments(DelegationRequestSchema)
@blp.response(201, GrantSchema)
def delegate(body: dict[str, Any]) -> RoleGrant:
    """Lend a role of your own for up to 72 hours."""
    return service.give(uow(), actor(), **body)


@blp.route(
    "/delegations/<uuid:grant_id>/revoke",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.delegation.revoke",),
)
@blp.arguments(ReasonSchema)
@blp.response(204)
def revoke_delegation(body: dict[str, Any], grant_id: UUID) -> None:
    """Take a lent role back before its end."""
    service.revoke(uow(), actor(), grant_id, body["reason"])


@blp.route("/deputies", methods=["POST"], auth=Auth.CONSOLE, actions=("identity.deputy.name",))
@blp.arguments(DeputyRequestSchema)
@blp.response(202, RequestedSchema)
def name_deputy(body: dict[str, Any]) -> dict[str, Any]:
    """Ask that somebody holds your role during your leave, up to 35 days."""
    asked = service.name_deputy(
        uow(),
        actor(),
        number=body["number"],
        role=body["role"],
        unit=body["unit"],
        start=body["since"],
        end=body["until"],
        reason=body["reason"],
    )
    return {"approval_id": asked.id}
