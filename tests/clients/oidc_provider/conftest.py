"""oidc-provider on Node beside a live Muster, and Chromium between them."""

import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from muster.kernel.identity import people, system
from muster.kernel.kernel import Kernel
from muster.server.serving import Embedded
from tests import npm
from tests.api.identity.conftest import OFFICERS, UNITS, appoint

HERE = Path(__file__).parent
CALLBACK = "/console/sign-in/provider/callback"


@dataclass
class Between:
    """A browser, the two servers it goes between, and what the provider says."""

    page: Page
    muster: str
    issuer: str
    kernel: Kernel
    process: "subprocess.Popen[str]"

    def provider_says(self) -> str:
        assert self.process.stdout is not None
        while (line := self.process.stdout.readline()) and line[:3] not in ("lis", "tol", "not"):
            pass
        return line.strip()

    def sign_in_as(self, name: str) -> None:
        """Go to the provider from our sign-in page, and type a name there."""
        self.page.goto(f"{self.muster}/console/sign-in/provider?next=/console/trust")
        self.page.fill("input[name=login]", name)
        self.page.fill("input[name=password]", "whatever it is")
        self.page.click("button[type=submit]")


@pytest.fixture(scope="session")
def installed() -> Path:
    """Install the pinned packages once; workers of one run wait for each other."""
    return npm.install(HERE)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture
def between(kernel: Kernel, installed: Path, chromium: Browser) -> Iterator[Between]:
    """The provider is another site to the browser (127.0.0.1) than Muster (localhost)."""
    port, theirs = _free_ports()
    muster, issuer = f"http://localhost:{port}", f"http://127.0.0.1:{theirs}"
    kernel.settings = replace(
        kernel.settings,
        origin=muster,
        oidc_issuer=issuer,
        oidc_client_id="muster",
        oidc_client_secret="a secret: with signs/of its own",
        oidc_name="Force ID",
        oidc_number_claim="preferred_username",
        oidc_aal="amr=mfa:2",
    )
    with kernel.writes() as uow:
        people.import_units(uow, system("test"), UNITS)
        people.import_officers(uow, system("test"), OFFICERS)
    appoint(kernel)
    logout = f"http://127.0.0.1:{port}/oauth/backchannel-logout"
    command = ["node", "provider.mjs", str(theirs), muster + CALLBACK, logout]
    process = subprocess.Popen(
        command, cwd=installed, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        with Embedded(kernel, host="127.0.0.1", port=port), chromium.new_context() as context:
            found = Between(context.new_page(), muster, issuer, kernel, process)
            assert found.provider_says() == "listening"
            yield found
    finally:
        process.kill()
        process.wait(5)
        if process.stdout:
            process.stdout.close()
