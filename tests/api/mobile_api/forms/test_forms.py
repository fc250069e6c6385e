"""A data steward publishes a form; officers of its unit get it, word for word."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from mobile_api.forms import Form, FormVersion
from muster.server.demo.form_stop_check import workbook
from tests.factories.field import Patrol

Rows = list[list[str]]
SURVEY: Rows = [
    ["type", "name", "label", "bind::muster:subject"],
    ["text", "plate", "Plate", "plate"],
]
NAMESPACE = 'muster="https://passmuster.org/xforms"'


def book(
    survey: Rows = SURVEY, form_id: str = "tiny", version: str = "1", **settings: str
) -> bytes:
    told = {"form_id": form_id, "form_title": "Tiny", "version": version, "namespaces": NAMESPACE}
    told |= settings
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in (("survey", survey), ("settings", [list(told), list(told.values())])):
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_the_form_is_described_for_terminals_in_both_languages(patrol: Patrol) -> None:
    (line,) = patrol.terminal.call("GET", "/mobile/v1/forms").get_json()["items"]
    told = patrol.terminal.call("GET", line["url"]).get_json()
    fields = {field["path"]: field for field in told["fields"]}
    assert fields["/data/plate"]["subject"] == "plate"
    assert fields["/data/plate"]["label"] == {"zh": "车牌号", "en": "Number plate"}
    assert fields["/data/outcome"]["required"] is True
    assert {"value": "advice", "label": {"zh": "教育劝导", "en": "Advice given"}} in fields[
        "/data/outcome"
    ]["choices"]
    assert (fields["/data/photo"]["type"], fields["/data/photo"]["media"]) == ("file", "image/*")


def test_the_xform_is_served_byte_for_byte(patrol: Patrol) -> None:
    (line,) = patrol.terminal.call("GET", "/mobile/v1/forms").get_json()["items"]
    answer = patrol.terminal.call("GET", line["xform_url"])
    assert answer.content_type.startswith("text/xml")
    with patrol.house.kernel.reads() as uow:
        assert answer.get_data() == uow.session.query(FormVersion).one().xform


def test_the_same_workbook_again_changes_nothing(patrol: Patrol) -> None:
    assert patrol.publish().status_code == 201
    assert patrol.count(FormVersion) == 1


def test_another_workbook_under_the_same_version_is_refused(patrol: Patrol) -> None:
    assert patrol.publish(book()).status_code == 201
    other = book([*SURVEY, ["text", "note", "Note", ""]])
    answer = patrol.publish(other)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "form_version_exists")
    assert (
        patrol.publish(book([*SURVEY, ["text", "note", "Note", ""]], version="2")).status_code
        == 201
    )


def test_a_form_for_another_unit_is_neither_listed_nor_read(patrol: Patrol) -> None:
    assert patrol.publish(book(), unit="SOUTH").status_code == 201
    listed = patrol.terminal.call("GET", "/mobile/v1/forms").get_json()["items"]
    assert [line["form_id"] for line in listed] == ["stop_check"]
    assert patrol.terminal.call("GET", "/mobile/v1/forms/tiny/1").status_code == 403
    assert patrol.publish(book(form_id="near"), unit="NORTH").status_code == 201
    assert patrol.terminal.call("GET", "/mobile/v1/forms/near/1").status_code == 200


@pytest.mark.parametrize("path", ["/mobile/v1/forms/none/1", "/mobile/v1/forms/stop_check/9"])
def test_what_was_never_published_is_not_found(patrol: Patrol, path: str) -> None:
    answer = patrol.terminal.call("GET", path)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "form_not_found")


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (30 * 1024 * 1024))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "form_unreadable"),
        (b"not a workbook", "form_unreadable"),
        (workbook()[:2000], "form_unreadable"),
        (book([["kind", "label"], ["text", "A"]]), "form_unreadable"),
        (bomb(), "form_unreadable"),
        (book([["type", "name", "label"]] + [["text", f"f{n}", "x"] for n in range(5001)]), "form_unreadable"),
        (book([["type", "name", "label"], ["martian", "a", "A"]]), "form_unreadable"),
        (book(submission_url="https://elsewhere.example/submission"), "form_unsupported"),
        (book([*SURVEY[:1], ["text", "plate", "Plate", "horoscope"]]), "form_unsupported"),
        (book([["type", "name", "label"], ["begin repeat", "r", "R"], ["text", "a", "A"], ["end repeat", "", ""]]), "form_unsupported"),
        (book(version=""), "form_unsupported"),
    ],
)  # fmt: skip
def test_a_workbook_that_cannot_be_published_is_refused_in_words(
    patrol: Patrol, data: bytes, code: str
) -> None:
    answer = patrol.publish(data)
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert len(answer.get_json()["detail"]) > 20
    assert (patrol.count(Form), patrol.count(FormVersion)) == (1, 1)


def test_a_form_with_subjects_needs_a_purpose_that_exists(patrol: Patrol) -> None:
    assert patrol.publish(book(), purpose="").get_json()["code"] == "form_unsupported"
    assert patrol.publish(book(), purpose="curiosity").get_json()["code"] == "invalid_input"


def test_only_a_data_steward_publishes(patrol: Patrol) -> None:
    patrol.steward = patrol.admin
    assert patrol.publish(book()).status_code == 403
    assert patrol.recorded("field.form.publish")[-1]["outcome"] == "denied"


def test_publishing_without_a_file_says_how_to_send_one(patrol: Patrol) -> None:
    answer = patrol.steward.post("/admin/v1/forms", data={"purpose": "stop_check"})
    assert answer.status_code == 422
    assert "file" in answer.get_json()["detail"]


def test_published_forms_are_listed_with_their_subjects(patrol: Patrol) -> None:
    answer = patrol.supervisor.get("/admin/v1/forms")
    (line,) = answer.get_json()["items"]
    assert {"path": "/data/plate", "kind": "plate"} in line["subjects"]
    assert line["published_by"] == "DS1"
