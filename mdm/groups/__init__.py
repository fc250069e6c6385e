"""Static groups of terminals, which configuration layers and rollouts name.

`of_device` and `members` answer neighbours; `service.py` is what people do.
"""

from mdm.groups.errors import GroupNotFound
from mdm.groups.membership import groups_in, join, members, of_device
from mdm.groups.models import Group, GroupMember

__all__ = [
    "Group",
    "GroupMember",
    "GroupNotFound",
    "groups_in",
    "join",
    "members",
    "of_device",
]
