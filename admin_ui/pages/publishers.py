"""What publishers have beside their apps: tokens for pipelines, kept names, and urgent releases."""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.showing import back_to, done, show
from appstore.publishers import claims, scopes
from appstore.publishers import tokens as service
from appstore.reviews import service as reviews
from muster.kernel.identity import names as people
from muster.kernel.web import actor, decode_id, decode_text, page, uow

_ISSUE = ("app.token.issue", "identity.client_credential.issue", "app.token.list")


@console.route("/apps/tokens", endpoint="tokens", actions=("app.token.list",))
def tokens_list() -> str:
    """One's own tokens and those one oversees."""
    return _tokens("")


@console.route("/apps/tokens", endpoint="token_issue", methods=["POST"], actions=_ISSUE)
@back_to(tokens_list)
def token_issue() -> str:
    """Make a token; its secret is shown in this answer and never again."""
    packages = forms.text("packages", least=1, most=4000).split()
    acts = [act for act in scopes.ACTS if request.form.get(act)]
    if not acts:
        raise forms.fault("acts", _("Choose at least one."))
    made = service.issue(
        uow(),
        actor(),
        label=forms.text("label", least=1, most=100),
        packages=packages,
        acts=acts,
        days=forms.whole("days", 1, 366),
    )
    return _tokens(made.secret)


@console.route(
    "/apps/tokens/<uuid:token_id>/revoke",
    methods=["POST"],
    actions=("app.token.revoke", "app.token.oversee"),
)
@back_to(tokens_list, "revoke-{token_id}", keys=())
def token_revoke(token_id: UUID) -> Response:
    """End a token at once."""
    service.revoke(uow(), actor(), token_id, forms.reason())
    return done("token_revoked", "console.tokens")


@console.route("/apps/names", actions=("app.name.list",))
def names() -> str:
    """Names that are kept for units."""
    rows = claims.listing(uow(), actor(), after=decode_text(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda row: [row.pattern])
    granted = people.officers(uow(), [row.granted_by for row in shown.items])
    below = people.units_below(uow(), chrome.posts())
    may = chrome.may("app.token.issue")
    return show(
        "publishers/names.html",
        "apps",
        page=pager(shown),
        ask_url=url_for("console.name_ask") if may else "",
        units=[{"value": unit.code, "label": f"{unit.name} · {unit.code}"} for unit in below],
        rows=[
            {
                "pattern": row.pattern,
                "unit": uow().kernel.people.unit(row.unit_id).name,
                "reason": row.reason,
                "by": granted[row.granted_by].name,
                "at": row.created_at,
            }
            for row in shown.items
        ],
    )


@console.route("/apps/names", methods=["POST"], actions=("app.name.reserve",))
@back_to(names)
def name_ask() -> Response:
    """Ask that a name be kept."""
    claims.ask(
        uow(),
        actor(),
        pattern=forms.text("pattern", least=3, most=225),
        unit=forms.text("unit", least=1, most=64),
        reason=forms.reason(),
    )
    return done("asked", "console.names")


@console.route("/apps/reviews", actions=("app.review.list",))
def release_reviews() -> str:
    """Urgent releases that wait for their review."""
    rows = reviews.listing(uow(), actor(), after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda row: [row.review.id])
    return show(
        "publishers/reviews.html",
        "apps",
        page=pager(shown),
        rows=[
            {
                "url": url_for("console.release", release_id=row.release.id),
                "name": row.release.label or row.release.package,
                "package": row.release.package,
                "version": row.release.version_name,
                "reason": row.release.urgent_reason,
                "due_at": row.review.due_at,
                "overdue": row.review.due_at <= uow().now(),
            }
            for row in shown.items
        ],
    )


def _tokens(secret: str) -> str:
    found = service.listing(uow(), actor(), after=decode_id(cursor()), limit=LIMIT)
    shown = page(found, LIMIT, lambda token: [token.row.id])
    may = chrome.may("app.token.issue")
    return show(
        "publishers/tokens.html",
        "apps",
        page=pager(shown),
        secret=secret,
        issue_url=url_for("console.token_issue") if may else "",
        rows=[_row(token) for token in shown.items],
    )


def _row(token: service.Token) -> dict[str, Any]:
    row, over = token.row, token.row.revoked_at or token.row.expires_at <= uow().now()
    return {
        "id": str(row.id),
        "label": row.label,
        "officer": token.officer.name,
        "packages": token.packages,
        "acts": token.acts,
        "expires_at": row.expires_at,
        "state": "revoked" if row.revoked_at else "expired" if over else "live",
        "revoke_url": "" if over else url_for("console.token_revoke", token_id=row.id),
    }
