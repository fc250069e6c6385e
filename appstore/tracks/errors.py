"""Refusals about tracks."""

from muster.kernel.errors import Conflict


class TrackEmpty(Conflict):
    code = "track_empty"
    title = "This track names no group of terminals yet."


class PromotionOpen(Conflict):
    code = "promotion_open"
    title = "A request to promote this release is open already; an approver must decide it."
