"""Rollouts: releases go out ring by ring, and one resolver says who sees what.

Start with `resolver.py` (pure), then `section.py` (desired state and reports) and `service.py`.
"""

from appstore.rollouts.errors import NotFinished, PercentFalls, RolloutExists, RolloutNotFound
from appstore.rollouts.events import RolloutChanged
from appstore.rollouts.health import Health, health
from appstore.rollouts.models import InstallReport, Rollout
from appstore.rollouts.resolver import Offer, bucket, reached, view
from appstore.rollouts.section import AppsSection
from appstore.rollouts.service import (
    Ring,
    complete,
    halt,
    halt_release,
    listing,
    resume,
    start,
    widen,
)

__all__ = [
    "AppsSection",
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
    "bucket",
    "complete",
    "halt",
    "halt_release",
    "health",
    "listing",
    "reached",
    "resume",
    "start",
    "view",
    "widen",
]
