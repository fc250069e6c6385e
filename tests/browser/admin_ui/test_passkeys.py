"""Ways in, with Chromium's own virtual authenticator: passkeys, codes, and the confirmation."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from playwright.sync_api import expect
from sqlalchemy import delete, select, update

from muster.kernel.identity import Officer, Session
from muster.kernel.identity.authenticators import totp
from muster.kernel.identity.authenticators.models import Passkey, RecoveryCode, Totp
from tests.browser.admin_ui.conftest import WINDOW, Visit, World
from tests.browser.admin_ui.test_every_page import violations
from tests.browser.admin_ui.test_main_tasks import REASON, find, newcomer

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
CODE = "Code of your authenticator app"


def carry_key(visit: Visit) -> None:
    """Put an authenticator into a window (CDP, WebAuthn domain)."""
    cdp = visit.context.new_cdp_session(visit.page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


@contextmanager
def window(world: World, lead: str) -> Iterator[Visit]:
    """A window of its own for somebody, signed in by password and code."""
    context = world.browser.new_context(
        viewport=WINDOW, locale="en-GB", color_scheme="light", bypass_csp=False
    )
    visit = Visit(world, context)
    visit.sign_in(getattr(world.city.force.leads, lead).number)
    yield visit
    context.close()


def officer_id(world: World, number: str) -> UUID:
    with world.kernel.reads() as uow:
        return uow.session.scalars(select(Officer.id).where(Officer.number == number)).one()


def age(world: World, number: str) -> None:
    """Let the last sign-in of somebody's sessions be five hours ago."""
    with world.kernel.writes() as uow:
        then = uow.now() - timedelta(hours=5)
        mine = Session.officer_id == officer_id(world, number)
        uow.session.execute(update(Session).where(mine).values(auth_at=then))


def without_second_factor(world: World, number: str) -> None:
    with world.kernel.writes() as uow:
        who = officer_id(world, number)
        for table in (Passkey, Totp, RecoveryCode):
            uow.session.execute(delete(table).where(table.officer_id == who))


def test_a_passkey_is_made_opens_the_console_and_confirms_a_wipe(world: World) -> None:
    terminal, label = newcomer(world, "to-wipe-by-key")
    admin = world.city.force.leads.device_admin_b
    with window(world, "device_admin_b") as visit:
        page = visit.page
        carry_key(visit)
        page.get_by_role("link", name="My account").click()
        page.get_by_role("link", name="Add a passkey").click()
        page.get_by_label("Name").fill("Key on my ring")
        page.get_by_role("button", name="Make the passkey").click()
        expect(page.get_by_text("The passkey is added.")).to_be_visible()
        expect(page.get_by_text("A passkey was added.")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Continue with a passkey").click()
        page.wait_for_url(re.compile("/console$"))
        age(world, admin.number)
        find(page, label)
        page.get_by_role("button", name="Wipe", exact=True).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Reason").fill(REASON)
        dialog.get_by_label(f"Type {label} to confirm").fill(label)
        dialog.get_by_role("button", name="Ask for the wipe").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
        page.get_by_role("button", name="Confirm with a passkey").click()
        expect(page.get_by_text(REASON)).to_be_visible()
        page.get_by_role("button", name="Carry on").click()
        expect(page.get_by_text("A wipe has been asked for")).to_be_visible()
        assert visit.complaints == []
    assert terminal.check_in()["commands"] == []  # it still waits for the second person


def test_a_newcomer_adds_an_app_and_confirms_with_its_codes(world: World, axe: str) -> None:
    officer = world.city.force.leads.data_steward
    without_second_factor(world, officer.number)
    context = world.browser.new_context(viewport=WINDOW, locale="en-GB", bypass_csp=True)
    visit = Visit(world, context)
    page = visit.open("/records")
    assert violations(page, axe) == []
    page.get_by_label("Police number or user name").fill(officer.number)
    page.get_by_label("Password").fill(world.secrets[officer.number].password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("One thing first.")).to_be_visible()
    assert violations(page, axe) == []
    visit.open("/people")
    expect(page.get_by_text("One thing first.")).to_be_visible()  # nothing else opens
    page.get_by_role("button", name="Set up an app").click()
    assert violations(page, axe) == []
    secret = page.locator("#secret").inner_text()
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Take it into use").click()
    expect(page.get_by_text("This code is not right.")).to_be_visible()
    expect(page.locator("#secret")).to_have_text(secret)
    refused = [visit.complaints.pop()]
    assert "422" in refused[0]  # the browser's own line about the wrong code
    page.get_by_label("Code", exact=True).fill(now(world, secret))
    page.get_by_role("button", name="Take it into use").click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert violations(page, axe) == []
    recovery = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 are left")).to_be_visible()
    age(world, officer.number)
    page.get_by_role("link", name="Change the password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    assert violations(page, axe) == []
    page.get_by_label("Password").fill(world.secrets[officer.number].password)
    page.get_by_label(CODE).fill(recovery)
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_label("Password now")).to_be_visible()
    assert violations(page, axe) == []
    page.get_by_role("link", name="My account").first.click()
    expect(page.get_by_text("9 are left")).to_be_visible()
    expect(page.get_by_text("A recovery code was used to sign in.")).to_be_visible()
    assert violations(page, axe) == []
    visit.open("/account/passkeys/new")
    expect(page.get_by_role("button", name="Make the passkey")).to_be_visible()
    assert violations(page, axe) == []
    assert visit.complaints == []
    context.close()
    with world.kernel.writes() as uow:
        totp.put(uow, officer_id(world, officer.number), world.secrets[officer.number].totp)


def now(world: World, secret: str) -> str:
    return totp.code_at(secret, totp.step_of(world.kernel.clock()))


def test_a_security_admin_sees_where_somebody_is_signed_in(world: World, axe: str) -> None:
    visit = world.visit("security_admin", bypass_csp=True, locale="zh-CN")
    with visit as page:
        visit.open("/people")
        page.locator("#results th a").first.click()
        page.get_by_role("link", name="会话", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("的会话")
        assert violations(page, axe) == []
        page.get_by_role("button", name="移除第二因素").click()
        assert violations(page, axe) == []
        assert visit.complaints == []
