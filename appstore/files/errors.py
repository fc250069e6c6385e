"""Refusals about the download centre."""

from muster.kernel.errors import Conflict, DomainError, NotFound
from muster.kernel.guard import Denied


class StoreFileNotFound(NotFound):
    code = "store_file_not_found"
    title = "The download centre has no such file or version."


class FileNotOnShelf(Denied):
    """Not there, or not for whoever asks: both look the same."""

    code, status = "file_not_on_shelf", 404
    title = "There is no such file for you."


class FileExpired(DomainError):
    code, status = "file_expired", 410
    title = "This file has expired and is given out no more. Look for its newer version."


class FileWithdrawn(DomainError):
    code, status = "file_withdrawn", 410
    title = "This file was withdrawn and is given out no more."


class FileSlugTaken(Conflict):
    code = "file_slug_taken"
    title = "Another file has this short name."


class FileVersionState(Conflict):
    code = "file_version_wrong_state"
    title = "The state of the file or its version does not allow this."


class FileTypeRefused(DomainError):
    code, status = "file_type_refused", 422
    title = "The download centre does not take this kind of file."


class FileIsApp(DomainError):
    code, status = "file_is_an_app", 422
    title = "This is an app. Apps are vetted: upload it as a release."


class FileHarmful(DomainError):
    code, status = "file_harmful", 422
    title = "A scanner found something harmful in this file. Nothing was kept."


class FileNotScanned(DomainError):
    code, status = "file_not_scanned", 503
    title = "The scanner does not answer, and nothing is taken unscanned. Try again later."
