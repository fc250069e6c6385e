"""Which releases a terminal may see, for whatever rings, percentages and reports there are."""

from dataclasses import replace
from itertools import permutations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from appstore.rollouts import Offer, bucket, reached, view
from appstore.rollouts.section import wanted

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


offers = st.builds(
    offer,
    st.integers(1, 4),
    percent=percents,
    mode=st.sampled_from(["required", "available"]),
    halted=st.booleans(),
    package=st.sampled_from(["city.muster.notes", "city.muster.extra"]),
    salt=salts,
)
rings = st.lists(offers, max_size=6)


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


@given(devices, st.lists(offers, max_size=4))
def test_the_order_of_rings_changes_nothing(device: UUID, found: list[Offer]) -> None:
    told = [wanted(view(device, order)) for order in permutations(found)]
    assert all(each == told[0] for each in told)


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


def test_the_highest_version_wins_and_required_over_available() -> None:
    rows = [offer(1), offer(2, mode="available"), offer(2)]
    assert [(seen.version_code, seen.mode) for seen in view(TERMINAL, rows)] == [(2, "required")]


def test_the_view_names_where_the_file_is() -> None:
    (told,) = wanted([offer(7)])
    assert told == {
        "package": "city.muster.notes",
        "version_code": 7,
        "sha256": f"{7:064x}",
        "size": 1000,
        "signer": "ab" * 32,
        "mode": "required",
        "url": f"/appstore/v1/downloads/{7:064x}",
    }
