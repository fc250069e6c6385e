"""Access policies for console automation: `/admin/v1/access-policies` and `/admin/v1/access`."""

from typing import Any
from uuid import UUID

from muster.kernel import guard
from muster.kernel.approvals.models import Approval
from muster.kernel.approvals.schemas import ApprovalSchema
from muster.kernel.errors import Malformed
from muster.kernel.policies import explain as explaining
from muster.kernel.policies import impact, overview, publishing, sets, shadows
from muster.kernel.policies.explain import Explanation, Question
from muster.kernel.policies.models import AccessPolicySet, Publication
from muster.kernel.policies.schemas import (
    ExplainQuery,
    ExplanationSchema,
    MatrixRowSchema,
    NewPolicySetSchema,
    PoliciesInForceSchema,
    PolicyDifferenceSchema,
    PolicyImpactSchema,
    PolicyPublicationSchema,
    PolicyReasonSchema,
    PolicySetSchema,
    PolicyShadowSchema,
    PolicyTemplateSchema,
    RevisedPolicySetSchema,
    WholePolicySetSchema,
)
from muster.kernel.policies.templates import TEMPLATES
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    PageQuery,
    actor,
    answer_version,
    decode_id,
    decode_number,
    expected_version,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "access_policies",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="Who may do what: the force's own rules on top of the shipped ones",
)
_READ = ("access.policy.read",)
_DRAFT = ("access.policy.draft",)
_SHADOW = ("access.policy.shadow",)
_LIMIT = 1024 * 1024


@blp.route("/access-policies", auth=Auth.CONSOLE, actions=_READ)
@blp.response(200, PoliciesInForceSchema)
def read_in_force() -> dict[str, Any]:
    """Read what is in force: every rule with its layer and text."""
    guard.require(uow(), actor(), "access.policy.read", guard.FORCE)
    standing = uow().kernel.guard.standing
    return {
        "number": standing.edition.number,
        "epoch": standing.epoch,
        "set_id": standing.edition.set_id,
        "shadow": shadows.running(uow()),
        "flaws": [f"{flaw.rule}: {flaw}" for flaw in standing.flaws],
        "rules": list(standing.edition.rules.values()),
    }


@blp.route("/access-policies/matrix", auth=Auth.CONSOLE, actions=_READ)
@blp.response(200, MatrixRowSchema(many=True))
def read_matrix() -> list[dict[str, Any]]:
    """Read roles by actions: what can be granted, and how far each role reaches today."""
    return [
        {
            "action": row.action.name,
            "resource": row.action.resource,
            "groups": list(row.action.parents),
            "scopes": list(row.scopes),
            "reach": row.reach,
        }
        for row in overview.rows(uow(), actor())
    ]


@blp.route("/access-policies/templates", auth=Auth.CONSOLE, actions=_READ)
@blp.response(200, PolicyTemplateSchema(many=True))
def list_templates() -> list[Any]:
    """List the conditions that can be filled in."""
    guard.require(uow(), actor(), "access.policy.read", guard.FORCE)
    return list(TEMPLATES.values())


@blp.route("/access-policies/publications", auth=Auth.CONSOLE, actions=_READ)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(PolicyPublicationSchema))
def list_publications(query: dict[str, Any]) -> Page[Publication]:
    """List what came into force or into shadow, newest first."""
    after = decode_number(query["after"])
    rows = sets.publications(uow(), actor(), after=after, limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.epoch])


