"""People at the console's pages, as a browser without scripts would show them."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from muster.kernel.identity import Officer, set_password
from tests.factories.authenticators import App, install
from tests.factories.mdm import Force

PASSWORD = "seven grey herons at the weir"


def own_form(client: FlaskClient, **fields: str) -> dict[str, str]:
    """Return a form of ours from before there is a session, with this browser's token."""
    page = client.get("/console/sign-in").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page)
    assert found, page
    return {"csrf_token": found.group(1), **fields}


@dataclass(eq=False)
class Reader:
    """Somebody who signed in by the form; `page` is the last answer's text."""

    client: FlaskClient
    number: str
    app: App
    page: str = field(default="", repr=False)

    def sign_in(self, password: str = PASSWORD, **fields: str) -> TestResponse:
        """Fill in the sign-in form, with the next code of one's app."""
        form = {
            "csrf_token": self.token("/console/sign-in"),
            "username": self.number,
            "password": password,
            "otp": self.app.code(),
        }
        return self._kept(self.client.post("/console/sign-in", data=form | fields))

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self._kept(self.client.get(path, **options))

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send a form of ours: with the token of the session's pages."""
        form = {"csrf_token": self.token(), **fields}
        return self._kept(self.client.post(path, data=form))

    def token(self, path: str = "/console") -> str:
        """Return the token that the pages of this session carry."""
        page = self.client.get(path).get_data(as_text=True)
        found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page)
        assert found, page
        return found.group(1)

    def forms(self) -> set[str]:
        """Return where the forms of the last page would post to, but for signing out."""
        actions = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', self.page)
        return {html.unescape(action) for action in actions} - {"/console/sign-out"}

    def _kept(self, answer: TestResponse) -> TestResponse:
        self.page = answer.get_data(as_text=True)
        return answer


def reader(force: Force, number: str, *roles: str, unit: str = "NORTH") -> Reader:
    """Appoint somebody with a password, not signed in yet."""
    officer_id = force.officer(number, *roles, unit=unit, pin="")
    kernel = force.house.kernel
    with kernel.writes() as uow:
        set_password(uow, uow.session.get_one(Officer, officer_id), PASSWORD)
    return Reader(force.house.app.test_client(), number, install(kernel, officer_id))


def signed_in(force: Force, number: str, *roles: str, unit: str = "NORTH") -> Reader:
    """Appoint somebody and sign them in."""
    somebody = reader(force, number, *roles, unit=unit)
    assert somebody.sign_in().status_code == 303, somebody.page
    return somebody
