"""The store's main tasks: a publisher brings, corrects and promotes a release, approvers let it out."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from muster.server.demo.apks import ApkKey, build_apk
from tests.browser.admin_ui.conftest import World

PACKAGE = "org.passmuster.plates"
KEY = ApkKey.generate("Plate reader, browser test")
REASON = "As agreed at this morning's briefing"


def bring(page: Page, folder: Path, **changes: object) -> None:
    """Upload an APK by the form, from the list of apps."""
    usual = {
        "package": PACKAGE,
        "label": "Plate reader",
        "version_code": 1,
        "version_name": "1.0",
        "key": KEY,
        "permissions": ("android.permission.CAMERA",),
    }
    path = folder / "app.apk"
    path.write_bytes(build_apk(**usual | changes))
    page.get_by_role("link", name="Apps", exact=True).first.click()
    page.get_by_role("link", name="Upload a release").first.click()
    page.get_by_label("Signed APK").set_input_files(path)
    page.get_by_label("Release notes").fill("Reads plates at night")
    page.get_by_role("button", name="Upload").click()


def act(page: Page, name: str, *, reason: bool = True) -> None:
    """Open a dialog by its button, give a reason and confirm."""
    page.locator(".page-actions").get_by_role("button", name=name, exact=True).click()
    dialog = page.get_by_role("dialog")
    if reason:
        dialog.get_by_label("Reason").fill(REASON)
    dialog.get_by_role("button", name=name, exact=True).click()


def test_a_release_is_corrected_approved_by_two_and_promoted(world: World, tmp_path: Path) -> None:
    publishing = world.visit("publisher")
    with publishing as page:
        publishing.open()
        bring(page, tmp_path, debuggable=True)
        expect(page.get_by_text("Rejected by the rules.")).to_be_visible()
        vetting = page.get_by_role("region", name="Vetting")
        expect(vetting.get_by_text("A debuggable app gives its data away.").first).to_be_visible()
        bring(page, tmp_path)
        expect(page.get_by_text("Uploaded. It waits for an approver.")).to_be_visible()
        review = page.get_by_role("region", name="Review")
        expect(review).to_contain_text("0 of 2")
        expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
        address = page.url
        assert publishing.complaints == []
    for lead, told in (("approver", "You agreed."), ("second_approver", "It may be rolled out.")):
        approving = world.visit(lead)
        with approving as page:
            page.goto(address)
            permissions = page.get_by_role("region", name="Permissions against")
            expect(permissions).to_contain_text("android.permission.CAMERA")
            act(page, "Approve", reason=False)
            expect(page.get_by_text(told)).to_be_visible()
            expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
            assert approving.complaints == []
    publishing = world.visit("publisher")
    with publishing as page:
        page.goto(address)
        expect(page.get_by_role("region", name="Review")).to_contain_text("2 of 2")
        expect(page.get_by_role("button", name="Promote", exact=True)).to_have_count(0)
        page.get_by_role("link", name="Plate reader").click()
        page.get_by_role("link", name="Tracks").click()
        pilot = page.get_by_role("region", name="Pilot")
        pilot.get_by_label("Group", exact=True).select_option(index=0)
        pilot.get_by_label("Share of the group").fill("25")
        pilot.get_by_role("button", name="Add to Pilot").click()
        expect(page.get_by_text("Saved. Promotions follow it from now on.")).to_be_visible()
        page.goto(address)
        act(page, "Promote")
        expect(page.get_by_text("On its way to the terminals of the track.")).to_be_visible()
        expect(page.get_by_role("region", name="Rollout")).to_contain_text("25 %")
        act(page, "Halt")
        expect(page.get_by_text("Halted. Nobody else installs it.")).to_be_visible()
        act(page, "Resume")
        expect(page.get_by_text("It goes on.", exact=True)).to_be_visible()
        assert publishing.complaints == []


def test_a_publisher_makes_a_token_copies_it_once_and_revokes_it(world: World) -> None:
    visit = world.visit("publisher")
    with visit as page:
        visit.open("/apps")
        page.get_by_role("link", name="Tokens").click()
        page.get_by_label("Name").fill("Night build of the plate reader")
        page.get_by_label("Packages").fill("org.passmuster.field")
        page.get_by_label("Upload and submit releases").check()
        page.get_by_role("button", name="Make the token").click()
        expect(page.locator("#secret")).to_have_text(re.compile("^mcc_"))
        row = page.get_by_role("row", name="Night build of the plate reader")
        row.get_by_role("button", name="Revoke").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Reason").fill(REASON)
        dialog.get_by_role("button", name="Revoke").click()
        expect(page.get_by_text("Revoked. The pipeline is refused")).to_be_visible()
        expect(page.locator("#secret")).to_have_count(0)
        expect(row).to_contain_text("Revoked")
        assert visit.complaints == []
