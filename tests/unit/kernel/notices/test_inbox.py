"""A notice is found by whom it is for, and by nobody else."""

from datetime import timedelta
from uuid import uuid4

import pytest

from muster.kernel import notices
from muster.kernel.identity.actor import Actor, Person, Post, system
from muster.kernel.identity.models import Officer, Unit
from muster.kernel.notices import NoticeNotFound


@pytest.fixture
def force(bare):
    """A city with two districts, and one officer in the north: names to ids."""
    with bare.writes() as uow:
        city = Unit(code="CITY", name="City", path="/CITY/")
        uow.session.add(city)
        uow.session.flush()
        for code in ("NORTH", "SOUTH"):
            path = f"/CITY/{code}/"
            uow.session.add(Unit(code=code, name=code, parent_id=city.id, path=path))
        ann = Officer(number="1001", name="Ann", sworn=True, unit_id=city.id)
        uow.session.add(ann)
        uow.session.flush()
        ids = {unit.code: unit.id for unit in uow.session.query(Unit)}
        return ids | {"ann": ann.id}


def person(force, *posts: Post, who="ann") -> Actor:
    identity = force[who] if who in force else uuid4()
    ann = Person(identity, "1001", "Ann", True, 0, force["CITY"], "CITY", "/CITY/", posts)
    return Actor(kind="officer", surface="console", person=ann)


def send(kernel, kind="device.failing", **options):
    with kernel.writes() as uow:
        return notices.send(uow, kind, **options).id


def kinds(kernel, actor, **options) -> list[str]:
    with kernel.reads() as uow:
        return [notice.kind for notice in notices.inbox(uow, actor, **options)]


def test_an_officer_finds_what_is_addressed_to_them_newest_first(bare, force):
    send(bare, "first", officer_id=force["ann"])
    send(bare, "second", officer_id=force["ann"], params={"device": "N1-001"}, link="/console")
    assert kinds(bare, person(force)) == ["second", "first"]
    assert kinds(bare, person(force, who="bob")) == []


def test_a_page_goes_on_below_the_last_notice(bare, force):
    ids = [send(bare, str(n), officer_id=force["ann"]) for n in range(3)]
    assert kinds(bare, person(force), limit=2) == ["2", "1"]
    assert kinds(bare, person(force), after=ids[1], limit=2) == ["0"]


@pytest.mark.parametrize(
    ("role", "unit", "found"),
    [
        ("supervisor", "NORTH", True),
        ("supervisor", "CITY", True),
        ("supervisor", "SOUTH", False),
        ("auditor", "NORTH", False),
    ],
)
def test_a_notice_to_a_role_is_for_those_who_hold_it_at_or_above_the_unit(
    bare, force, role, unit, found
):
    send(bare, role="supervisor", unit_id=force["NORTH"])
    assert bool(kinds(bare, person(force, Post(role, unit), who="bob"))) is found


def test_a_role_that_has_ended_opens_no_inbox(bare, force):
    send(bare, role="supervisor")
    ended = Post("supervisor", "CITY", valid_until=bare.clock() - timedelta(seconds=1))
    assert kinds(bare, person(force, ended)) == []
    assert kinds(bare, person(force, Post("supervisor", "SOUTH"))) == ["device.failing"]


def test_the_server_itself_has_no_inbox(bare, force):
    send(bare, officer_id=force["ann"])
    assert kinds(bare, system("seal")) == []


def test_reading_is_noted_once_and_lowers_the_count(bare, force):
    notice, ann = send(bare, officer_id=force["ann"]), person(force)
    send(bare, "other", officer_id=force["ann"])
    first = bare.clock()
    for _ in range(2):
        with bare.writes() as uow:
            assert notices.mark_read(uow, ann, notice).read_at == first
        bare.clock.advance(minutes=1)
    with bare.reads() as uow:
        assert notices.unread(uow, ann) == 1
        assert notices.unread(uow, ann, most=0) == 0


def test_nobody_reads_another_officers_notice(bare, force):
    notice = send(bare, officer_id=force["ann"])
    with pytest.raises(NoticeNotFound), bare.writes() as uow:
        notices.mark_read(uow, person(force, who="bob"), notice)


def test_what_repeats_unread_is_one_line_until_it_is_read(bare, force):
    same = {"role": "supervisor", "unit_id": force["NORTH"], "subject_key": "device:1"}
    first = send(bare, **same)
    assert send(bare, **same) == first
    assert send(bare, **(same | {"subject_key": "device:2"})) != first
    with bare.writes() as uow:
        notices.mark_read(uow, person(force, Post("supervisor", "NORTH")), first)
    assert send(bare, **same) != first


def test_a_notice_is_for_an_officer_or_a_role_and_not_both(bare, force):
    for addressee in ({}, {"officer_id": force["ann"], "role": "supervisor"}):
        with pytest.raises(ValueError, match="officer or to a role"):
            send(bare, **addressee)


def test_a_new_notice_is_told_on_the_topics_of_its_reader(bare, force):
    told, ann = [], person(force, Post("supervisor", "NORTH"))
    with bare.reads() as uow:
        bare.bus.subscribe(notices.topics(uow, ann), lambda _, message: told.append(message))
    ids = [send(bare, officer_id=force["ann"]), send(bare, role="supervisor")]
    assert told == [str(notice).encode() for notice in ids]
