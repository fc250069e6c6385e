"""A patrol on the road."""

import pytest

from tests.conftest import House
from tests.factories.field import Patrol
from tests.factories.field import patrol as sent_out


@pytest.fixture
def patrol(house: House) -> Patrol:
    return sent_out(house)
