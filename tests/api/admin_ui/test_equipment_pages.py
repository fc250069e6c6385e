"""A device admin's book of equipment at the console: in by file, out by signature, counted."""

import io
import re

from tests.factories.console import Reader
from tests.factories.equipment import ICCID
from tests.factories.mdm import PIN, Force
from tests.factories.terminal import TestTerminal

REASON = "Not in the locker"
HEADING = "serial,model,unit,imei"


def found(page: str, pattern: str) -> str:
    match = re.search(pattern, page)
    assert match, page
    return match.group(1)


def imported(admin: Reader, *rows: str) -> str:
    file = "\n".join([HEADING, *rows]).encode()
    answer = admin.post(
        "/console/equipment/import/equipment", file=(io.BytesIO(file), "equipment.csv")
    )
    assert answer.status_code == 200, admin.page
    return admin.page


def test_from_a_file_to_a_signature_to_a_stock_take(
    admin: Reader, auditor: Reader, force: Force, terminal: TestTerminal
) -> None:
    force.officer("P1")
    page = imported(
        admin, f"{terminal.serial},XCover 7,NORTH,", "SN-2,XCover 7,NORTH,", "SN-3,X,NORTH,12"
    )
    assert "2 new, 0 changed, 0 as they were, 1 refused." in page
    assert "An IMEI has 15 digits" in page
    admin.get(f"/console/devices/{terminal.id}")
    asset = found(admin.page, r'href="(/console/equipment/[0-9a-f-]{36})"')
    admin.get(asset)
    assert f"/console/devices/{terminal.id}" in admin.page
    assert admin.post(f"{asset}/offer", officer="P1", condition="new").status_code == 303
    admin.get(asset)
    sign = found(admin.page, rf'action="({asset}/offer/[0-9a-f-]{{36}}/sign)"')
    wrong = admin.post(sign, number="P1", pin="100200")
    assert wrong.status_code == 422
    assert "100200" not in admin.page
    assert admin.post(sign, number="P1", pin=PIN).status_code == 303
    admin.get(asset)
    assert "signed at the counter" in admin.page
    admin.get(f"/console/devices/{terminal.id}")
    assert "Officer P1" in admin.page

    auditor.get(asset)
    assert auditor.forms() == set()
    begun = admin.post("/console/equipment/stock-takes", unit="NORTH", note="Autumn")
    take = begun.headers["Location"]
    admin.post(f"{take}/scans", serial="sn-2, 0000")
    assert "not in the book" in admin.page
    assert admin.post(f"{take}/close").status_code == 303
    admin.get(take)
    lost = found(admin.page, rf'action="({take}/missing/[0-9a-f-]{{36}})"')
    assert admin.post(lost, reason=REASON).status_code == 303
    admin.get(f"/console/devices/{terminal.id}")
    assert "Lost" in admin.page
    admin.get(asset)
    assert admin.forms() >= {f"{asset}/move/report_found"}
    assert f"{asset}/move/retire" not in admin.forms()
    assert admin.get("/console/equipment.csv").mimetype == "text/csv"


def test_a_card_is_registered_put_in_and_taken_out(admin: Reader) -> None:
    card = {"iccid": ICCID, "number": "+8613800001111", "unit": "NORTH"}
    imported(admin, "SN-2,XCover 7,NORTH,")
    admin.get("/console/equipment")
    asset = found(admin.page, r'href="(/console/equipment/[0-9a-f-]{36})"')
    assert admin.post("/console/equipment/sims", **card).status_code == 303
    assert admin.post(f"{asset}/cards", iccid=ICCID).status_code == 303
    admin.get("/console/equipment/sims")
    assert asset in admin.page
    state = found(admin.page, r'action="(/console/equipment/sims/[0-9a-f-]{36}/state)"')
    assert admin.post(state, state="suspended").status_code == 303
    admin.get(asset)
    out = found(admin.page, r'action="([^"]+/out)"')
    assert admin.post(out).status_code == 303
    assert admin.post(f"{asset}/cards", iccid="8986000000000000000").status_code == 422
