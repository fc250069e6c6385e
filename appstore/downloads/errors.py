"""Refusals about downloads."""

from muster.kernel.errors import DomainError, NotFound
from muster.kernel.guard import Denied


class AppNotOffered(NotFound):
    code = "app_not_offered"
    title = "There is no such file for this terminal."


class ReleaseBlocked(DomainError):
    code, status = "release_blocked", 410
    title = "This release was blocked: nobody gets it any more. Remove it where it is installed."


class AppForSworn(Denied):
    code = "app_for_sworn_officers"
    title = "This app is for sworn officers."
