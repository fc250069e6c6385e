"""What is done to one person's rights: granted, withdrawn, certified, a PIN reset, let go."""

from typing import Any
from uuid import UUID

from flask import Response, make_response, url_for

from admin_ui import forms
from admin_ui.blueprint import console
from admin_ui.pages.people_detail import person
from admin_ui.showing import back_to, done, show
from muster.kernel.approvals import Approval
from muster.kernel.errors import NotFound
from muster.kernel.identity import (
    ROLES,
    credentials,
    delegations,
    names,
    officers_certifications,
    officers_leaving,
    officers_secrets,
)
from muster.kernel.web import actor, uow


@console.route(
    "/people/<uuid:officer_id>/roles", methods=["POST"], actions=("identity.role.grant",)
)
@back_to(person, "grant")
def role_grant(officer_id: UUID) -> Response:
    """Grant a role, or ask a second person for it."""
    made = delegations.grants.grant(
        uow(),
        actor(),
        officer_id,
        role=forms.chosen("role", ROLES),
        unit=forms.text("unit", least=1, most=64),
        reason=forms.reason(),
        end=forms.day("until", end=True),
    )
    if isinstance(made, Approval):
        return done("asked", "console.approval", approval_id=made.id)
    return done("granted", "console.person", officer_id=officer_id)


@console.route(
    "/people/roles/<uuid:grant_id>/withdraw",
    methods=["POST"],
    actions=("identity.role.withdraw", "identity.officer.read"),
)
def role_withdraw(grant_id: UUID) -> Any:
    """Withdraw a role; the page of its holder says so."""
    return _withdraw(
        officer_id=delegations.grants.find_grant(uow(), grant_id).officer_id, grant_id=grant_id
    )


@back_to(person, "withdraw-{grant_id}", keys=("officer_id",))
def _withdraw(officer_id: UUID, grant_id: UUID) -> Response:
    delegations.grants.withdraw(uow(), actor(), grant_id, forms.reason())
    return done("taken", "console.person", officer_id=officer_id)


@console.route(
    "/people/<uuid:officer_id>/certifications",
    methods=["POST"],
    actions=("identity.certification.give",),
)
@back_to(person, "certify")
def certification_give(officer_id: UUID) -> Response:
    """Certify somebody for a data set."""
    dataset, until = forms.text("dataset", least=1, most=64), forms.day("until", end=True)
    officers_certifications.give(uow(), actor(), officer_id, dataset, until, forms.reason())
    return done("certified", "console.person", officer_id=officer_id)


@console.route(
    "/people/<uuid:officer_id>/certifications/<string:dataset>/withdraw",
    methods=["POST"],
    actions=("identity.certification.withdraw",),
)
@back_to(person, keys=("officer_id",))
def certification_withdraw(officer_id: UUID, dataset: str) -> Response:
    """Withdraw a certification."""
    officers_certifications.withdraw(uow(), actor(), officer_id, dataset, forms.reason())
    return done("taken", "console.person", officer_id=officer_id)


@console.route("/people/<uuid:officer_id>/pin", methods=["POST"], actions=("identity.pin.reset",))
@back_to(person, "pin")
def pin_reset(officer_id: UUID) -> Response:
    """Make a PIN for one use and show it, this once."""
    found = names.officers(uow(), [officer_id]).get(officer_id)
    if found is None:
        raise NotFound("There is no such officer.")
    officer, pin = officers_secrets.reset_pin(uow(), actor(), found.number, forms.reason())
    shown = show(
        "people/pin.html",
        "people",
        person={
            "name": officer.name,
            "number": officer.number,
            "url": url_for("console.person", officer_id=officer_id),
        },
        pin=pin,
        ends_at=uow().now() + credentials.ONE_TIME,
    )
    answer = make_response(shown)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@console.route(
    "/people/<uuid:officer_id>/retire", methods=["POST"], actions=("identity.officer.retire",)
)
@back_to(person, "retire")
def person_retire(officer_id: UUID) -> Response:
    """Let somebody go for good."""
    reason = forms.reason()
    found = names.officers(uow(), [officer_id]).get(officer_id)
    forms.confirmed(found.number if found else "")
    officers_leaving.retire(uow(), actor(), officer_id, reason)
    return done("left", "console.person", officer_id=officer_id)
