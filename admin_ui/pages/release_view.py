"""A release as its page shows it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from admin_ui import scopes, words
from appstore.releases import Release, Sight
from appstore.rollouts import Ring
from appstore.vetting import checks_of
from muster.kernel.identity import names
from muster.kernel.web import uow

_WORST = ("block", "warn", "pass")


def verdict(release_id: UUID) -> str:
    """Return the gravest verdict on a release, '' before it was vetted."""
    given = {check.verdict for check in checks_of(uow(), release_id)}
    return next((one for one in _WORST if one in given), "")


def facts(release: Release) -> dict[str, Any]:
    """Return the view model `release`."""
    by = names.officers(uow(), [release.submitted_by])[release.submitted_by]
    said = release.facts
    return {
        "name": release.label or release.package,
        "package": release.package,
        "version": release.version_name,
        "code": release.version_code,
        "state": words.RELEASE[release.state],
        "urgent": release.urgent,
        "publisher": uow().kernel.people.unit(release.unit_id).name,
        "uploaded_by": f"{by.name} · {by.number}",
        "uploaded_at": release.created_at,
        "size": release.size,
        "sha256": release.sha256,
        "signer": release.signer,
        "min_sdk": said.get("min_sdk", ""),
        "target_sdk": said.get("target_sdk", ""),
        "notes": release.notes,
        "address": said.get("address", ""),
        "scopes": [one["words"] for one in scopes.words(said.get("scopes", ()))],
    }


def progress(sight: Sight) -> dict[str, Any]:
    """Return the view model `waiting`: what the release waits for, and who has agreed."""
    now, review = sight.progress, sight.progress.review
    reviewer = review.reviewed_by if review else None
    people = names.officers(uow(), [*(one.officer_id for one in now.given), reviewer])
    return {
        "waits": words.of(words.WAITS, now.waits_for) if now.waits_for else "",
        "since": now.since,
        "due_at": now.due_at,
        "needed": now.needed,
        "given": [
            {"name": people[one.officer_id].name, "at": one.at, "note": one.note}
            for one in now.given
        ],
        "urgent_reason": sight.release.urgent_reason,
        "review": {
            "verdict": f"release_{review.verdict}" if review.verdict else "",
            "by": people[reviewer].name if reviewer else "",
            "note": review.note,
        }
        if review
        else None,
    }


def findings(sight: Sight) -> list[dict[str, Any]]:
    """Return what the vetting rules found, with the evidence, the gravest first."""
    found = [check for check in sight.checks if check.verdict != "pass"]
    return [
        {
            "code": check.rule,
            "title": check.title,
            "verdict": check.verdict,
            "evidence": "\n".join(map(str, check.evidence)),
        }
        for check in sorted(found, key=lambda check: _WORST.index(check.verdict))
    ]


def passed(sight: Sight) -> list[str]:
    """Return the rules that found nothing."""
    return [check.rule for check in sight.checks if check.verdict == "pass"]


def permissions(sight: Sight) -> list[dict[str, Any]]:
    """Return what changed, the new ones first."""
    order = {"added": 0, "removed": 1, "same": 2}
    return [
        {"name": one.name, "change": one.change, "dangerous": one.dangerous}
        for one in sorted(sight.permissions, key=lambda one: (order[one.change], one.name))
    ]


def rollout(rings: Sequence[Ring]) -> dict[str, Any] | None:
    """Return how far the release has gone, None before it went anywhere."""
    if not rings:
        return None
    first = rings[0].rollout
    by = names.officers(uow(), [first.started_by])[first.started_by]
    rolling = any(ring.rollout.state == "rolling" for ring in rings)
    return {
        "state": words.ROLLOUT["rolling" if rolling else "halted"],
        "started_at": first.created_at,
        "started_by": by.name,
        "rings": [
            {
                "name": f"{ring.group.name} · {ring.rollout.percent} %",
                "targeted": ring.health.targeted,
                "installed": ring.health.installed,
                "failed": ring.health.failed,
                "state": words.ROLLOUT[ring.rollout.state],
            }
            for ring in rings
        ],
    }
