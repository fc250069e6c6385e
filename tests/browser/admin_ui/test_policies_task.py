"""The security admin's main task: write a rule, see whom it concerns, and let a second one agree."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from muster.kernel.identity import Officer, RoleGrant, set_password
from muster.kernel.ids import uuid7
from tests.browser.admin_ui.conftest import WINDOW, Visit, World
from tests.browser.admin_ui.test_every_page import violations
from tests.factories.authenticators import install

PASSWORD = "four red kites over the mill"


@pytest.fixture
def second(world: World) -> Visit:
    """Return the window of another security admin of the whole force."""
    lead = world.city.force.leads.security_admin.number
    with world.kernel.writes() as uow:
        held = uow.session.scalars(
            select(RoleGrant)
            .join(Officer, Officer.id == RoleGrant.officer_id)
            .where(Officer.number == lead, RoleGrant.role == "security_admin")
        ).one()
        officer = Officer(
            id=uuid7(), number="S-SECOND", name="Second Admin", sworn=True, unit_id=held.unit_id
        )
        uow.session.add(officer)
        uow.session.flush()
        uow.session.add(
            RoleGrant(officer_id=officer.id, role="security_admin", unit_id=held.unit_id)
        )
        set_password(uow, officer, PASSWORD)
    app = install(world.kernel, officer.id)
    visit = Visit(world, world.browser.new_context(viewport=WINDOW, locale="en-GB"))
    page = visit.open("/sign-in")
    page.get_by_label("Police number or user name").fill("S-SECOND")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code of your authenticator app").fill(app.code())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Access policies")).to_be_visible()
    return visit


def test_a_rule_from_the_matrix_is_in_force_once_a_second_admin_agrees(
    world: World, second: Visit
) -> None:
    supervisor = world.visit("supervisor")
    name = world.city.force.leads.supervisor.number
    with supervisor as refused:
        answer = refused.goto(f"{world.origin}/console/audit")
        assert answer is not None
        assert answer.status == 403
        visit = world.visit("security_admin")
        with visit as page:
            visit.open()
            page.get_by_role("link", name="Access policies").click()
            page.get_by_role("button", name="New draft").click()
            page.get_by_role("dialog").get_by_label("Name").fill("Supervisors read the log")
            page.get_by_role("dialog").get_by_role("button", name="Begin").click()
            page.get_by_role("link", name="Roles and grants").click()
            page.get_by_role("link", name="supervisor", exact=True).click()
            page.get_by_label("supervisor: audit.entry.list").select_option("The whole force")
            page.get_by_role("button", name="Save in the draft").click()
            gains = page.get_by_role("region", name="Who gains, who loses")
            row = gains.get_by_role("row", name="audit.entry.list")
            expect(row).to_contain_text("gains")
            expect(row).to_contain_text(name)
            page.get_by_role("button", name="Ask to publish").click()
            dialog = page.get_by_role("dialog")
            dialog.get_by_label("Reason").fill("Agreed at the meeting on Monday")
            dialog.get_by_role("button", name="Ask to publish").click()
            page.get_by_role("link", name="Open the request").click()
            expect(page.get_by_text("This is your own request.")).to_be_visible()
            request = page.url
            assert visit.complaints == []
        with second as page:
            page.goto(request)
            page.get_by_role("link", name="Access policies 1: Supervisors read the log").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Supervisors read the log")
            page.goto(request)
            page.get_by_role("button", name="Approve", exact=True).click()
            page.get_by_role("dialog").get_by_role("button", name="Approve").click()
            expect(page.get_by_text("Approved, and carried out.")).to_be_visible()
            assert second.complaints == []
        answer = refused.goto(f"{world.origin}/console/audit")
        assert answer is not None
        assert answer.status == 200


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_the_pages_of_a_draft_are_silent_and_accessible(world: World, axe: str, lang: str) -> None:
    visit = world.visit("security_admin", locale="zh-CN" if lang == "zh-Hans" else "en-GB")
    with visit as page:
        visit.open("/policies")
        page.locator("button[commandfor=new][command=show-modal]").click()
        page.locator("#new-name").fill(f"Look {lang}")
        page.locator("#new button[type=submit]").click()
        page.wait_for_url("**/policies/*-*")
        draft = page.url
        number = world.city.force.leads.supervisor.number
        for path in (
            draft,
            f"{draft}/matrix?role=supervisor",
            f"{draft}/conditions?template=hours",
            f"{draft}/expert",
            f"{world.origin}/console/policies/explain?officer={number}&action=mdm.device.lock",
        ):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            assert_accessible(page, axe, path)
        page.goto(draft)
        page.locator("button[commandfor=discard][command=show-modal]").click()
        page.locator("#discard button[type=submit]").click()
        page.wait_for_url("**/policies")
        assert visit.complaints == []


def assert_accessible(page: Page, axe: str, path: str) -> None:
    assert violations(page, axe) == [], path
