import pytest

from tests.conftest import House
from tests.factories.maps import FieldMaps, field_maps


@pytest.fixture
def maps(house: House) -> FieldMaps:
    return field_maps(house)
