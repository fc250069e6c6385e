"""Fixtures of every test of offline sync: a house with an owner of notes, and a city."""

from collections.abc import Iterator

import pytest

from muster.kernel.kernel import Kernel
from muster.kernel.settings import Settings
from tests.conftest import MovableClock
from tests.factories.sync import City, Notes, build_city, house_with_notes


@pytest.fixture
def wired(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, clock: MovableClock
) -> Iterator[tuple[Kernel, Notes]]:
    with house_with_notes(monkeypatch, settings, clock) as both:
        yield both


@pytest.fixture
def kernel(wired: tuple[Kernel, Notes]) -> Kernel:
    return wired[0]


@pytest.fixture
def notes(wired: tuple[Kernel, Notes]) -> Notes:
    return wired[1]


@pytest.fixture
def city(kernel: Kernel) -> City:
    return build_city(kernel)
