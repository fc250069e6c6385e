"""A small force at its consoles, and a small application whose routes misbehave on purpose."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from muster.kernel.kernel import Kernel
from muster.kernel.web import MusterFlask, apis, headers, problems
from tests.conftest import House
from tests.factories.mdm import Console, Force

from .bench import blueprint


@pytest.fixture
def force(house: House) -> Force:
    return Force(house)


@dataclass
class Bench:
    """The small application, and how often its work was done."""

    kernel: Kernel
    client: FlaskClient
    app: MusterFlask

    def console(self, somebody: Console) -> Console:
        """Return the same person, calling this application."""
        return Console(self.client, somebody.secret, somebody.officer_id)


@pytest.fixture
def bench(kernel: Kernel) -> Bench:
    app = MusterFlask("bench", static_folder=None)
    app.extensions["muster"] = kernel
    headers.install(app, kernel.settings)
    documents = apis(app, "1")
    problems.install(app)
    documents["admin"].register_blueprint(blueprint())
    return Bench(kernel, app.test_client(), app)
