"""The demo's day: incidents up to now, shifts that hand over, tasks for those on duty."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from muster.server.demo.city import City, generate


def test_incident_numbers_count_within_their_local_day(city: City) -> None:
    today = [i.number for i in city.incidents if i.number.startswith("A2026-1120-")]
    assert today == [f"A2026-1120-{serial:04}" for serial in range(1, len(today) + 1)]
    assert all(re.fullmatch(r"A\d{4}-\d{4}-\d{4}", i.number) for i in city.incidents)


def test_no_incident_lies_in_the_future(city: City, now: datetime) -> None:
    assert all(datetime.fromisoformat(i.reported_at) <= now for i in city.incidents)


def test_the_latest_incident_waits_in_the_first_officers_beat(city: City) -> None:
    latest = city.incidents[-1]
    beat = next(s.beat for s in city.shifts if s.officer == city.force.leads.first_officer.number)
    assert (latest.kind, latest.state, latest.beat) == ("suspicious_vehicle", "open", beat)


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_the_second_officer_takes_over_from_the_first(hour: int) -> None:
    now = datetime(2026, 11, 20, hour, 30, tzinfo=UTC)
    city = generate(now)
    shifts = {shift.officer: shift for shift in city.shifts}
    first = shifts[city.force.leads.first_officer.number]
    second = shifts[city.force.leads.second_officer.number]
    assert datetime.fromisoformat(first.starts_at) <= now < datetime.fromisoformat(first.ends_at)
    assert (second.starts_at, second.beat) == (first.ends_at, first.beat)


def test_a_shift_lasts_eight_hours_in_a_beat_of_the_officers_station(city: City) -> None:
    units = {officer.number: officer.unit for officer in city.force.officers}
    for shift in city.shifts:
        lasts = datetime.fromisoformat(shift.ends_at) - datetime.fromisoformat(shift.starts_at)
        assert lasts == timedelta(hours=8)
        assert units[shift.officer].startswith(shift.beat[:8])


def test_every_open_incident_is_somebodys_task(city: City) -> None:
    on_duty = {s.officer for s in city.shifts if s.starts_at == city.shifts[0].starts_at}
    assert {t.incident for t in city.tasks if t.incident} == {
        incident.number for incident in city.incidents if incident.state == "open"
    }
    assert {task.assignee for task in city.tasks} <= on_duty
