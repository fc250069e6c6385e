"""The values that terminals are given with their apps: two statements, however many they are."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, String, Uuid, cast, null, select, union_all

from appstore.catalogue.models import App
from appstore.managed_configs.layers import Spoken, lay
from appstore.managed_configs.models import AppConfig
from appstore.rollouts.models import InstallReport
from mdm.groups import Group, GroupMember
from muster.kernel.uow import UnitOfWork


def values_for(
    uow: UnitOfWork, packages: Mapping[UUID, Sequence[str]]
) -> dict[UUID, dict[str, dict[str, Any]]]:
    """Return by terminal and package the values given to it; those without any are left out.

    What a terminal runs decides, by its own last report: a key that this version does not take is
    left out. One that has not installed the app yet is given what the newest release takes.
    """
    spoken = spoken_of(uow, {name for names in packages.values() for name in names})
    if not spoken:
        return {}
    groups, running = standing_of(uow, packages, spoken)
    merged: dict[tuple[str, frozenset[UUID], int | None], dict[str, Any]] = {}
    found: dict[UUID, dict[str, dict[str, Any]]] = {}
    for device_id, names in packages.items():
        for package in spoken.keys() & set(names):
            mine = frozenset(groups.get(device_id, ()))
            key = (package, mine, running.get((device_id, package)))
            if key not in merged:
                merged[key] = lay(spoken[package], mine, key[2])[0].values
            if merged[key]:
                found.setdefault(device_id, {})[package] = merged[key]
    return found


def change_with(
    uow: UnitOfWork, before: Mapping[str, int | None], now: Mapping[str, int | None]
) -> bool:
    """Whether other versions installed by package mean other values; asked after an installation."""
    moved = {package for package in now if now[package] != before.get(package)}
    return any(
        one.left_out(before.get(package)) != one.left_out(now[package])
        for package, said in spoken_of(uow, moved).items()
        for one in said
    )


def spoken_of(uow: UnitOfWork, packages: Collection[str]) -> dict[str, list[Spoken]]:
    """Return what is said to these apps, for whomever; one statement."""
    found: dict[str, list[Spoken]] = {}
    if not packages:
        return found
    query = (
        select(
            App.package,
            AppConfig.document,
            AppConfig.misfits,
            AppConfig.group_id,
            Group.priority,
            Group.name,
        )
        .join(App, App.id == AppConfig.app_id)
        .outerjoin(Group, Group.id == AppConfig.group_id)
        .where(App.package.in_(packages))
    )
    for package, document, misfits, group_id, priority, name in uow.session.execute(query):
        said = Spoken(document, misfits, group_id, priority or 0, name or "")
        found.setdefault(package, []).append(said)
    return found


def standing_of(
    uow: UnitOfWork, device_ids: Collection[UUID], spoken: Mapping[str, Sequence[Spoken]]
) -> tuple[dict[UUID, set[UUID]], dict[tuple[UUID, str], int]]:
    """Return by terminal the groups spoken to, and by terminal and package the version it runs."""
    named = {one.group_id for said in spoken.values() for one in said if one.group_id}
    members = select(
        GroupMember.device_id,
        GroupMember.group_id,
        cast(null(), String).label("package"),
        cast(null(), BigInteger).label("code"),
    ).where(GroupMember.device_id.in_(device_ids), GroupMember.group_id.in_(named))
    installed = select(
        InstallReport.device_id,
        cast(null(), Uuid),
        InstallReport.package,
        InstallReport.installed_code,
    ).where(
        InstallReport.device_id.in_(device_ids),
        InstallReport.package.in_(spoken),
        InstallReport.installed_code.is_not(None),
    )
    groups: dict[UUID, set[UUID]] = {}
    running: dict[tuple[UUID, str], int] = {}
    for device_id, group_id, package, code in uow.session.execute(union_all(members, installed)):
        if group_id is not None:
            groups.setdefault(device_id, set()).add(group_id)
        else:
            running[device_id, package] = code
    return groups, running
