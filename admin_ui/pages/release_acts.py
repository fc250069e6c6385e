"""What people do with a release from its page: agree, submit again, review, promote, end."""

from typing import Literal
from uuid import UUID

from flask import Response

from admin_ui import forms
from admin_ui.blueprint import console
from admin_ui.pages.release import release
from admin_ui.showing import back_to, done
from appstore import releases, rollouts
from appstore.reviews import service as reviews
from appstore.tracks import order, promoting
from muster.kernel.web import actor, uow

_PAGE = "console.release"
_AT = "/releases/<uuid:release_id>"


@console.route(
    f"{_AT}/approve",
    methods=["POST"],
    actions=("app.release.publish.approve", "app.release.publish", "app.catalogue.read"),
)
@back_to(release, "approve")
def release_approve(release_id: UUID) -> Response:
    """Agree as an approver."""
    sight = releases.approve(uow(), actor(), release_id, forms.text("note", most=1000))
    half = sight.release.state == "needs_review"
    return done("half_agreed" if half else "agreed", _PAGE, release_id=release_id)


@console.route(f"{_AT}/submit", methods=["POST"], actions=("app.release.publish",))
@back_to(release, "submit")
def release_submit(release_id: UUID) -> Response:
    """Ask for approval again."""
    releases.submit(uow(), actor(), release_id, forms.reason())
    return done("submitted", _PAGE, release_id=release_id)


@console.route(f"{_AT}/urgent", methods=["POST"], actions=("app.release.publish",))
@back_to(release, "urgent")
def release_urgent(release_id: UUID) -> Response:
    """Ask anew, as an urgent security release."""
    releases.submit(uow(), actor(), release_id, forms.reason(), urgent=True)
    return done("submitted", _PAGE, release_id=release_id)


@console.route(f"{_AT}/review", methods=["POST"], actions=("app.review.judge", "app.release.block"))
@back_to(release, "review")
def release_review(release_id: UUID) -> Response:
    """Judge an urgent release afterwards."""
    said = forms.chosen("verdict", ("confirmed", "halted", "blocked"))
    reviews.judge(
        uow(),
        actor(),
        release_id,
        "confirmed" if said == "confirmed" else "objected",
        forms.reason(),
        "blocked" if said == "blocked" else "halted",
    )
    return done("reviewed", _PAGE, release_id=release_id)


@console.route(
    f"{_AT}/promote",
    methods=["POST"],
    actions=(
        "app.release.promote",
        "app.release.promote_early",
        "app.rollout.start",
        "app.rollout.raise",
    ),
)
@back_to(release, "promote")
def release_promote(release_id: UUID) -> Response:
    """Send it to a track, as far as its rings say or further."""
    percent = forms.whole("percent", 1, 100) if forms.text("percent", most=3) else None
    made = promoting.promote(
        uow(),
        actor(),
        release_id,
        track=forms.chosen("track", order.TRACKS),
        percent=percent,
        reason=forms.reason(),
    )
    code = "promotion_asked" if made.approval is not None else "promoted"
    return done(code, _PAGE, release_id=release_id)


@console.route(
    f"{_AT}/resume", methods=["POST"], actions=("app.catalogue.read", "app.rollout.resume")
)
@back_to(release, "resume")
def release_resume(release_id: UUID) -> Response:
    """Let it go on in every ring where it was halted."""
    why = forms.reason()
    for ring in rollouts.listing(uow(), actor(), release_id):
        if ring.rollout.state == "halted":
            rollouts.resume(uow(), actor(), ring.rollout.id, why)
    return done("resumed", _PAGE, release_id=release_id)


@console.route(f"{_AT}/complete", methods=["POST"], actions=("app.release.complete",))
@back_to(release, "complete")
def release_complete(release_id: UUID) -> Response:
    """Declare it released."""
    rollouts.complete(uow(), actor(), release_id, forms.reason())
    return done("completed", _PAGE, release_id=release_id)


@console.route(f"{_AT}/retire", methods=["POST"], actions=("app.release.retire",))
@back_to(release, "retire")
def release_retire(release_id: UUID) -> Response:
    """Take it out because its time is over."""
    return _withdraw(release_id, "retired")


@console.route(f"{_AT}/block", methods=["POST"], actions=("app.release.block",))
@back_to(release, "block")
def release_block(release_id: UUID) -> Response:
    """Take it out because it harms."""
    return _withdraw(release_id, "blocked")


def _withdraw(release_id: UUID, to: Literal["retired", "blocked"]) -> Response:
    releases.withdraw(uow(), actor(), release_id, to, forms.reason())
    return done(f"release_{to}", _PAGE, release_id=release_id)
