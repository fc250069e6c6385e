"""oidc-provider 9 as it is signs people in at the console, and out again from its own side."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from muster.kernel.identity import Session
from tests.clients.oidc_provider.conftest import Between

pytestmark = [pytest.mark.needs("npm"), pytest.mark.browser]


def test_somebody_signs_in_there_works_here_and_signs_out_there(between: Between) -> None:
    page = between.page
    between.sign_in_as("wu")
    page.wait_for_url(f"{between.muster}/console/account")  # it says nothing of a second factor
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")
    expect(page.get_by_text("Wu Jing").first).to_be_visible()
    with between.kernel.reads() as uow:
        session = uow.session.scalars(select(Session)).one()
    assert (session.aal, session.amr, session.revoked_at) == (1, ["fed"], None)

    page.goto(f"{between.issuer}/session/end")
    page.get_by_role("button", name="Yes, sign me out").click()
    assert between.provider_says() == "told"
    page.goto(f"{between.muster}/console/trust")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_somebody_without_an_account_here_stays_outside(between: Between) -> None:
    between.sign_in_as("stranger")
    between.page.wait_for_url(f"{between.muster}/console/sign-in/provider/callback**")
    expect(between.page.get_by_text("no account here is yours")).to_be_visible()
    with between.kernel.reads() as uow:
        assert uow.session.scalars(select(Session)).all() == []
