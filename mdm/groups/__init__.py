"""Groups of terminals, by hand and by rule, which configuration layers and rollouts name.

`of_device`, `members`, `fits` and `facts_query` answer neighbours without asking the guard; the
others are what people do.
"""

from mdm.groups.errors import GroupNotFound
from mdm.groups.membership import groups_in, join, members, of_device
from mdm.groups.models import Group, GroupMember
from mdm.groups.rule import Facts, fits
from mdm.groups.schemas import GroupRuleSchema
from mdm.groups.service import add, change, create, listing, member_ids, read, remove, target
from mdm.groups.settling import facts_of, facts_query, follow, settle, settle_later
from mdm.groups.sight import Member, Preview, counted, members_of, preview
from mdm.groups.traits import edit
from mdm.groups.written import rule_of, traits_of, written

__all__ = [
    "Facts",
    "Group",
    "GroupMember",
    "GroupNotFound",
    "GroupRuleSchema",
    "Member",
    "Preview",
    "add",
    "change",
    "counted",
    "create",
    "edit",
    "facts_of",
    "facts_query",
    "fits",
    "follow",
    "groups_in",
    "join",
    "listing",
    "member_ids",
    "members",
    "members_of",
    "of_device",
    "preview",
    "read",
    "remove",
    "rule_of",
    "settle",
    "settle_later",
    "target",
    "traits_of",
    "written",
]
