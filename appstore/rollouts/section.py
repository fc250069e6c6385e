"""The `apps` section of a terminal's desired state, and what the terminal reports of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select

from appstore.catalogue.models import App
from appstore.managed_configs import values
from appstore.releases.models import Release
from appstore.rollbacks import turns
from appstore.rollouts.models import InstallReport
from appstore.rollouts.offers import again, offers_to, sights
from appstore.rollouts.reasons import known
from appstore.rollouts.resolver import resolve
from appstore.rollouts.wanted import wanted, wanted_by_each
from appstore.rollouts.watching import JUDGE
from mdm.configuration import refresh_later
from muster.kernel import jobs
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into

STATES: Final = frozenset(
    {"installed", "downloading", "waiting", "waiting_outbox", "failed", "removed"}
)

_KEY: Final = ("device_id", "package")


class AppsSection:
    """Answers mdm's `SECTIONS` under the key `apps`."""

    def desired(
        self, uow: UnitOfWork, device_ids: Sequence[UUID]
    ) -> dict[UUID, list[dict[str, Any]]]:
        """Return what `wanted` tells each terminal, by package."""
        return wanted_by_each(uow, sights(uow, device_ids))

    def reported(self, uow: UnitOfWork, device_id: UUID, states: Sequence[dict[str, Any]]) -> None:
        """Keep what the terminal says of our apps; what it says of others is passed over.

        Two statements, eight more when an installed version changed: the terminal is compiled anew
        if that changes what it may see or is told. One more when an installation failed, and for a
        terminal that is to go back. A state with a `number` that is not above the last one of the
        same app is an old report that came again or late, and is passed over.
        """
        said = {state["package"]: state for state in states}
        rows = _held(uow, device_id, list(said))
        before = {
            package: code
            for package, (code, number) in rows.items()
            if said[package].get("number", number + 1) > number
        }
        if not before:
            return
        now = {package: _now(code, said[package]) for package, code in before.items()}
        turned = turns.follow(uow, device_id, {package: said[package] for package in now})
        numbers = {package: said[package].get("number", rows[package][1]) for package in now}
        if turned or now == before:
            _keep(uow, device_id, said, now, numbers)
        else:
            claims = offers_to(uow, device_id)
            _keep(uow, device_id, said, now, numbers)
            after = again(uow, device_id, claims)
            differs = wanted(resolve(device_id, claims)) != wanted(resolve(device_id, after))
            turned = differs or values.change_with(uow, before, now)
        if turned:
            refresh_later(uow, [device_id])
        _judge(uow, [said[package] for package in now])


def _held(
    uow: UnitOfWork, device_id: UUID, packages: list[str]
) -> dict[str, tuple[int | None, int]]:
    """Return the packages that are the store's: the version last said to be there, the number."""
    mine = and_(InstallReport.package == App.package, InstallReport.device_id == device_id)
    query = select(App.package, InstallReport.installed_code, InstallReport.number)
    rows = uow.session.execute(
        query.outerjoin(InstallReport, mine).where(App.package.in_(packages))
    )
    return {package: (code, number or 0) for package, code, number in rows}


def _judge(uow: UnitOfWork, states: Sequence[Mapping[str, Any]]) -> None:
    """Have the releases judged that failed: a bad one is halted in seconds, not in a minute."""
    for state in states:
        if state["state"] != "failed" or state.get("version_code") is None:
            continue
        query = select(Release.id).where(
            Release.package == state["package"],
            Release.version_code == state["version_code"],
            Release.state.in_(("rolling", "released")),
        )
        release_id = uow.session.scalar(query)
        if release_id is not None:
            jobs.enqueue(uow, JUDGE, {"release": str(release_id)}, key=f"{JUDGE}:{release_id}")


def _now(code: int | None, state: Mapping[str, Any]) -> int | None:
    if state["state"] == "installed":
        said: int | None = state.get("version_code")
        return said
    return None if state["state"] == "removed" else code


def _keep(
    uow: UnitOfWork,
    device_id: UUID,
    said: Mapping[str, Mapping[str, Any]],
    installed: Mapping[str, int | None],
    numbers: Mapping[str, int],
) -> None:
    rows = [
        {
            "device_id": device_id,
            "package": package,
            "state": said[package]["state"] if said[package]["state"] in STATES else "unknown",
            "version_code": said[package].get("version_code"),
            "installed_code": code,
            "detail": said[package].get("detail", ""),
            "reason": known(said[package].get("reason", "")),
            "number": numbers[package],
            "config_hash": said[package].get("config_hash", ""),
            "at": uow.now(),
        }
        for package, code in installed.items()
    ]
    insert = insert_into(uow.kernel.db, InstallReport).values(rows)
    changed = {name: insert.excluded[name] for name in rows[0] if name not in _KEY}
    key = [InstallReport.device_id, InstallReport.package]
    uow.session.execute(insert.on_conflict_do_update(index_elements=key, set_=changed))
