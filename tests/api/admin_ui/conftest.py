"""A small force, its console people, and one terminal that passed muster."""

import pytest

from tests.conftest import House
from tests.factories.console import Reader, signed_in
from tests.factories.mdm import Force
from tests.factories.terminal import TestTerminal


@pytest.fixture
def force(house: House) -> Force:
    return Force(house)


@pytest.fixture
def admin(force: Force) -> Reader:
    return signed_in(force, "A1", "device_admin")


@pytest.fixture
def second(force: Force) -> Reader:
    return signed_in(force, "A2", "device_admin")


@pytest.fixture
def auditor(force: Force) -> Reader:
    return signed_in(force, "U1", "auditor")


@pytest.fixture
def terminal(force: Force) -> TestTerminal:
    return force.compliant(force.console("A9", "device_admin"))
