"""A bare kernel that can send hints, and one enrolled terminal."""

import pytest

from muster.kernel.identity.models import Device, Unit
from muster.kernel.jobs import wire as wire_jobs


@pytest.fixture
def device_id(bare):
    with bare.writes() as uow:
        unit = Unit(code="N1", name="North 1", path="/N1/")
        uow.session.add(unit)
        uow.session.flush()
        device = Device(label="N1-001", unit_id=unit.id, jwk={}, jkt="thumbprint")
        uow.session.add(device)
        uow.session.flush()
        return device.id


@pytest.fixture
def jobs_wired(bare):
    wire_jobs(bare.ports)
