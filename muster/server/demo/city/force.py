"""The people of the force: thirteen leading characters of the demo and the squads around them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from functools import partial
from itertools import count
from random import Random

from muster.server.demo.city.names import Name, person_name
from muster.server.demo.city.plan import CITY_CODE
from muster.server.demo.city.units import Station

_HIRED_AGO = timedelta(days=400)
_CONTRACT = timedelta(days=730)
_FIRST_NUMBER = 204001


class Rank(IntEnum):
    """Ranks in ascending order; officers.csv holds the number."""

    AUXILIARY = 0
    CONSTABLE = 1
    SERGEANT = 2
    INSPECTOR = 3


@dataclass(frozen=True, slots=True)
class Officer:
    """One row of officers.csv; kind is sworn or auxiliary, dates are local and inclusive.

    Each role is held at `unit` and all units below it: who serves the whole force, as device
    admins do, belongs to the bureau itself.
    """

    number: str
    name: str
    kind: str
    unit: str
    rank: Rank
    roles: tuple[str, ...]
    valid_from: date
    valid_until: date | str


@dataclass(frozen=True, slots=True)
class Leads:
    """Who plays which part in the demo's shift.

    The first and the second officer follow each other on the same terminal; the second device
    admin is the other pair of eyes on a wipe, the approver on a release; a sensitive release needs
    the second approver as well.
    """

    first_officer: Officer
    second_officer: Officer
    auxiliary: Officer
    sergeant: Officer
    device_admin_a: Officer
    device_admin_b: Officer
    publisher: Officer
    approver: Officer
    second_approver: Officer
    supervisor: Officer
    data_steward: Officer
    auditor: Officer
    security_admin: Officer
    system_admin: Officer


@dataclass(frozen=True, slots=True)
class Force:
    """Everybody, the leading characters first."""

    officers: tuple[Officer, ...]
    leads: Leads


class _Recruiter:
    """Hands out numbers in order and fills in what a row needs beyond name and post."""

    def __init__(self, day: date, rng: Random) -> None:
        self._numbers: Iterator[int] = count(_FIRST_NUMBER)
        self._day = day
        self._rng = rng

    def sworn(self, unit: str, rank: Rank, *roles: str, name: Name | None = None) -> Officer:
        number = str(next(self._numbers))
        return self._row(number, "sworn", unit, rank, roles, "", name)

    def auxiliary(self, unit: str, name: Name | None = None) -> Officer:
        number = f"F{next(self._numbers)}"
        until = self._day - _HIRED_AGO + _CONTRACT
        return self._row(number, "auxiliary", unit, Rank.AUXILIARY, ("officer",), until, name)

    def _row(
        self,
        number: str,
        kind: str,
        unit: str,
        rank: Rank,
        roles: tuple[str, ...],
        until: date | str,
        name: Name | None,
    ) -> Officer:
        zh, en = name or person_name(self._rng)
        since = self._day - _HIRED_AGO
        return Officer(number, f"{zh} {en}", kind, unit, rank, roles, since, until)


def police_force(places: Sequence[Station], day: date, rng: Random) -> Force:
    """About sixty officers; `day` is the demo's day, from which validity is counted."""
    recruiter = _Recruiter(day, rng)
    leads = _leads(places[0], recruiter)
    posts = [f"{place.code}-{squad}" for place in places for squad in "PC"]
    squads = [officer for post in posts[1:] for officer in _squad(post, recruiter)]
    chiefs = [recruiter.sworn(p.code, Rank.INSPECTOR, "officer", "supervisor") for p in places]
    return Force((*_everyone(leads), *squads, *chiefs), leads)


def _leads(place: Station, recruiter: _Recruiter) -> Leads:
    patrol, sworn = f"{place.code}-P", recruiter.sworn
    central = partial(sworn, CITY_CODE)
    return Leads(
        first_officer=sworn(patrol, Rank.CONSTABLE, "officer", name=Name("陈立川", "Chen Lichuan")),
        second_officer=sworn(patrol, Rank.CONSTABLE, "officer", name=Name("覃若琳", "Qin Ruolin")),
        auxiliary=recruiter.auxiliary(patrol, Name("马春宁", "Ma Chunning")),
        sergeant=sworn(patrol, Rank.SERGEANT, "officer", name=Name("莫永峰", "Mo Yongfeng")),
        device_admin_a=central(Rank.SERGEANT, "device_admin", name=Name("梁文洁", "Liang Wenjie")),
        device_admin_b=central(Rank.INSPECTOR, "device_admin", name=Name("韦建博", "Wei Jianbo")),
        publisher=central(Rank.CONSTABLE, "publisher", name=Name("郭思涛", "Guo Sitao")),
        approver=central(Rank.INSPECTOR, "approver", name=Name("何明岚", "He Minglan")),
        supervisor=central(
            Rank.INSPECTOR, "duty_desk", "supervisor", name=Name("唐海燕", "Tang Haiyan")
        ),
        data_steward=central(Rank.SERGEANT, "data_steward", name=Name("蒋云敏", "Jiang Yunmin")),
        auditor=central(Rank.INSPECTOR, "auditor", name=Name("许景静", "Xu Jingjing")),
        security_admin=central(
            Rank.INSPECTOR, "security_admin", name=Name("欧阳晓超", "Ouyang Xiaochao")
        ),
        system_admin=central(Rank.INSPECTOR, "system_admin", name=Name("罗志强", "Luo Zhiqiang")),
        second_approver=central(Rank.INSPECTOR, "approver", name=Name("苏慧敏", "Su Huimin")),
    )


def _squad(unit: str, recruiter: _Recruiter) -> list[Officer]:
    return [
        recruiter.sworn(unit, Rank.SERGEANT, "officer"),
        recruiter.sworn(unit, Rank.CONSTABLE, "officer"),
        recruiter.auxiliary(unit),
    ]


def _everyone(leads: Leads) -> tuple[Officer, ...]:
    return tuple(getattr(leads, name) for name in Leads.__dataclass_fields__)
