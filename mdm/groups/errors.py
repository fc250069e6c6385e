"""Refusals about groups."""

from muster.kernel.errors import Conflict, NotFound


class GroupNotFound(NotFound):
    code = "group_not_found"
    title = "There is no such group of terminals, or not for you."


class GroupNameTaken(Conflict):
    code = "group_name_taken"
    title = "Another group has this name."
