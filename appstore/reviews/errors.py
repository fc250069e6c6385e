"""Refusals about reviews of urgent releases."""

from muster.kernel.errors import Conflict, NotFound


class ReviewNotFound(NotFound):
    code = "release_review_not_found"
    title = "This release owes no review."


class ReviewClosed(Conflict):
    code = "release_review_closed"
    title = "This release was reviewed already."


class ReleaseStopped(Conflict):
    code = "release_review_missing"
    title = "This urgent release goes no further until its review confirms it."
