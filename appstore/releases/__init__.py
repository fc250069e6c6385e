"""Releases: uploaded, inspected, vetted, approved by a second person, and one day retired.

Start with `intake.py` (how a file becomes a release), then `states.py` (its life). Neighbours name a
release to the guard with `lookup.target`.
"""

from appstore.releases import lookup
from appstore.releases.errors import (
    ApkRefused,
    ApprovedTwice,
    ReleaseNotFound,
    ReleaseOutdated,
    ReleaseRejected,
    ReleaseState,
    ReviewOpen,
    UploadFileMissing,
)
from appstore.releases.events import ReleaseApproved, ReleaseWithdrawn
from appstore.releases.intake import Brought, Vetted, ready, receive
from appstore.releases.models import Release
from appstore.releases.progress import Progress, open_request
from appstore.releases.review import PUBLISH
from appstore.releases.service import (
    Sight,
    approve,
    listing,
    read,
    reject,
    submit,
    withdraw,
)
from appstore.releases.states import NEXT

__all__ = [
    "NEXT",
    "PUBLISH",
    "ApkRefused",
    "ApprovedTwice",
    "Brought",
    "Progress",
    "Release",
    "ReleaseApproved",
    "ReleaseNotFound",
    "ReleaseOutdated",
    "ReleaseRejected",
    "ReleaseState",
    "ReleaseWithdrawn",
    "ReviewOpen",
    "Sight",
    "UploadFileMissing",
    "Vetted",
    "approve",
    "listing",
    "lookup",
    "open_request",
    "read",
    "ready",
    "receive",
    "reject",
    "submit",
    "withdraw",
]