@blp.route("/access-policies/sets", auth=Auth.CONSOLE, actions=_READ)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(PolicySetSchema))
def list_sets(query: dict[str, Any]) -> Page[AccessPolicySet]:
    """List sets, newest first."""
    rows = sets.listing(uow(), actor(), after=decode_id(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route(
    "/access-policies/sets", methods=["POST"], auth=Auth.CONSOLE, actions=_DRAFT, limit=_LIMIT
)
@blp.arguments(NewPolicySetSchema)
@blp.response(201, WholePolicySetSchema)
def create_set(body: dict[str, Any]) -> dict[str, Any]:
    """Begin a draft."""
    return _whole(sets.create(uow(), actor(), **body))


@blp.route("/access-policies/sets/<uuid:set_id>", auth=Auth.CONSOLE, actions=_READ)
@blp.response(200, WholePolicySetSchema)
def read_set(set_id: UUID) -> dict[str, Any]:
    """Read a set: its document, its Cedar text and what is wrong with it."""
    return _whole(sets.read(uow(), actor(), set_id))


@blp.route(
    "/access-policies/sets/<uuid:set_id>",
    methods=["PUT"],
    auth=Auth.CONSOLE,
    actions=_DRAFT,
    limit=_LIMIT,
)
@blp.arguments(RevisedPolicySetSchema)
@blp.response(200, WholePolicySetSchema)
def revise_set(body: dict[str, Any], set_id: UUID) -> dict[str, Any]:
    """Replace a draft's document; If-Match names the version you read."""
    return _whole(sets.revise(uow(), actor(), set_id, expected_version(), **body))


@blp.route(
    "/access-policies/sets/<uuid:set_id>/discard",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=_DRAFT,
)
@blp.response(200, PolicySetSchema)
def discard_set(set_id: UUID) -> AccessPolicySet:
    """Give a draft up."""
    return sets.discard(uow(), actor(), set_id)


@blp.route("/access-policies/sets/<uuid:set_id>/difference", auth=Auth.CONSOLE, actions=_READ)
@blp.response(200, PolicyDifferenceSchema)
def compare_set(set_id: UUID) -> dict[str, Any]:
    """Compare a set with what is in force, rule by rule."""
    row = sets.read(uow(), actor(), set_id)
    return {"changes": sets.changes(sets.in_force(uow()), sets.sound(uow(), row))}


@blp.route("/access-policies/sets/<uuid:set_id>/impact", auth=Auth.CONSOLE, actions=_READ)
@blp.response(200, PolicyImpactSchema)
def judge_impact(set_id: UUID) -> impact.Impact:
    """Name who would gain and who would lose what, if the set came into force now."""
    return impact.of_set(uow(), actor(), set_id)


@blp.route(
    "/access-policies/sets/<uuid:set_id>/publish",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("access.policy.publish",),
)
@blp.arguments(PolicyReasonSchema)
@blp.response(202, ApprovalSchema)
def ask_to_publish(body: dict[str, Any], set_id: UUID) -> Approval:
    """Ask a second person to put a set into force; an earlier one goes back to it."""
    return publishing.ask(uow(), actor(), set_id, body["reason"])


@blp.route("/access-policies/sets/<uuid:set_id>/shadow", auth=Auth.CONSOLE, actions=_READ)
@blp.response(200, PolicyShadowSchema)
def read_shadow(set_id: UUID) -> shadows.Report:
    """Read where a set in shadow would have answered otherwise."""
    return shadows.report(uow(), actor(), set_id)


@blp.route(
    "/access-policies/sets/<uuid:set_id>/shadow",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=_SHADOW,
)
@blp.arguments(PolicyReasonSchema)
@blp.response(200, PolicyPublicationSchema)
def start_shadow(body: dict[str, Any], set_id: UUID) -> Publication:
    """Let a set answer beside the one in force; it decides nothing."""
    return publishing.start_shadow(uow(), actor(), set_id, body["reason"])


@blp.route(
    "/access-policies/sets/<uuid:set_id>/shadow/end",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=_SHADOW,
)
@blp.arguments(PolicyReasonSchema)
@blp.response(200, PolicyPublicationSchema)
def end_shadow(body: dict[str, Any], set_id: UUID) -> Publication:
    """Stop comparing."""
    return publishing.end_shadow(uow(), actor(), set_id, body["reason"])


@blp.route("/access/explain", auth=Auth.CONSOLE, actions=("access.explain",))
@blp.arguments(ExplainQuery, location="query")
@blp.response(200, ExplanationSchema)
def explain(query: dict[str, Any]) -> Explanation:
    """May this officer do this on that, and why? The question itself is on record."""
    set_id = query.pop("set_id")
    given = [pair.partition("=") for pair in query.pop("attribute")]
    attributes = {name: value for name, _, value in given}
    if len(attributes) != len(given):
        raise Malformed("An attribute is given twice.")
    return explaining.explain(
        uow(), actor(), Question(**query, attributes=attributes), set_id=set_id
    )


def _whole(row: AccessPolicySet) -> dict[str, Any]:
    """Return a set with what is wrong with it; its version is the ETag."""
    answer_version(row.version)
    shown = {name: getattr(row, name) for name in _SHOWN}
    return shown | {"flaws": [flaw.as_dict() for flaw in sets.check(uow(), row).flaws]}


_SHOWN = (*PolicySetSchema().fields, "document", "text")
