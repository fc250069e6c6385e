"""What a supervisor and a security admin come to the people's pages for, in a browser."""

from playwright.sync_api import Page, expect

from tests.browser.admin_ui.conftest import World

WHY = "Covers the night shift"


def open_person(page: Page, number: str) -> None:
    page.get_by_role("link", name="People", exact=True).first.click()
    while not page.get_by_role("row", name=number).count():
        page.get_by_role("link", name="Next page").click()
    page.get_by_role("row", name=number).get_by_role("link").first.click()


def test_a_security_admin_grants_a_post_and_a_second_person_is_asked_for_another(
    world: World,
) -> None:
    sergeant = world.city.force.leads.sergeant
    visit = world.visit("security_admin")
    with visit as page:
        visit.open()
        open_person(page, sergeant.number)
        for role, told in (
            ("Duty desk", "Granted. It holds from their next request."),
            ("Data steward ··", "This waits for a second person."),
        ):
            page.get_by_role("button", name="Grant a role").click()
            dialog = page.get_by_role("dialog")
            dialog.get_by_label("Role").select_option(label=role)
            dialog.get_by_label("Unit").select_option(index=0)
            dialog.get_by_label("Reason").fill(WHY)
            dialog.get_by_role("button", name="Grant", exact=True).click()
            expect(page.get_by_text(told)).to_be_visible()
        assert visit.complaints == []


def test_a_supervisor_lends_a_role_and_takes_it_back(world: World) -> None:
    sergeant = world.city.force.leads.sergeant
    visit = world.visit("supervisor")
    with visit as page:
        visit.open()
        page.get_by_role("link", name="Lent roles").click()
        page.get_by_role("button", name="Lend a role").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("To whom").fill(sergeant.number)
        dialog.get_by_label("Role").select_option(label="Supervisor")
        dialog.get_by_label("Reason").fill(WHY)
        dialog.get_by_role("button", name="Lend a role").click()
        row = page.get_by_role("row", name="Supervisor")
        expect(row).to_contain_text("delegated")
        row.get_by_role("button", name="Take back").click()
        page.get_by_role("dialog").get_by_label("Reason").fill("He went home ill")
        page.get_by_role("dialog").get_by_role("button", name="Take back").click()
        expect(page.get_by_text("Nothing is lent")).to_be_visible()
        assert visit.complaints == []
