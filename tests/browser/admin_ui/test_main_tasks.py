"""The main task of each kind of user, from their first page to what they came for."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from muster.handheld import Terminal
from muster.server.demo.apks import build_apk
from muster.server.demo.publishing import PACKAGE, signing_key, upload
from tests.browser.admin_ui.conftest import World

REASON = "Left in a patrol car that was towed away"


def newcomer(world: World, name: str) -> tuple[Terminal, str]:
    """Return a terminal that has just come in and reported a compliant state, and its number."""
    terminal = world.play.terminal(name)
    unit = world.city.force.leads.first_officer.unit
    told = terminal.enrol(world.play.token(unit, name, [world.play.notes["all"]]), name)
    terminal.check_in()
    terminal.check_in()
    return terminal, str(told["label"])


def find(page: Page, label: str) -> None:
    """Find a terminal by its number and open it."""
    page.get_by_role("link", name="Devices").first.click()
    page.get_by_label("Beginning of number, serial or IMEI").fill(label)
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name=label, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(label)


def test_a_device_admin_makes_a_token_and_sees_its_code(world: World) -> None:
    visit = world.visit("device_admin_a")
    with visit as page:
        visit.open()
        page.get_by_role("link", name="Enrolment").click()
        page.get_by_role("link", name="New token").click()
        page.get_by_label("Name").fill("Spare for the night shift")
        page.get_by_label("Group").select_option(label="All terminals")
        page.get_by_role("button", name="Make the token").click()
        expect(page.get_by_role("img", name="QR code of this token")).to_be_visible()
        expect(page.locator("#secret")).to_have_text(re.compile("^met_"))
        page.get_by_role("link", name="Enrolment").first.click()
        expect(page.get_by_role("link", name="Spare for the night shift")).to_be_visible()
        assert visit.complaints == []


def test_a_device_admin_locks_a_terminal_and_sees_it_acknowledged(world: World) -> None:
    terminal, label = newcomer(world, "to-lock")
    visit = world.visit("device_admin_a")
    with visit as page:
        visit.open()
        find(page, label)
        page.get_by_role("button", name="Lock", exact=True).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Reason").fill(REASON)
        dialog.get_by_role("button", name="Lock", exact=True).click()
        expect(page.get_by_text("The terminal will be locked.")).to_be_visible()
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        row = page.get_by_role("group", name="Commands").get_by_role("row", name="Lock")
        expect(row).to_contain_text("Queued")
        terminal.carry_out(terminal.check_in()["commands"])
        expect(row).to_contain_text("Acknowledged", timeout=20_000)  # by the stream: no reload
        assert visit.complaints == []


def test_a_wipe_needs_reason_number_and_a_second_person(world: World) -> None:
    terminal, label = newcomer(world, "to-wipe")
    asking, other = world.visit("device_admin_a"), world.visit("approver")
    with asking as page:
        asking.open()
        find(page, label)
        page.get_by_role("button", name="Wipe", exact=True).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Reason").fill(REASON)
        typed = dialog.get_by_label(f"Type {label} to confirm")
        typed.fill("T-OTHER")
        dialog.get_by_role("button", name="Ask for the wipe").click()
        expect(dialog).to_be_visible()
        typed.fill(label)
        dialog.get_by_role("button", name="Ask for the wipe").click()
        expect(page.get_by_text("A wipe has been asked for")).to_be_visible()
        page.get_by_role("link", name="Open the request").click()
        expect(page.get_by_text("This is your own request.")).to_be_visible()
        expect(page.get_by_role("button", name="Approve")).to_have_count(0)
        request = page.url
        assert asking.complaints == []
    with other as page:
        other.open("/approvals")
        page.get_by_role("link", name=f"Wipe {label}").click()
        assert page.url == request
        page.get_by_role("button", name="Approve", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Approved, and carried out.")).to_be_visible()
        assert other.complaints == []
    orders: list[dict[str, Any]] = terminal.check_in()["commands"]
    assert [order["kind"] for order in orders] == ["wipe"]


def test_a_lost_terminal_goes_into_lost_mode_and_comes_back_with_its_wipe_cancelled(
    world: World,
) -> None:
    terminal, label = newcomer(world, "to-lose")
    desk, asking, other = (
        world.visit(lead) for lead in ("supervisor", "device_admin_a", "approver")
    )
    with desk as page:
        desk.open(f"/devices?q={label}")
        page.get_by_role("link", name=label, exact=True).click()
        page.get_by_role("button", name="Report lost", exact=True).click()
        page.get_by_role("dialog").get_by_label("Reason").fill(REASON)
        page.get_by_role("dialog").get_by_role("button", name="Report lost").click()
        expect(page.get_by_text("No access")).to_be_visible()
        assert desk.complaints == []
    orders = terminal.check_in()["commands"]
    assert [order["kind"] for order in orders] == ["lost_mode", "lock"]
    with asking as page:
        asking.open(f"/devices?q={label}")
        page.get_by_role("link", name=label, exact=True).click()
        lost = page.get_by_role("group", name="Commands").get_by_role("row", name="Lost mode")
        expect(lost).to_contain_text("Delivered, not yet confirmed")
        page.get_by_role("button", name="Wipe", exact=True).click()
        page.get_by_role("dialog").get_by_label("Reason").fill(REASON)
        page.get_by_role("dialog").get_by_label(f"Type {label} to confirm").fill(label)
        page.get_by_role("dialog").get_by_role("button", name="Ask for the wipe").click()
        page.get_by_role("link", name="Open the request").click()
        request = page.url
        with other as second:
            second.goto(request)
            second.get_by_role("button", name="Approve", exact=True).click()
            second.get_by_role("dialog").get_by_role("button", name="Approve").click()
            expect(second.get_by_text("Approved, and carried out.")).to_be_visible()
        asking.open(f"/devices?q={label}")
        page.get_by_role("link", name=label, exact=True).click()
        expect(page.get_by_text("A wipe waits.")).to_be_visible()
        page.get_by_role("button", name="Report found", exact=True).click()
        page.get_by_role("dialog").get_by_label("Reason").fill("Handed in at the desk")
        page.get_by_role("dialog").get_by_role("button", name="Report found").click()
        expect(page.get_by_text("Reported found, and the wipe is cancelled.")).to_be_visible()
        page.get_by_role("link", name="All commands").click()
        expect(page.get_by_role("row", name="Wipe")).to_contain_text("Cancelled")
        proof = page.get_by_text("Proves that it rang; not that anybody heard it.", exact=True)
        expect(proof).to_be_visible()
        assert asking.complaints == []
    kinds = [order["kind"] for order in terminal.check_in()["commands"]]
    assert kinds == ["end_lost_mode", "unlock"]


def test_a_publisher_sees_the_vetting_and_an_approver_lets_it_out(world: World) -> None:
    leads = world.city.force.leads
    apk = build_apk(
        key=signing_key(world.play.folder),
        package=PACKAGE,
        version_code=9,
        version_name="9.0",
        label="Muster Field",
    )
    upload(world.play.desk(leads.publisher), apk, "Reads plates at night")
    publishing, other = world.visit("publisher"), world.visit("approver")
    with publishing as page:
        publishing.open("/apps")
        page.get_by_role("link", name="Muster Field").click()
        page.get_by_role("link", name="9.0", exact=True).click()
        expect(page.get_by_text("Awaiting approval").first).to_be_visible()
        vetting = page.get_by_role("region", name="Vetting")
        expect(vetting.get_by_text("rules found nothing against it")).to_be_visible()
        expect(vetting.locator(".strong", has_text="Its data may leave by backup.")).to_be_visible()
        page.get_by_role("link", name="Open the request").click()
        expect(page.get_by_role("button", name="Approve")).to_have_count(0)
        assert publishing.complaints == []
    with other as page:
        other.open("/approvals")
        page.get_by_role("link", name=re.compile(rf"Publish {PACKAGE} 9.0")).click()
        page.get_by_role("button", name="Approve", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Approved, and carried out.")).to_be_visible()
        assert other.complaints == []


def test_a_supervisor_reads_a_record_with_its_checks(world: World) -> None:
    visit = world.visit("supervisor")
    with visit as page:
        visit.open("/records")
        page.get_by_label("Incident number").fill(world.play.notes["incident"])
        page.get_by_role("button", name="Filter").click()
        page.locator("#results th a").first.click()
        checks = page.get_by_role("region", name="Checks")
        expect(checks.get_by_text("Hit", exact=True).first).to_be_visible()
        expect(page.get_by_role("region", name="Answers")).to_contain_text("Vehicle held")
        with page.expect_response(re.compile("/files/")) as photo:
            page.get_by_role("region", name="Photos").get_by_role("link").first.click()
        assert photo.value.headers["content-type"] == "image/png"
        assert visit.complaints == []


def test_an_auditor_asks_who_looked_a_plate_up_and_proves_one_entry(world: World) -> None:
    plate = world.city.cases.stolen.plate
    visit = world.visit("auditor")
    with visit as page:
        visit.open("/checks")
        page.get_by_label("Kind").select_option(label="Number plate")
        page.get_by_label("Number, plate or document").fill(plate)
        page.get_by_label("Reason").fill("Complaint 2026-88")
        page.get_by_role("button", name="Search").click()
        results = page.locator("#results")
        expect(results).to_contain_text(world.city.force.leads.first_officer.number)
        expect(results).to_contain_text("Stop and check")
        assert plate not in page.url
        page.get_by_role("link", name="Audit entry").last.click()
        page.get_by_role("button", name="Verify").click()
        expect(page.get_by_text("The proof holds.")).to_be_visible()
        with page.expect_download() as proof:
            page.get_by_role("link", name="Download the proof").click()
        assert "note" in proof.value.path().read_text("utf-8")
        visit.open("/audit")
        page.get_by_role("button", name="Verify the log").click()
        expect(page.get_by_text("The log is whole.")).to_be_visible()
        assert visit.complaints == []


def test_the_work_can_be_done_by_keyboard_alone(world: World) -> None:
    _terminal, label = newcomer(world, "by-keyboard")
    visit = world.visit("device_admin_a")
    with visit as page:
        visit.open(f"/devices?q={label}")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.keyboard.press("Enter")
        link = page.get_by_role("link", name=label, exact=True)
        for _step in range(20):
            page.keyboard.press("Tab")
            if link.evaluate("link => link === document.activeElement"):
                break
        page.keyboard.press("Enter")
        button = page.get_by_role("button", name="Report lost", exact=True)
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog").get_by_label("Reason")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(button).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.type(REASON)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("No access")).to_be_visible()
        assert visit.complaints == []


def test_without_a_session_one_is_asked_to_sign_in_and_comes_back(world: World) -> None:
    officer = world.city.force.leads.device_admin_b
    context = world.browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{world.origin}/console/devices?state=lost")
    page.get_by_label("Police number or user name").fill(officer.number)
    page.get_by_label("Password").fill("not the password at all")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("That did not match.")).to_be_visible()
    page.get_by_label("Password").fill(world.secrets[officer.number].password)
    page.get_by_label("Code of your authenticator app").fill(world.code(officer.number))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{world.origin}/console/devices?state=lost")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    context.close()


def test_a_device_admin_prints_a_batch_and_lets_its_terminal_in(world: World) -> None:
    visit = world.visit("device_admin_a")
    serial = "YL-BATCH-1"
    with visit as page:
        visit.open()
        page.get_by_role("link", name="Enrolment").click()
        page.get_by_role("link", name="New token").click()
        page.get_by_label("Name", exact=True).fill("Box 7")
        page.get_by_label("Serial numbers").fill(f"{serial}\nYL-BATCH-2")
        page.get_by_label("Terminals wait until").check()
        page.get_by_role("button", name="Make the token").click()
        sheet = page.get_by_role("group", name="Serial numbers of this batch")
        expect(sheet.get_by_role("checkbox")).to_have_count(2)
        page.emulate_media(media="print")
        expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
        expect(page.get_by_role("img", name="QR code of this token")).to_be_visible()
        page.emulate_media(media="screen")
        token = page.locator("#secret").inner_text()
        terminal = world.play.terminal("batch")
        unit = world.city.force.leads.first_officer.unit
        told = terminal.enrol({**world.play.token(unit, "other"), "token": token}, serial)
        assert terminal.check_in()["tier"] == 0
        page.get_by_role("link", name="Enrolment").first.click()
        row = page.get_by_role("row", name=serial)
        expect(row.get_by_role("link", name=str(told["label"]))).to_be_visible()
        row.get_by_role("button", name=f"Admit {serial}").click()
        expect(page.get_by_role("status").filter(has_text="Let in.")).to_be_visible()
        terminal.check_in()
        assert terminal.check_in()["compliant"] is True
        assert visit.complaints == []
