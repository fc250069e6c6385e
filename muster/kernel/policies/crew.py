"""Everybody in service, read in a few statements, and grouped by what access rules can tell apart."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from muster.kernel.guard import facts
from muster.kernel.identity import Officer, Person, RoleGrant, Unit
from muster.kernel.identity.actor import Certification, Post
from muster.kernel.identity.models import Certification as CertificationRow
from muster.kernel.uow import UnitOfWork

MOST = 20_000


@dataclass(frozen=True)
class Crew:
    """Officers in service, and the path of every unit by its code."""

    people: tuple[Person, ...]
    paths: Mapping[str, str]
    names: Mapping[str, str]


def read(uow: UnitOfWork) -> Crew:
    """Return everybody in service, at most 20,000, by number."""
    session = uow.session
    units = {
        row.id: row
        for row in session.execute(select(Unit.id, Unit.code, Unit.name, Unit.path).limit(MOST))
    }
    posts: dict[UUID, list[Post]] = {}
    for row in session.execute(
        select(
            RoleGrant.officer_id,
            RoleGrant.role,
            RoleGrant.unit_id,
            RoleGrant.valid_from,
            RoleGrant.valid_until,
        )
    ):
        post = Post(row.role, units[row.unit_id].code, row.valid_from, row.valid_until)
        posts.setdefault(row.officer_id, []).append(post)
    leaves: dict[UUID, list[Certification]] = {}
    for held in session.execute(
        select(CertificationRow.officer_id, CertificationRow.dataset, CertificationRow.valid_until)
    ):
        leaves.setdefault(held.officer_id, []).append(Certification(held.dataset, held.valid_until))
    officers = session.execute(
        select(
            Officer.id,
            Officer.number,
            Officer.name,
            Officer.sworn,
            Officer.rank,
            Officer.unit_id,
            Officer.duty_until,
        )
        .where(Officer.state == "active")
        .order_by(Officer.number)
        .limit(MOST)
    )
    people = tuple(
        Person(
            id=row.id,
            number=row.number,
            name=row.name,
            sworn=row.sworn,
            rank=row.rank,
            unit_id=row.unit_id,
            unit=units[row.unit_id].code,
            unit_path=units[row.unit_id].path,
            posts=tuple(posts.get(row.id, ())),
            certifications=tuple(leaves.get(row.id, ())),
            duty_until=row.duty_until,
        )
        for row in officers
    )
    by_code = {row.code: row for row in units.values()}
    return Crew(
        people,
        {code: row.path for code, row in by_code.items()},
        {code: row.name for code, row in by_code.items()},
    )


def alike(
    crew: Crew, at: datetime, named_units: Collection[str], text: str
) -> Iterable[list[Person]]:
    """Yield officers in groups that no rule of these editions can tell apart.

    Two officers are alike when role by role they stand the same way to their own unit and to every
    unit the rules name, and agree in all else a rule can ask. Whom a rule names is alone.
    """
    groups: dict[Any, list[Person]] = {}
    for person in crew.people:
        key = _key(crew, person, at, named_units)
        alone = str(person.id) if str(person.id) in text else ""
        groups.setdefault((key, alone), []).append(person)
    return groups.values()


def elsewhere(crew: Crew, person: Person) -> str | None:
    """Return the path of a unit that neither is above nor below an officer's own, if there is one."""
    for path in sorted(crew.paths.values(), key=lambda path: (path.count("/"), path)):
        if not person.unit_path.startswith(path) and not path.startswith(person.unit_path):
            return path
    return None


def _key(crew: Crew, person: Person, at: datetime, named: Collection[str]) -> Any:
    stand = tuple(
        sorted({_stand(crew, person, post, named) for post in person.posts if post.holds(at)})
    )
    return (
        person.sworn,
        person.rank,
        facts.duty(person, at),
        tuple(sorted(c.dataset for c in person.certifications if c.holds(at))),
        tuple(sorted(code for code in named if f"/{code}/" in person.unit_path)),
        person.unit_path.count("/") <= 2,
        elsewhere(crew, person) is None,
        stand,
    )


def _stand(crew: Crew, person: Person, post: Post, named: Collection[str]) -> tuple[Any, ...]:
    path = crew.paths.get(post.unit, f"/{post.unit}/")
    other = elsewhere(crew, person) or ""
    parent = person.unit_path.rstrip("/").rpartition("/")[0] + "/"
    return (
        post.role,
        person.unit_path.startswith(path),
        parent.startswith(path),
        other.startswith(path),
        tuple(sorted(code for code in named if crew.paths.get(code, "").startswith(path))),
        path == person.unit_path,
    )
