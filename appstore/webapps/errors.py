"""Refusals about web apps."""

from appstore.apk import ApkError
from muster.kernel.errors import Conflict, DomainError, NotFound


class BundleNotFound(NotFound):
    code = "bundle_not_found"
    title = "You brought no such bundle."


class BundleNotReady(Conflict):
    code = "bundle_not_ready"
    title = "This bundle is still being read. Ask again in a moment."


class BundleRefused(DomainError):
    """The file is no acceptable bundle; `reason` is a stable code."""

    code, status = "bundle_refused", 422
    title = "This file is not a zip of static files that can be read safely. Nothing was kept."

    @classmethod
    def of(cls, error: ApkError) -> "BundleRefused":
        """Return the problem that a reader's error means to the publisher."""
        return cls(error.detail, reason=error.code)
