"""What officers do: rate an app, report a fault of it, see what became of their reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from appstore.catalogue.models import App
from appstore.feedback.errors import FeedbackNotOffered, TooManyFaults
from appstore.feedback.models import Fault, Rating
from appstore.feedback.states import STANDING
from appstore.releases.models import Release
from appstore.rollouts.models import InstallReport
from appstore.rollouts.offers import view_of
from muster.kernel import guard, notices
from muster.kernel.identity import Actor, DeviceUnknown, Person, Terminal
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into

MOST_OPEN: Final = 20


@dataclass(frozen=True)
class Mine:
    """One of the officer's own reports, with the app and the version that mends it."""

    fault: Fault
    package: str
    fixed_version: str | None


@dataclass(frozen=True)
class _Giver:
    person: Person
    terminal: Terminal
    app: App
    installed: int | None


def rate(
    uow: UnitOfWork,
    actor: Actor,
    package: str,
    *,
    stars: int,
    text: str = "",
    version_code: int | None = None,
    contact_me: bool = False,
) -> UUID:
    """Keep what the officer thinks of an app, instead of what they thought before; return its id.

    Raises `FeedbackNotOffered` unless the app is on the terminal or offered to it.
    """
    guard.require(uow, actor, "app.feedback.give", guard.FORCE).note(package=package, stars=stars)
    giver = _giver(uow, actor, package)
    rating_id = uuid7()
    row = {
        "id": rating_id,
        "app_id": giver.app.id,
        "officer_id": giver.person.id,
        "unit_id": giver.person.unit_id,
        "stars": stars,
        "text": text,
        "version_code": version_code or giver.installed,
        "contact_me": contact_me,
        "at": uow.now(),
    }
    insert = insert_into(uow.kernel.db, Rating).values(row)
    changed = {name: insert.excluded[name] for name in row if name not in ("app_id", "officer_id")}
    again = insert.on_conflict_do_update(index_elements=["officer_id", "app_id"], set_=changed)
    uow.session.execute(again)
    return rating_id


def report(
    uow: UnitOfWork,
    actor: Actor,
    package: str,
    *,
    text: str,
    version_code: int | None = None,
    crash_id: UUID | None = None,
    contact_me: bool = False,
) -> Fault:
    """Keep a fault and tell the app's publishers.

    Raises `FeedbackNotOffered`, or `TooManyFaults` while `MOST_OPEN` of the officer's wait.
    """
    decision = guard.require(uow, actor, "app.feedback.give", guard.FORCE).note(package=package)
    giver = _giver(uow, actor, package)
    waiting = select(func.count()).where(
        Fault.officer_id == giver.person.id,
        Fault.app_id == giver.app.id,
        Fault.state.in_(STANDING),
    )
    if (uow.session.scalar(waiting) or 0) >= MOST_OPEN:
        raise TooManyFaults
    fault = Fault(
        id=uuid7(),
        app_id=giver.app.id,
        officer_id=giver.person.id,
        unit_id=giver.person.unit_id,
        device_id=giver.terminal.id,
        text=text,
        version_code=version_code or giver.installed,
        crash_id=crash_id,
        contact_me=contact_me,
    )
    uow.session.add(fault)
    uow.session.flush()
    decision.note(fault=str(fault.id))
    notices.send(
        uow,
        "app.fault_reported",
        role="publisher",
        unit_id=giver.app.unit_id,
        subject_key=str(giver.app.id),
        params={"package": package},
        link=f"/console/apps/{package}/feedback",
    )
    return fault


def mine(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> Sequence[Mine]:
    """Return up to `limit + 1` of the officer's own reports, newest first."""
    guard.require(uow, actor, "app.feedback.list_mine", guard.FORCE)
    query = (
        select(Fault, App.package, Release.version_name)
        .join(App, App.id == Fault.app_id)
        .outerjoin(Release, Release.id == Fault.fixed_in)
        .where(Fault.officer_id == actor.id)
        .order_by(Fault.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(Fault.id < after)
    return [Mine(*row) for row in uow.session.execute(query)]


def _giver(uow: UnitOfWork, actor: Actor, package: str) -> _Giver:
    person, terminal = actor.person, actor.device
    if person is None or terminal is None:
        raise DeviceUnknown
    having = (InstallReport.package == App.package) & (InstallReport.device_id == terminal.id)
    query = select(App, InstallReport.installed_code).outerjoin(InstallReport, having)
    row = uow.session.execute(query.where(App.package == package)).first()
    if row is None:
        raise FeedbackNotOffered
    app, installed = row
    offered = installed is not None or any(
        offer.package == package for offer in view_of(uow, terminal.id)
    )
    if not offered:
        raise FeedbackNotOffered
    return _Giver(person, terminal, app, installed)
