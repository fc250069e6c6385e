"""Reviews: grants to confirm or withdraw, and break-glass to judge."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.showing import back_to, done, show
from muster.kernel.guard import Target
from muster.kernel.identity import break_glass, names, reviews
from muster.kernel.web import actor, uow


@console.route(
    "/reviews",
    endpoint="reviews",
    actions=("identity.review.list", "identity.break_glass.list"),
)
def reviews_list() -> str:
    """What waits for one's decision."""
    items = reviews.service.waiting(uow(), actor())
    rounds = reviews.service.deadlines(uow(), items)
    opened = (
        break_glass.service.waiting(uow(), actor())
        if chrome.may("identity.break_glass.list")
        else []
    )
    ids = {item.officer_id for item in items} | {row.officer_id for row in opened}
    people = names.officers(uow(), ids)
    return show(
        "people/reviews.html",
        "reviews",
        grants=[_item(item, rounds[item.review_id], people) for item in items],
        opened=[_opened(row, people) for row in opened],
    )


@console.route(
    "/reviews/<uuid:item_id>/confirm", methods=["POST"], actions=("identity.review.decide",)
)
@back_to(reviews_list, "confirm-{item_id}", keys=())
def review_confirm(item_id: UUID) -> Response:
    """Confirm a grant for another round."""
    reviews.service.decide(uow(), actor(), item_id, confirm=True, note=forms.reason())
    return done("confirmed", "console.reviews")


@console.route(
    "/reviews/<uuid:item_id>/withdraw", methods=["POST"], actions=("identity.review.decide",)
)
@back_to(reviews_list, "withdraw-{item_id}", keys=())
def review_withdraw(item_id: UUID) -> Response:
    """Withdraw a grant."""
    reviews.service.decide(uow(), actor(), item_id, confirm=False, note=forms.reason())
    return done("taken", "console.reviews")


@console.route(
    "/reviews/break-glass/<uuid:row_id>",
    methods=["POST"],
    actions=("identity.break_glass.judge",),
)
@back_to(reviews_list, "judge-{row_id}", keys=())
def break_glass_review(row_id: UUID) -> Response:
    """Say whether it was justified."""
    verdict = forms.chosen("verdict", ("justified", "misuse"))
    note = forms.reason()
    break_glass.service.review(
        uow(), actor(), row_id, "misuse" if verdict == "misuse" else "justified", note
    )
    return done("reviewed", "console.reviews")


def _item(
    item: reviews.AccessReviewItem, review: reviews.AccessReview, people: dict[UUID, names.Named]
) -> dict[str, Any]:
    who = people[item.officer_id]
    return {
        "id": str(item.id),
        "name": who.name,
        "number": who.number,
        "role": words.of(words.ROLES, item.role),
        "unit": uow().kernel.people.unit(item.unit_id).name,
        "due_at": review.due_at,
        "confirm_url": url_for("console.review_confirm", item_id=item.id),
        "withdraw_url": url_for("console.review_withdraw", item_id=item.id),
    }


def _opened(row: break_glass.BreakGlass, people: dict[UUID, names.Named]) -> dict[str, Any]:
    who = people[row.officer_id]
    unit = uow().kernel.people.unit(row.unit_id)
    facts = {"own": row.officer_id == actor().id, "kind": row.kind, "name": row.name}
    target = Target("BreakGlass", str(row.id), facts, unit.path)
    may = chrome.may("identity.break_glass.judge", target)
    return {
        "id": str(row.id),
        "name": who.name,
        "number": who.number,
        "what": words.of(words.ROLES, row.name),
        "unit": unit.name,
        "reason": row.reason,
        "case_ref": row.case_ref,
        "opened_at": row.created_at,
        "due_at": row.review_due_at,
        "review_url": url_for("console.break_glass_review", row_id=row.id) if may else "",
    }
