"""Who is on duty where, and what they have to do: shifts around now, tasks for this shift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count

from muster.server.demo.city.beats import Jurisdiction, station_code
from muster.server.demo.city.force import Force, Officer
from muster.server.demo.city.incidents import LOCAL, Incident, utc

_FIRST_SHIFT = time(7)
_SHIFT = timedelta(hours=8)
_UNHURRIED = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Shift:
    """One row of shifts.csv; `officer` is a number, `beat` a code, times UTC."""

    officer: str
    beat: str
    starts_at: str
    ends_at: str


@dataclass(frozen=True, slots=True)
class Task:
    """One row of tasks.csv; `incident` is empty for patrols, `assignee` an officer's number."""

    number: str
    kind: str
    title_zh: str
    title_en: str
    incident: str
    assignee: str
    unit: str
    beat: str
    due_at: str
    state: str


def roster(force: Force, beats: Sequence[Jurisdiction], now: datetime) -> tuple[Shift, ...]:
    """One shift for each squad member: every other one is on now, the rest follow.

    The first officer and the auxiliary are on duty now; the second officer takes over the first
    one's beat, and terminal, when that shift ends.
    """
    starts = _shift_start(now)
    leads = force.leads
    fixed = {leads.first_officer.number: 0, leads.second_officer.number: 0}
    shifts = []
    for post, officer in enumerate(_squad_members(force)):
        own = [beat for beat in beats if officer.unit.startswith(beat.parent)]
        later = officer is leads.second_officer or (officer is not leads.auxiliary and post % 2)
        begins = starts + _SHIFT if later else starts
        beat = own[fixed.get(officer.number, post % len(own))]
        shifts.append(Shift(officer.number, beat.code, utc(begins), utc(begins + _SHIFT)))
    return tuple(shifts)


def task_list(
    shifts: Sequence[Shift], incidents: Sequence[Incident], now: datetime
) -> tuple[Task, ...]:
    """A patrol for everyone on duty now, and each open incident to somebody of its station."""
    starts, day = utc(_shift_start(now)), f"{now.astimezone(LOCAL):T%Y-%m%d}"
    on_duty = [shift for shift in shifts if shift.starts_at == starts]
    serial = count(1)
    patrols = [
        Task(f"{day}-{next(serial):04}", "patrol", "辖区巡逻", "Patrol of the beat", "",
             shift.officer, station_code(shift.beat), shift.beat, shift.ends_at, "assigned")
        for shift in on_duty
    ]  # fmt: skip
    visits = [
        Task(f"{day}-{next(serial):04}", "attend", f"处警: {case.summary_zh}",
             f"Attend: {case.summary_en}", case.number, _nearest(case, on_duty).officer,
             case.unit, case.beat, utc(now + _UNHURRIED), "assigned")
        for case in incidents
        if case.state == "open"
    ]  # fmt: skip
    return (*patrols, *visits)


def _shift_start(now: datetime) -> datetime:
    """The start of the shift that `now` falls in: 07:00, 15:00 or 23:00 local time."""
    local = now.astimezone(LOCAL)
    first = datetime.combine(local.date(), _FIRST_SHIFT, LOCAL)
    return first + (local - first) // _SHIFT * _SHIFT


def _squad_members(force: Force) -> list[Officer]:
    return [officer for officer in force.officers if officer.unit.endswith(("-P", "-C"))]


def _nearest(case: Incident, on_duty: Sequence[Shift]) -> Shift:
    """Someone on the incident's beat, else of its station."""
    return min(
        (shift for shift in on_duty if shift.beat.startswith(case.unit)),
        key=lambda shift: shift.beat != case.beat,
    )
