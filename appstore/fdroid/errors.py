"""Refusals about F-Droid repositories."""

from muster.kernel.errors import NotFound


class NotInRepository(NotFound):
    code = "fdroid_not_in_repository"
    title = "There is no such repository, or nothing of this name in it."


class FdroidAccessNotFound(NotFound):
    code = "fdroid_access_not_found"
    title = "There is no such access to the F-Droid repository, or not for you."
