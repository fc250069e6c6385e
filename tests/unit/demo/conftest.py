from datetime import UTC, datetime

import pytest

from muster.server.demo.city import City, generate

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def city() -> City:
    return generate(NOW)
