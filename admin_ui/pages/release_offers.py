"""What a person may do with a release now: the acts its page offers, and no other."""

from collections.abc import Callable, Sequence
from typing import Final

from flask import url_for

from admin_ui import chrome
from appstore import releases
from appstore.releases import NEXT, Release, Sight, lookup
from appstore.reviews import service as reviews
from appstore.reviews import standing
from appstore.rollouts import Ring
from appstore.tracks import service as tracks
from mdm.groups import Group
from muster.kernel.guard import Target
from muster.kernel.web import actor, uow

_PUBLISH: Final = "app.release.publish"
_WHOLE: Final = 100
_GOES_OUT: Final = ("approved", "rolling", "released")


def offered(sight: Sight, rings: Sequence[Ring], free: Sequence[Group]) -> dict[str, str]:
    """Return the address of every act, '' for those that are not offered."""
    row = sight.release
    fits: dict[str, Callable[[], bool]] = {
        "approve": lambda: _approves(sight),
        "reject": lambda: row.state == "needs_review" and _on(row, "app.release.reject"),
        "submit": lambda: sight.progress.waits_for == "submitter" and _on(row, _PUBLISH),
        "urgent": lambda: row.state == "needs_review" and not row.urgent and _on(row, _PUBLISH),
        "review": lambda: reviewable(sight),
        "start": lambda: bool(free),
        "promote": lambda: bool(promotable(row)),
        "halt": lambda: _everywhere(row, rings, "rolling", "app.rollout.halt"),
        "resume": lambda: _everywhere(row, rings, "halted", "app.rollout.resume"),
        "complete": lambda: _complete(row, rings),
        "retire": lambda: "retired" in NEXT[row.state] and _on(row, "app.release.retire"),
        "block": lambda: "blocked" in NEXT[row.state] and _on(row, "app.release.block"),
    }
    return {
        act: url_for(f"console.release_{act}", release_id=row.id) if fit() else ""
        for act, fit in fits.items()
    }


def may_roll(row: Release, action: str, group: Group) -> bool:
    """Whether the person may do something to a release in a ring."""
    own = _on(row, "app.release.promote")
    path = uow().kernel.people.unit(group.unit_id).path
    return chrome.may(action, Target("Rollout", "new", {"own": own}, path))


def promotable(row: Release) -> list[str]:
    """Return the tracks the person may promote a release to."""
    fits = row.state in _GOES_OUT and not _stopped(row) and _on(row, "app.release.promote")
    if row.app_id is None or not fits:
        return []
    return [lane.name for lane in tracks.lanes(uow(), row.app_id) if lane.rings]


def reviewable(sight: Sight) -> bool:
    """Whether the person is one who may review an urgent release, and it waits for that."""
    review = sight.progress.review
    if review is None or review.verdict:
        return False
    return _on(sight.release, reviews.JUDGE) and reviews.free(uow(), actor(), sight.release)


def _approves(sight: Sight) -> bool:
    row, waiting = sight.release, releases.open_request(uow(), sight.release)
    if row.state != "needs_review" or waiting is None:
        return False
    had_a_part = {row.submitted_by, waiting.requested_by}
    had_a_part |= {one.officer_id for one in sight.progress.given}
    return actor().id not in had_a_part and _on(row, f"{_PUBLISH}.approve")


def _everywhere(row: Release, rings: Sequence[Ring], state: str, action: str) -> bool:
    there = [ring for ring in rings if ring.rollout.state == state]
    if not there or (state == "halted" and _stopped(row)):
        return False
    return row.state in ("rolling", "halted", "released") and all(
        may_roll(row, action, ring.group) for ring in there
    )


def _complete(row: Release, rings: Sequence[Ring]) -> bool:
    whole = all(
        ring.rollout.percent == _WHOLE and ring.rollout.state == "rolling" for ring in rings
    )
    return row.state == "rolling" and whole and _on(row, "app.release.complete")


def _stopped(row: Release) -> bool:
    return standing.is_stopped(uow(), standing.of(uow(), row.id))


def _on(row: Release, action: str) -> bool:
    return chrome.may(action, lookup.target(uow(), row))
