"""Whether a view can have changed, without resolving it: a mark over all that it is made of.

People's edits raise a version, so counts and sums of versions rise with every change of the store;
a row that takes another's place shows by the newest change. Each date that passes raises a count. Of the terminal count what audiences ask of it and what it
last said is installed. Files are never served on the strength of a mark, and once an hour it is not
trusted, whatever it says.
"""

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import BigInteger, String, bindparam, cast, func, literal, or_, select

from appstore.assignments.models import Assignment
from appstore.catalogue.models import App
from appstore.fdroid.models import FdroidStand
from appstore.fdroid.reader import Reader
from appstore.fdroid.stamps import Stand
from appstore.fdroid.texts import WRITTEN
from appstore.releases.models import Release
from appstore.rollouts.models import InstallReport, Rollout
from mdm.devices import ManagedDevice
from mdm.groups import GroupMember
from muster.kernel.identity import Device, Officer, RoleGrant
from muster.kernel.model import UtcDateTime

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

_EDITED: Final = (App, Assignment, Release, Rollout, *WRITTEN)
_SECONDS: Final = 3600
_ROW: Final = 2**32
"""Beside the versions, so that one sum counts the rows as well."""
_NOW: Final = bindparam("now", type_=UtcDateTime())
_READER: Final = bindparam("reader", type_=String())
_STAND: Final = (FdroidStand.mark, FdroidStand.view_key, FdroidStand.stamp, FdroidStand.before)
_STORE: Final = (
    *(
        select(
            func.coalesce(func.sum(cast(model.version, BigInteger) + literal(_ROW, BigInteger)), 0)
        ).scalar_subquery()
        for model in _EDITED
    ),
    *(select(func.max(model.updated_at)).scalar_subquery() for model in _EDITED),
    *(
        select(func.count()).select_from(Assignment).where(passed <= _NOW).scalar_subquery()
        for passed in (Assignment.starts, Assignment.ends)
    ),
)
_GROUPS: Final = select(func.aggregate_strings(cast(GroupMember.group_id, String), " ")).where(
    GroupMember.device_id == ManagedDevice.id
)
_INSTALLED: Final = select(
    func.aggregate_strings(
        InstallReport.package + ":" + cast(InstallReport.installed_code, String), " "
    )
).where(InstallReport.device_id == ManagedDevice.id)
_ROLES: Final = select(func.aggregate_strings(RoleGrant.role, " ")).where(
    RoleGrant.officer_id == ManagedDevice.holder_id,
    or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= _NOW),
    or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > _NOW),
)
_SETS: Final = tuple(
    one.correlate(ManagedDevice).scalar_subquery() for one in (_GROUPS, _INSTALLED, _ROLES)
)
_OF_TERMINAL: Final = (
    select(
        *_STAND,
        *_SETS,
        *_STORE,
        cast(Device.unit_id, String),
        cast(ManagedDevice.holder_id, String),
        Officer.sworn,
        Officer.state,
        ManagedDevice.model,
        ManagedDevice.os,
        ManagedDevice.os_version,
        ManagedDevice.ring,
        ManagedDevice.device_class,
        ManagedDevice.ownership,
        ManagedDevice.attributes,
    )
    .join(Device, Device.id == ManagedDevice.id)
    .outerjoin(Officer, Officer.id == ManagedDevice.holder_id)
    .outerjoin(FdroidStand, FdroidStand.reader == _READER)
    .where(ManagedDevice.id == bindparam("device_id"))
)
_OF_NOBODY: Final = select(*_STORE)
_LAST: Final = select(*_STAND).where(FdroidStand.reader == _READER)


def look(kernel: "Kernel", reader: Reader) -> tuple[str, Stand | None]:
    """Return the mark of a reader's view now, and where it stands if that mark is its last."""
    now, settings = kernel.clock(), kernel.settings
    values = {"now": now, "reader": reader.key}
    said: list[Any] = [int(now.timestamp()) // _SECONDS, reader.sworn]
    said.append([settings.origin, settings.fdroid_name, *settings.fdroid_mirrors])
    with kernel.db.connect() as connection:
        if reader.device_id is None:
            last: Any = connection.execute(_LAST, values).first()
            facts: Any = connection.execute(_OF_NOBODY, values).one()
        else:
            row = connection.execute(_OF_TERMINAL, values | {"device_id": reader.device_id}).one()
            last, sets, facts = row[:4], row[4:7], row[7:]
            said.append([sorted((text or "").split()) for text in sets])
    said.append([int(one) if isinstance(one, Decimal) else one for one in facts])
    mark = hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()
    if last is None or last[0] != mark:
        return mark, None
    return mark, Stand(last[1], last[2], tuple(last[3]))
