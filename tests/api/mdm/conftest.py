"""A small force with two device admins, for every test of the package."""

import pytest

from tests.conftest import House
from tests.factories.mdm import Console, Force


@pytest.fixture
def force(house: House) -> Force:
    return Force(house)


@pytest.fixture
def admin(force: Force) -> Console:
    return force.console("A1", "device_admin")


@pytest.fixture
def second(force: Force) -> Console:
    return force.console("A2", "device_admin")
