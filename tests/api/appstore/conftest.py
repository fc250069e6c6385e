"""A store in a house, for every test of the package."""

import pytest

from tests.conftest import House
from tests.factories.appstore import Store
from tests.factories.mdm import Force


@pytest.fixture
def store(house: House) -> Store:
    return Store(Force(house))
