"""A patrol for tests of collection and checks: registers, a form, officers and their terminal."""

import csv
import hashlib
import io
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import jwt
from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase
from werkzeug.test import TestResponse

from muster.kernel.audit.models import ENTRIES
from muster.server.demo.form_stop_check import FORM_ID, VERSION, workbook
from tests.conftest import House
from tests.factories.mdm import PIN, Console, Force
from tests.factories.sync import sign_item
from tests.factories.terminal import TestTerminal

INCIDENT = "A2026-1120-0007"
STOLEN_PLATE, LOOKALIKE_PLATE, CLEAN_PLATE = "桂ZK8B52", "桂ZKBB52", "桂ZD12345"
WANTED_ID, CLEAN_ID = "110101197803041239", "110101199001011237"
WANTED_NAME, WANTED_DOB = "张伟", "1978-03-04"
AGENCY, PHONE, INSTRUCTION = "云漓市公安局刑侦支队", "0700-5550110", "Detain, confirm, hand over"
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40


def wanted_csv(*more: Mapping[str, str]) -> str:
    """A hot list: a stolen vehicle, a wanted man, one record that has expired; `more` rows."""
    usual = {
        "revision": "2", "category": "stolen", "person_id": "", "plate": "", "vin": "", "name": "",
        "name_en": "", "dob": "", "caution": "", "action_instruction": INSTRUCTION,
        "owner_agency": AGENCY, "owner_phone": PHONE, "owner_hours": "24h",
        "entered_at": "2026-01-05T08:00:00Z", "last_validated_at": "2026-06-05T08:00:00Z",
        "expires_at": "2099-01-05T08:00:00Z",
    }  # fmt: skip
    rows = [
        {"record_ref": "H00001", "plate": STOLEN_PLATE, "vin": "L0MABCDE1JY000001"},
        {"record_ref": "H00002", "category": "wanted", "person_id": WANTED_ID, "name": WANTED_NAME,
         "name_en": "Zhang Wei", "dob": WANTED_DOB, "caution": "armed;violent"},
        {"record_ref": "H00003", "plate": CLEAN_PLATE, "expires_at": "2026-02-01T00:00:00Z"},
        *more,
    ]  # fmt: skip
    return csv_of([{"record_ref": "", **usual, **row} for row in rows])


def vehicles_csv() -> str:
    """A register of three vehicles."""
    plates = (STOLEN_PLATE, LOOKALIKE_PLATE, CLEAN_PLATE)
    return csv_of(
        [
            {
                "plate": plate,
                "vin": f"L0MABCDE1JY00000{number}",
                "model": "青隼 E2",
                "model_en": "Qingsun E2",
                "colour": "white",
                "owner": CLEAN_ID,
                "owner_name": "李娜",
                "registered_on": "2025-01-02",
            }
            for number, plate in enumerate(plates, start=1)
        ]
    )


def incidents_csv(number: str = INCIDENT, **changes: str) -> str:
    """One incident of N1."""
    row = {
        "number": number, "kind": "suspicious_vehicle", "summary_zh": "可疑车辆停留",
        "summary_en": "Suspicious vehicle waiting", "address": "AD1", "place": "中山路1号",
        "lon": "104.1", "lat": "30.6", "unit": "N1", "beat": "N1-B1",
        "reported_at": "2026-11-20T02:00:00Z", "state": "open",
    }  # fmt: skip
    return csv_of([row | changes])


