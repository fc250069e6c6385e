"""Refusals about downloads."""

from muster.kernel.errors import NotFound
from muster.kernel.guard import Denied


class AppNotOffered(NotFound):
    code = "app_not_offered"
    title = "There is no such file for this terminal."


class AppForSworn(Denied):
    code = "app_for_sworn_officers"
    title = "This app is for sworn officers."
