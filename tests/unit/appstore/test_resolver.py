"""Which releases a terminal may see, for whatever rings, percentages and reports there are."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from appstore.rollouts import (
    Assigned,
    Offer,
    Sight,
    Terms,
    Withdrawn,
    bucket,
    reached,
    resolve,
    view,
)
from appstore.rollouts.resolver import Claim
from appstore.rollouts.wanted import wanted

NOTES, EXTRA = "city.muster.notes", "city.muster.extra"
TERMINAL = UUID("01980000-0000-7000-8000-000000000001")
salts = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=30)
devices = st.uuids()
percents = st.integers(1, 100)


def offer(code: int = 1, **changes: object) -> Offer:
    usual = Offer(
        package="city.muster.notes",
        version_code=code,
        sha256=f"{code:064x}",
        size=1000,
        signer="ab" * 32,
        salt=f"salt {code}",
        percent=100,
        mode="required",
    )
    return replace(usual, **changes)


def moment(day: int) -> datetime:
    return datetime(2026, 7, day, tzinfo=UTC)


offers = st.builds(
    offer,
    st.integers(1, 4),
    percent=percents,
    mode=st.sampled_from(["required", "available"]),
    halted=st.booleans(),
    package=st.sampled_from([NOTES, EXTRA]),
    salt=salts,
    terms=st.sampled_from([Terms(), Terms(charging=True), Terms(unmetered=True, battery_min=20)]),
)
rings = st.lists(offers, max_size=6)
assigned = st.builds(
    Assigned,
    st.sampled_from([NOTES, EXTRA]),
    st.sampled_from(["required", "available", "blocked"]),
    st.none() | st.integers(1, 4),
    st.sampled_from([Terms(), Terms(charging=True), Terms(battery_min=30)]),
)
withdrawn = st.builds(Withdrawn, st.sampled_from([NOTES, EXTRA]), st.integers(1, 4))
said = st.lists(offers | assigned | withdrawn, max_size=5)


@given(salts, devices, percents, percents)
def test_a_higher_percentage_never_loses_a_terminal(
    salt: str, device: UUID, one: int, other: int
) -> None:
    low, high = sorted((one, other))
    assert reached(salt, device, low) <= reached(salt, device, high)


@given(salts, devices)
def test_a_hundred_percent_are_all(salt: str, device: UUID) -> None:
    assert reached(salt, device, 100)
    assert 0 <= bucket(salt, device) < 10_000


def test_half_a_ring_is_about_half_of_it_and_another_half_for_the_next_release() -> None:
    fleet = [UUID(int=number) for number in range(4000)]
    first = {device for device in fleet if reached("first", device, 50)}
    second = {device for device in fleet if reached("second", device, 50)}
    assert 1850 < len(first) < 2150
    assert 850 < len(first & second) < 1150


@given(devices, rings, st.integers(1, 99))
def test_raising_one_ring_takes_no_app_from_anybody(
    device: UUID, found: list[Offer], step: int
) -> None:
    before = {seen.package: seen.version_code for seen in view(device, found)}
    for place, one in enumerate(found):
        higher = replace(one, percent=min(100, one.percent + step))
        after = view(device, [*found[:place], higher, *found[place + 1 :]])
        codes = {seen.package: seen.version_code for seen in after}
        assert all(codes.get(package, 0) >= code for package, code in before.items())


@given(devices, rings)
def test_a_terminal_sees_one_release_per_package_in_their_order(
    device: UUID, found: list[Offer]
) -> None:
    packages = [seen.package for seen in view(device, found)]
    assert packages == sorted(set(packages))


@given(devices, rings, st.none() | st.integers(1, 5))
def test_what_is_seen_is_never_below_what_is_installed(
    device: UUID, found: list[Offer], installed: int | None
) -> None:
    known = [replace(one, installed=installed) for one in found]
    assert all(seen.version_code >= (installed or 0) for seen in view(device, known))


@given(devices, rings, st.none() | st.integers(1, 5))
def test_a_halted_release_is_seen_only_where_it_is_installed(
    device: UUID, found: list[Offer], installed: int | None
) -> None:
    known = [replace(one, installed=installed) for one in found]
    seen = [one for one in view(device, known) if one.halted]
    assert all(one.version_code == installed for one in seen)


@given(devices, said)
def test_the_order_in_which_things_are_said_changes_nothing(
    device: UUID, found: list[Claim]
) -> None:
    told = [wanted(resolve(device, order)) for order in permutations(found)]
    assert all(each == told[0] for each in told)


@given(devices, said)
def test_each_app_has_one_entry_and_a_blocked_one_is_seen_nowhere(
    device: UUID, found: list[Claim]
) -> None:
    sight = resolve(device, found)
    packages = [entry["package"] for entry in wanted(sight)]
    assert packages == sorted(set(packages))
    forbidden = {
        one.package for one in found if isinstance(one, Assigned) and one.mode == "blocked"
    }
    assert forbidden == {one.package for one in sight.blocked if one.version_code is None}


@given(devices, said, st.integers(1, 99))
def test_raising_a_ring_among_assignments_takes_neither_app_nor_duty_from_anybody(
    device: UUID, found: list[Claim], step: int
) -> None:
    before = resolve(device, found).seen
    for place, one in enumerate(found):
        if not isinstance(one, Offer):
            continue
        higher = replace(one, percent=min(100, one.percent + step))
        after = {
            seen.package: seen
            for seen in view(device, [*found[:place], higher, *found[place + 1 :]])
        }
        for seen in before:
            assert after[seen.package].version_code >= seen.version_code
            assert seen.mode == "available" or after[seen.package].mode == "required"


@given(devices, said)
def test_nothing_above_the_lowest_pin_is_seen_but_what_is_installed(
    device: UUID, found: list[Claim]
) -> None:
    for seen in view(device, found):
        pins = [
            one.pinned_code
            for one in found
            if isinstance(one, Assigned) and one.package == seen.package and one.pinned_code
        ]
        assert seen.version_code <= min(pins, default=9) or seen.version_code == seen.installed


def test_the_table_of_the_resolver_holds_line_by_line() -> None:
    """Each line: what is said, and the entry's version, mode and deadline, or why it is blocked."""
    must, may = Assigned(NOTES, "required"), Assigned(NOTES, "available")
    soon, late = Terms(charging=True, deadline=moment(1)), Terms(battery_min=30, deadline=moment(9))
    gone = [Withdrawn(NOTES, 2)]
    lines: list[tuple[list[Claim], object]] = [
        ([must, Assigned(NOTES, "blocked"), offer(1)], "blocked"),
        ([offer(1, mode="available"), may], (1, "available")),
        ([offer(1, mode="available"), may, must], (1, "required")),
        ([offer(1), offer(2, mode="available")], (2, "required")),
        ([offer(1), offer(2), Assigned(NOTES, "available", 1)], (1, "required")),
        ([offer(1), offer(2, installed=2), Assigned(NOTES, "available", 1)], (2, "required")),
        ([offer(1), offer(2, halted=True)], (1, "required")),
        ([offer(1, installed=2), offer(2, installed=2, halted=True)], (2, "required")),
        ([offer(1, installed=2)], None),
        ([must], None),
        ([offer(1, installed=2), *gone], "release_blocked"),
        ([offer(1, installed=2), offer(3, installed=2, mode="available"), *gone], (3, "required")),
        ([offer(2, terms=late), offer(2, terms=soon)], (2, "required", soon)),
        ([offer(2, terms=late), replace(must, terms=soon)], (2, "required", late)),
        ([offer(2), replace(may, terms=late), replace(must, terms=soon)], (2, "required", soon)),
        ([offer(3, installed=2, terms=late), *gone], (3, "required")),
    ]
    for claims, expected in lines:
        assert _read(resolve(TERMINAL, claims)) == expected, claims


def _read(sight: Sight) -> object:
    if sight.blocked:
        (entry,) = wanted(sight)
        return entry.get("reason", entry["mode"])
    if not sight.seen:
        return None
    (seen,) = sight.seen
    return (seen.version_code, seen.mode, *([seen.terms] if seen.terms != Terms() else []))


def test_the_view_names_where_the_file_is() -> None:
    (told,) = wanted(Sight((offer(7),)))
    assert told == {
        "package": "city.muster.notes",
        "kind": "apk",
        "version_code": 7,
        "sha256": f"{7:064x}",
        "size": 1000,
        "signer": "ab" * 32,
        "mode": "required",
        "url": f"/appstore/v1/downloads/{7:064x}",
    }
