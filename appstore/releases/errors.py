"""Refusals about releases."""

from typing import Any

from appstore.apk import ApkError
from muster.kernel.errors import Conflict, DomainError, NotFound


class ReleaseNotFound(NotFound):
    code = "release_not_found"
    title = "There is no such release."


class ReleaseState(Conflict):
    code = "release_wrong_state"
    title = "The release's state does not allow this."


class ReleaseOutdated(Conflict):
    code = "release_outdated"
    title = "Something changed since this release came in: it no longer passes the rules."


class IconMissing(NotFound):
    code = "icon_missing"
    title = "This release has no icon that can be shown."


class ReleaseDuplicate(Conflict):
    """The store has this very file; `release_id` and `state` say as what."""

    code = "release_duplicate"
    title = "This very file is a release of the store already."


class ReviewOpen(Conflict):
    code = "release_review_open"
    title = "A request for this release is open already; a second person must decide it."


class ApprovedTwice(Conflict):
    code = "release_approved_by_you"
    title = "You approved this release already; a different approver must agree as well."


class ApkRefused(DomainError):
    """The file is no acceptable APK; `reason` is the inspection's own stable code."""

    code, status = "apk_refused", 422
    title = "This file is not an APK that can be read and verified. Nothing was kept."

    @classmethod
    def of(cls, error: ApkError) -> "ApkRefused":
        """Return the problem that an inspection's error means to the publisher."""
        return cls(error.detail, reason=error.code)


class ReleaseRejected(DomainError):
    """A rule blocks the release; `release_id` and `checks` name the record that was kept."""

    code, status = "release_rejected", 422
    title = "The release does not pass the vetting rules. Put right what they name; upload again."

    def __init__(self, release_id: Any, checks: list[dict[str, Any]]) -> None:
        named = ", ".join(check["rule"] for check in checks)
        super().__init__(
            f"The release was rejected: {named}.", release_id=str(release_id), checks=checks
        )


class UploadFileMissing(DomainError):
    code, status = "upload_file_missing", 422
    title = "Send the APK as the request's body, or as the form's part named 'file'."