def csv_of(rows: list[dict[str, str]]) -> str:
    """CSV text of rows with the same columns."""
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@dataclass
class Patrol:
    """A house with its registers loaded and a form published, and who works in it."""

    house: House
    force: Force
    admin: Console
    steward: Console
    supervisor: Console
    terminal: TestTerminal

    def load(self, kind: str, text: str | bytes, **query: str) -> TestResponse:
        """Send a file as the data steward."""
        data = text.encode() if isinstance(text, str) else text
        return self.steward.post(
            f"/admin/v1/imports/{kind}", data=data, content_type="text/csv", query_string=query
        )

    def publish(self, xlsx: bytes | None = None, **form: str) -> TestResponse:
        """Publish a workbook as the data steward."""
        file = (io.BytesIO(xlsx if xlsx is not None else workbook()), "form.xlsx")
        return self.steward.post(
            "/admin/v1/forms", data={"file": file, "purpose": "stop_check", **form}
        )

    def sign_in(self, number: str) -> None:
        """Let another officer sign in on the patrol's terminal."""
        answer = self.terminal.sign_in(number, PIN)
        assert answer.status_code == 200, answer.get_data(as_text=True)

    def ask(self, **body: Any) -> TestResponse:
        """Check a subject; without more said, the stolen plate for a traffic stop."""
        usual = {"kind": "plate", "value": STOLEN_PLATE}
        usual |= {"purpose": "traffic_stop", "case_ref": INCIDENT}
        given = {name: value for name, value in (usual | body).items() if value is not None}
        return self.terminal.call("POST", "/mobile/v1/checks", given)

    def submit(self, document: Any, **options: Any) -> TestResponse:
        """Hand a record in as JSON."""
        return self.terminal.call("POST", "/mobile/v1/submissions", document, **options)

    def recorded(self, action: str) -> list[dict[str, Any]]:
        """Return the audit entries of an action, oldest first, as they were hashed."""
        with self.house.kernel.reads() as uow:
            rows = uow.session.execute(
                select(ENTRIES.c.canonical).where(ENTRIES.c.action == action).order_by(ENTRIES.c.n)
            )
            return [json.loads(row.canonical) for row in rows]

    def hand_in(self, document: Mapping[str, Any], session_id: str, op_id: str) -> TestResponse:
        """Push a record from the terminal's outbox as the work of the session it was made under."""
        claims = {
            "op_id": op_id,
            "kind": "submission",
            "session_id": session_id,
            "device_time": document["device_time"],
            "body": document,
        }
        token = sign_item(self.terminal, claims)
        return self.terminal.call("POST", "/sync/v1/outbox", {"item": token})

    def session_id(self) -> str:
        """Return the id of the session the terminal is signed in with."""
        claims = jwt.decode(self.terminal.access_token, options={"verify_signature": False})
        return str(claims["sid"])

    def upload(self, content: bytes, **metadata: str) -> TestResponse:
        """Send a file in one piece by tus; return the last answer."""
        told = ",".join(f"{k} {b64encode(v.encode()).decode()}" for k, v in metadata.items())
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(content)),
            "Upload-Metadata": told,
        }
        begun = self.terminal.call("POST", "/uploads", headers=headers)
        if begun.status_code != 201:
            return begun
        headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
        return self.terminal.call(
            "PATCH",
            begun.headers["Location"],
            headers=headers,
            data=content,
            content_type="application/offset+octet-stream",
        )

    def count(self, model: type[DeclarativeBase]) -> int:
        """Return how many rows a table has."""
        with self.house.kernel.reads() as uow:
            return uow.session.scalar(select(func.count()).select_from(model)) or 0


def stop(photo: bytes | None = PHOTO, **changes: Any) -> dict[str, Any]:
    """A filled stop-and-check form: the stolen vehicle, and a photo unless it is None."""
    answers = {
        "/data/incident": INCIDENT,
        "/data/plate": STOLEN_PLATE,
        "/data/reason": "matches_description",
        "/data/outcome": "vehicle_held",
    }
    document: dict[str, Any] = {
        "instance_id": str(uuid4()),
        "form_id": FORM_ID,
        "form_version": VERSION,
        "answers": answers,
        "incident": INCIDENT,
        "device_time": "2026-11-20T10:00:00+08:00",
        "place": {"lon": 104.1, "lat": 30.6, "datum": "gcj02"},
    }
    if photo is not None:
        answers["/data/photo"] = "photo.jpg"
        digest = hashlib.sha256(photo).hexdigest()
        file = {"name": "photo.jpg", "sha256": digest, "size": len(photo)}
        document["attachments"] = [file]
    document["answers"] = answers | changes.pop("answers", {})
    return document | changes


def patrol(house: House) -> Patrol:
    """Appoint everybody, load the registers, publish the form and sign the first officer in."""
    force = Force(house)
    one = Patrol(
        house,
        force,
        admin=force.console("ADM1", "device_admin", unit="CITY"),
        steward=force.console("DS1", "data_steward", unit="CITY"),
        supervisor=force.console("SUP1", "supervisor", unit="NORTH"),
        terminal=force.terminal(),
    )
    force.officer("1001", unit="N1")
    force.officer("1002", unit="N1")
    force.officer("A1003", unit="N1", sworn=False)
    one.terminal = force.compliant(one.admin, unit="N1")
    for kind, text in (("wanted", wanted_csv()), ("vehicles", vehicles_csv())):
        answer = one.load(kind, text)
        assert answer.status_code == 200, answer.get_data(as_text=True)
    answer = one.publish()
    assert answer.status_code == 201, answer.get_data(as_text=True)
    one.sign_in("1001")
    return one
