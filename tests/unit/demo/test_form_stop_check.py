"""The stop-and-check form: a workbook that pyxform takes without a word."""

from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from pyxform.xls2xform import ConvertResult, convert

from muster.server.demo import form_stop_check

MUSTER = f"{{{form_stop_check.XFORMS_NAMESPACE}}}"
XF = "{http://www.w3.org/2002/xforms}"


@pytest.fixture(scope="module")
def converted() -> ConvertResult:
    return convert(BytesIO(form_stop_check.workbook()), file_type=".xlsx")


def test_the_same_version_is_the_same_bytes() -> None:
    assert form_stop_check.workbook() == form_stop_check.workbook()
    assert form_stop_check.workbook() != form_stop_check.workbook("2026112002")


def test_it_converts_without_warnings(converted: ConvertResult) -> None:
    assert converted.warnings == []


def test_identifiers_are_bound_to_their_subject_kind(converted: ConvertResult) -> None:
    binds = ET.fromstring(converted.xform).iter(f"{XF}bind")
    kinds = {b.get("nodeset"): b.get(f"{MUSTER}subject") for b in binds}
    assert {path: kind for path, kind in kinds.items() if kind} == {
        "/data/person_id": "person_id",
        "/data/plate": "plate",
    }


def test_the_form_names_itself_and_its_version(converted: ConvertResult) -> None:
    root = ET.fromstring(converted.xform)
    data = next(e for e in root.iter() if e.get("id") == form_stop_check.FORM_ID)
    assert data.get("version") == form_stop_check.VERSION


def test_every_question_is_asked_in_both_languages(converted: ConvertResult) -> None:
    root = ET.fromstring(converted.xform)
    languages = [
        {text.get("id") for text in translation.iter(f"{XF}text")}
        for translation in root.iter(f"{XF}translation")
    ]
    assert len(languages) == 2
    assert languages[0] == languages[1]
    assert all(value.text != "-" for value in root.iter(f"{XF}value"))


def test_it_has_no_submission_address_of_its_own(converted: ConvertResult) -> None:
    assert "<submission" not in converted.xform
