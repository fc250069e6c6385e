"""Refusals about groups."""

from muster.kernel.errors import Conflict, NotFound


class GroupNotFound(NotFound):
    code = "group_not_found"
    title = "There is no such group of terminals, or not for you."


class MemberByRule(Conflict):
    code = "group_member_by_rule"
    title = "This terminal is in the group by its rule. Change the rule or the terminal."


class GroupNameTaken(Conflict):
    code = "group_name_taken"
    title = "Another group has this name."
