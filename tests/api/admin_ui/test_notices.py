"""The inbox as a browser without scripts shows it: told at once, to those it concerns, and to nobody else."""

import re

from sqlalchemy import select

from muster.kernel import notices
from muster.kernel.audit.models import ENTRIES
from muster.kernel.identity import Officer
from tests.conftest import House
from tests.factories.console import Reader, reader, signed_in
from tests.factories.mdm import Force

PAGE = "/console/notices"
GLASS = "D1 broke the glass to get: Supervisor."
NEED = {
    "what": "role:supervisor",
    "minutes": "30",
    "case_ref": "A2026-1120-0007",
    "reason": "Nobody else on duty",
}


def unread(somebody: Reader) -> int:
    """Return the number beside the menu entry, as every page shows it."""
    assert somebody.get("/console").status_code == 200
    found = re.search(r'href="/console/notices".*?</a>', somebody.page)
    assert found, somebody.page
    number = re.search(r'rail-count">(\d+)<', found.group())
    return int(number.group(1)) if number else 0


def test_a_broken_glass_reaches_supervisor_and_security_admin_at_once(force: Force) -> None:
    told = [
        signed_in(force, "S1", "supervisor"),
        signed_in(force, "W1", "security_admin", unit="CITY"),
    ]
    others = [
        signed_in(force, "S2", "supervisor", unit="SOUTH"),
        signed_in(force, "U1", "auditor", unit="CITY"),
        signed_in(force, "A1", "device_admin"),
    ]
    desk = signed_in(force, "D1", "duty_desk")
    assert desk.post("/console/break-glass", **NEED).status_code == 303  # the clock stands still
    for somebody in told:
        assert unread(somebody) == 1
        assert somebody.get(PAGE).status_code == 200
        assert GLASS in somebody.page
        link = re.search(r'<a href="([^"]+)">D1 broke the glass', somebody.page)
        assert link
        assert somebody.get(link.group(1)).status_code == 200
        assert "D1" in somebody.page
    for somebody in others:
        assert unread(somebody) == 0
        assert somebody.get(PAGE).status_code == 200
        assert "No notices" in somebody.page


def test_a_notice_is_marked_by_its_addressee_only_and_with_the_forms_token(force: Force) -> None:
    supervisor, stranger = (
        signed_in(force, "S1", "supervisor"),
        signed_in(force, "S2", "supervisor", unit="SOUTH"),
    )
    second = signed_in(force, "S3", "supervisor")
    signed_in(force, "D1", "duty_desk").post("/console/break-glass", **NEED)
    supervisor.get(PAGE)
    (mark,) = supervisor.forms()
    assert stranger.post(mark).status_code == 404
    assert supervisor.client.post(mark).status_code == 403
    assert unread(supervisor) == 1
    assert supervisor.post(mark).headers["Location"] == PAGE
    assert unread(supervisor) == 0
    supervisor.get(PAGE)
    assert GLASS in supervisor.page
    assert supervisor.forms() == set()
    assert unread(second) == 0  # one row, shared by all who hold the role


def test_what_concerns_ones_account_is_told_to_nobody_else(house: House, force: Force) -> None:
    supervisor = signed_in(force, "S1", "supervisor")
    owner = reader(force, "B1", "duty_desk")
    with house.kernel.writes() as uow:
        officer = uow.session.query(Officer).filter_by(number="B1").one()
        notices.send(uow, "identity.pin.reset", officer_id=officer.id, params={"by": "<i>S1"})
    assert unread(supervisor) == 0
    owner.sign_in()
    owner.get(PAGE, headers={"Accept-Language": "zh-Hans"})
    assert "&lt;i&gt;S1 给了您一个一次性 PIN。" in owner.page


def test_a_long_inbox_is_paged_newest_first_and_marking_stays_on_its_page(
    house: House, force: Force
) -> None:
    admin = signed_in(force, "A1", "device_admin")
    with house.kernel.writes() as uow:
        for number in range(51):
            said = {"device": f"T-{number:03}"}
            notices.send(uow, "mdm.wiped_device_talks", role="device_admin", params=said)
    admin.get(PAGE)
    shown = re.findall(r"The terminal (T-\d+) was wiped", admin.page)
    assert shown == [f"T-{number:03}" for number in range(50, 0, -1)]
    further = re.search(r'href="(/console/notices\?cursor=[^"]+)"', admin.page)
    assert further
    admin.get(further.group(1))
    assert re.findall(r"The terminal (T-\d+) was wiped", admin.page) == ["T-000"]
    (mark,) = admin.forms()
    assert admin.post(mark).headers["Location"] == further.group(1)
    assert admin.get(f"{PAGE}?cursor=nonsense").status_code in {400, 422}


def test_a_password_alone_reads_no_inbox(house: House, force: Force) -> None:
    newcomer = reader(force, "A1", "device_admin")
    newcomer.app.forget(house.kernel)
    newcomer.sign_in(otp="")
    assert newcomer.get(PAGE).headers["Location"] == "/console/account"


def test_reading_is_on_record_once_a_minute(house: House, force: Force) -> None:
    admin = signed_in(force, "A1", "device_admin")
    admin.get(PAGE)
    admin.get(PAGE)
    with house.kernel.reads() as uow:
        read = select(ENTRIES.c.outcome).where(ENTRIES.c.action == "notices.read_own")
        assert uow.session.scalars(read).all() == ["permitted"]
