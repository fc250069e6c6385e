"""Static groups of terminals, which configuration layers and rollouts name.

`of_device` and `members` answer neighbours without asking the guard; the others are what people do.
"""

from mdm.groups.errors import GroupNotFound
from mdm.groups.membership import groups_in, join, members, of_device
from mdm.groups.models import Group, GroupMember
from mdm.groups.service import add, create, listing, member_ids, remove

__all__ = [
    "Group",
    "GroupMember",
    "GroupNotFound",
    "add",
    "create",
    "groups_in",
    "join",
    "listing",
    "member_ids",
    "members",
    "of_device",
    "remove",
]
