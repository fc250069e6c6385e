"""Step 8: a release passes muster and reaches one ring; a bad one halts itself, and is replaced."""

from typing import Any

from muster.handheld import Terminal
from muster.server.demo.apks import ApkKey
from muster.server.demo.play import Play, expect, expect_refusal, wait
from muster.server.demo.publishing import (
    PACKAGE,
    approve,
    field_app,
    newest_version,
    roll_out,
    signing_key,
    upload,
)
from muster.server.demo.shift.cast import MAIN, OTHER


def release_an_app(play: Play) -> None:
    """Another signer is rejected, a second person approves, one ring gets it; then one goes wrong."""
    leads = play.city.force.leads
    publisher, approver = play.desk(leads.publisher), play.desk(leads.approver)
    version = newest_version(publisher) + 1
    forged = field_app(version, ApkKey.generate("Somebody else"))
    refusal = expect_refusal(lambda: upload(publisher, forged, "Forged"), "release_rejected")
    rules = [check["rule"] for check in refusal.problem["checks"]]
    play.say(f"Signed by another key: {refusal.status} {refusal.code}, rule {', '.join(rules)}.")
    release = upload(publisher, field_app(version, signing_key(play.folder)), "Faster search")
    own = f"/admin/v1/approvals/{release['approval_id']}/approve"
    expect_refusal(lambda: publisher.post(own), "second_person_required", "not_permitted")
    approve([approver, play.desk(leads.second_approver)], release, "Nothing new in it")
    play.say(f"{leads.publisher.name} brings version {version}; {leads.approver.name} approves it.")
    admin = play.desk(leads.device_admin_a)
    roll_out(admin, release["id"], play.notes["pilot"], "Pilot of the faster search")
    _in_the_ring(play, release)
    _outside(play, release)
    bad = _halts_by_itself(play, version + 1)
    _comes_again(play, bad, release, version + 2)


def _in_the_ring(play: Play, release: dict[str, Any]) -> None:
    terminal = play.terminal(MAIN)
    app = wait(lambda: _desired(terminal, release), "the release in the desired state")
    play.notes["app_url"] = app["url"]
    done = terminal.apps.update()
    expect([one["state"] for one in done] == ["installed"], f"it did not install: {done}")
    shown = play.desk(play.city.force.leads.device_admin_a).get(
        f"/admin/v1/devices/{play.notes['device']}"
    )
    told = [app for app in shown["apps"] if app["package"] == PACKAGE]
    expect(told and told[0]["version_code"] == release["version_code"], f"it reported {told}")
    play.say(f"The pilot terminal verified hash and signer, installed and reported {PACKAGE}.")


def _outside(play: Play, release: dict[str, Any]) -> None:
    other = play.terminal(OTHER)
    if not other.device_id:
        unit = play.city.force.leads.first_officer.unit
        other.enrol(
            play.token(unit, "Terminal outside the ring", [play.notes["all"]]), "YL-2026-0002"
        )
    other.check_in()
    expect(not _desired(other, release), "a terminal outside the ring is told of the release")
    other.apps.update()
    url = play.notes["app_url"]
    refusal = expect_refusal(lambda: other.connection.agent("GET", url), "app_not_offered")
    expect(refusal.status == 404, f"outside the ring it is {refusal.status}")
    play.say(f"A terminal outside the ring: 404; it has version {other.apps.installed()[PACKAGE]}.")


def _halts_by_itself(play: Play, version: int) -> dict[str, Any]:
    """A release that cannot be installed stops at the first report, and nobody had to look."""
    leads = play.city.force.leads
    publisher, admin = play.desk(leads.publisher), play.desk(leads.device_admin_a)
    bad = _approved(play, version, "Offline maps in the app")
    gate = {"min_reports": 1, "failed_percent": 20}
    roll_out(admin, bad["id"], play.notes["pilot"], "Pilot of the offline maps", gate=gate)
    terminal = play.terminal(MAIN)
    wait(lambda: _desired(terminal, bad), "the next release in the desired state")
    around = terminal.apps.around
    room, around.free = around.free, 0
    done = terminal.apps.update()
    around.free = room
    expect([one.get("reason") for one in done] == ["storage_full"], f"it came on: {done}")
    path = f"/appstore/v1/releases/{bad['id']}"
    wait(lambda: publisher.get(path)["release"]["state"] == "halted", "the halt by the gate")
    play.say(f"Version {version} does not fit the pilot terminal: halted by its health gate.")
    return bad


def _comes_again(play: Play, bad: dict[str, Any], good: dict[str, Any], version: int) -> None:
    """The code that worked is asked for again, comes under a higher number, and is installed."""
    leads = play.city.force.leads
    ask = {"to": good["id"], "reason": "Version does not fit our terminals"}
    asked = play.desk(leads.approver).post(f"/appstore/v1/releases/{bad['id']}/reissue", ask)
    again = _approved(play, version, "The code that worked, again", reissues=asked["id"])
    admin = play.desk(leads.device_admin_a)
    roll_out(admin, again["id"], play.notes["pilot"], "Back to the code that worked")
    terminal = play.terminal(MAIN)
    wait(lambda: _desired(terminal, again), "the release that was asked for")
    done = terminal.apps.update()
    expect([one["state"] for one in done] == ["installed"], f"it did not install: {done}")
    play.say(f"Asked for, its code came again as version {version}; nothing was lost on the way.")


def _approved(play: Play, version: int, notes: str, **more: str) -> dict[str, Any]:
    leads = play.city.force.leads
    content = field_app(version, signing_key(play.folder))
    release = upload(play.desk(leads.publisher), content, notes, **more)
    approve([play.desk(leads.approver), play.desk(leads.second_approver)], release, notes)
    return release


def _desired(terminal: Terminal, release: dict[str, Any]) -> dict[str, Any] | None:
    """Check in and return the app as the terminal is to have it, once it is that release."""
    terminal.check_in()
    apps: list[dict[str, Any]] = terminal.agent.desired["apps"]
    return next((app for app in apps if app["sha256"] == release["sha256"]), None)
