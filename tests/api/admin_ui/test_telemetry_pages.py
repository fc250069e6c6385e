"""What terminals tell, on the console: inventory, logs, crashes, and reports nobody could read."""

from uuid import uuid4

from muster.kernel.ids import uuid7
from tests.conftest import House
from tests.factories.console import Reader
from tests.factories.terminal import TestTerminal

AT = "2026-11-20T08:00:00Z"


def test_a_device_admin_sees_what_a_terminal_told_and_erases_what_cannot_be_read(
    house: House, admin: Reader, auditor: Reader, terminal: TestTerminal
) -> None:
    terminal.check_in(
        software={"full": {"org.muster.field": {"version_code": 7, "version": "1.7"}}},
        sims=[{"slot": 0, "iccid": "89860012", "operator": "Metro"}],
        crashes=[
            {
                "id": str(uuid4()),
                "package": "org.muster.field",
                "version_code": 7,
                "at": AT,
                "text": "IllegalState: 13812345678 <script>\n    at org.muster.Form.save(Form.kt:1)",
            }
        ],
    )
    lines = [
        {"at": AT, "level": level, "text": f"line of {level}", "tag": "net"}
        for level in ("error", "info")
    ]
    terminal.agent("POST", "/agent/v1/logs", {"batch": str(uuid7()), "lines": lines})
    terminal.agent("POST", "/agent/v1/check-in", {"colour": "<b>red</b>"})

    device = f"/console/devices/{terminal.id}"
    admin.get(device)
    for told in ("org.muster.field", "1.7 (7)", "89860012", f"{device}/logs"):
        assert told in admin.page
    admin.get(f"{device}/logs?level=error")
    assert "line of error" in admin.page
    assert "line of info" not in admin.page
    assert auditor.get(f"{device}/logs").status_code == 403

    admin.get("/console/crashes")
    assert "IllegalState: [phone]" in admin.page
    link = admin.page.split('href="/console/crashes/')[1].split('"')[0]
    admin.get(f"/console/crashes/{link}")
    assert "Form.kt:1" in admin.page
    assert "13812345678" not in admin.page
    assert "<script>\n" not in admin.page

    admin.get("/console/quarantine")
    report = admin.page.split('href="/console/quarantine/')[1].split('"')[0]
    admin.get(f"/console/quarantine/{report}")
    assert "&lt;b&gt;red&lt;/b&gt;" in admin.page
    assert admin.post(f"/console/quarantine/{report}/delete").status_code == 303
    admin.get("/console/quarantine")
    assert "Every report could be read." in admin.page
