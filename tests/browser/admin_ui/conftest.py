"""A live server with a city in which one whole shift was played, and people at its console."""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from muster.kernel.identity import Officer
from muster.kernel.kernel import Kernel
from muster.server.assembly import assemble, close, database
from muster.server.demo.bootstrap import populate
from muster.server.demo.city import City, generate
from muster.server.demo.people_secrets import PersonSecret
from muster.server.demo.play import Play
from muster.server.demo.shift import STEPS
from muster.server.demo.state import settings_in
from muster.server.demo.world import load_world
from muster.server.schema import upgrade
from muster.server.serving import Embedded
from tests.factories.authenticators import install

WINDOW = {"width": 1440, "height": 900}


@dataclass
class World:
    """A running server after one shift; `visit` opens a browser window for one of its people."""

    origin: str
    kernel: Kernel
    city: City
    play: Play
    secrets: dict[str, PersonSecret]
    browser: Browser
    cookies: dict[str, Any] = field(default_factory=dict)

    def code(self, number: str) -> str:
        """Return the code that somebody's app shows, as if none had been used this minute."""
        with self.kernel.reads() as uow:
            named = select(Officer.id).where(Officer.number == number)
            officer_id = uow.session.scalars(named).one()
        return install(self.kernel, officer_id, self.secrets[number].totp).code()

    def visit(self, lead: str, **options: Any) -> "Visit":
        """Return somebody's window, signed in by the form at the first time."""
        officer = getattr(self.city.force.leads, lead)
        usual = {"viewport": WINDOW, "locale": "en-GB", "color_scheme": "light"}
        if lead not in self.cookies:
            first = self.browser.new_context(**usual)
            Visit(self, first).sign_in(officer.number)
            self.cookies[lead] = first.storage_state()
            first.close()
        return Visit(
            self, self.browser.new_context(**usual | options, storage_state=self.cookies[lead])
        )


class Visit:
    """One window. Whatever the browser complains about is kept in `complaints`."""

    def __init__(self, world: World, context: BrowserContext) -> None:
        self.world, self.context = world, context
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def __enter__(self) -> Page:
        return self.page

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def open(self, path: str = "") -> Page:
        """Open a page of the console."""
        self.page.goto(f"{self.world.origin}/console{path}")
        return self.page

    def sign_in(self, number: str) -> Page:
        """Sign in by the form."""
        page = self.open("/sign-in")
        page.get_by_label("Police number or user name").fill(number)
        page.get_by_label("Password").fill(self.world.secrets[number].password)
        page.get_by_label("Code of your authenticator app").fill(self.world.code(number))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(re.compile("/console$"))
        return page


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[World]:
    folder, port = tmp_path_factory.mktemp("city"), _free_port()
    settings = replace(settings_in(folder, port), step_up_minutes=240)
    db = database(settings)
    upgrade(db)
    db.dispose()
    kernel, city = assemble(settings), generate(datetime.now(UTC))
    known = populate(kernel, city)
    with Embedded(kernel, host="127.0.0.1", port=port):
        play = _played(settings.origin, folder, city, known)
        yield World(settings.origin, kernel, city, play, known, browser)
        play.close()
    close(kernel)


def _played(origin: str, folder: Path, city: City, known: dict[str, PersonSecret]) -> Play:
    play = Play(origin, folder, city, known)
    load_world(play)
    play.perform(STEPS)
    return play


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number: int = found.getsockname()[1]
        return number
