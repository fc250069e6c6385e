"""Rollouts: releases go out ring by ring, and one resolver says who sees what.

Start with `resolver.py` (pure), then `section.py` (desired state and reports) and `service.py`.
"""

from appstore.rollouts.errors import NotFinished, PercentFalls, RolloutExists, RolloutNotFound
from appstore.rollouts.events import RolloutChanged
from appstore.rollouts.health import Health, health, health_of
from appstore.rollouts.models import InstallReport, Rollout
from appstore.rollouts.resolver import (
    Assigned,
    Blocked,
    Offer,
    Sight,
    Withdrawn,
    bucket,
    reached,
    resolve,
    view,
)
from appstore.rollouts.section import AppsSection
from appstore.rollouts.service import (
    Ring,
    change,
    complete,
    halt,
    halt_release,
    listing,
    read,
    resume,
    start,
)
from appstore.rollouts.terms import Terms

__all__ = [
    "AppsSection",
    "Assigned",
    "Blocked",
    "Health",
    "InstallReport",
    "NotFinished",
    "Offer",
    "PercentFalls",
    "Ring",
    "Rollout",
    "RolloutChanged",
    "RolloutExists",
    "RolloutNotFound",
    "Sight",
    "Terms",
    "Withdrawn",
    "bucket",
    "change",
    "complete",
    "halt",
    "halt_release",
    "health",
    "health_of",
    "listing",
    "reached",
    "read",
    "resolve",
    "resume",
    "start",
    "view",
]
