"""Refusals about downloads."""

from muster.kernel.errors import DomainError, NotFound
from muster.kernel.guard import Denied


class AppNotOffered(NotFound):
    code = "app_not_offered"
    title = "There is no such file for this terminal."


class AppForSworn(Denied):
    code = "app_for_sworn_officers"
    title = "This app is for sworn officers."


class RangeNotSatisfiable(DomainError):
    code, status = "range_not_satisfiable", 416
    title = "The file does not reach that far. Begin again without a range."

    def __init__(self, size: int) -> None:
        super().__init__(headers={"Content-Range": f"bytes */{size}"})
