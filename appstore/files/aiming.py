"""Whom a file is for: one audience, named by whoever publishes it."""

from collections.abc import Mapping
from typing import Any, Final

from appstore.files.models import StoreFile
from mdm.groups import groups_in
from muster.kernel.errors import Fault, InvalidInput
from muster.kernel.identity import ROLES
from muster.kernel.uow import UnitOfWork

AUDIENCES: Final = ("everyone", "sworn", "unit", "group", "role")
_NEEDS: Final = {"unit": "audience_unit", "group": "audience_group", "role": "audience_role"}


def aim(uow: UnitOfWork, file: StoreFile, said: Mapping[str, Any]) -> None:
    """Give a file its audience: `audience`, and the one of `audience_unit` (a code),
    `audience_group` (an id) and `audience_role` that it needs.

    Raises `InvalidInput`, `GroupNotFound`, and `NotFound` for a unit that does not exist.
    """
    audience = said["audience"]
    for name, member in _NEEDS.items():
        if bool(said.get(member)) != (name == audience):
            why = "Say which one." if name == audience else f"Only for the audience {name}."
            raise InvalidInput(errors=[Fault(f"/{member}", why)])
    role = said.get("audience_role") or ""
    if role and role not in ROLES:
        raise InvalidInput(errors=[Fault("/audience_role", "There is no such role.")])
    unit, group = said.get("audience_unit"), said.get("audience_group")
    file.audience, file.audience_role = audience, role
    file.audience_unit_id = uow.kernel.people.by_code(unit).id if unit else None
    file.audience_group_id = groups_in(uow, [group])[0].id if group else None
