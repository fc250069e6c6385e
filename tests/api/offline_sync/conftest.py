"""A served house with an owner of notes, a city, and a terminal in its north."""

import pytest

from tests.conftest import House
from tests.factories.sync import City, FieldTerminal
from tests.factories.sync_house import city, kernel, notes, wired

__all__ = ["city", "kernel", "notes", "terminal", "wired"]


@pytest.fixture
def terminal(house: House, city: City) -> FieldTerminal:
    found = FieldTerminal(city, house.client, clock=house.clock)
    found.officer("N1")
    return found
