"""The stop-and-check form as an XLSForm workbook: what an officer fills in at the roadside.

XLSForm (xlsform.org) with one column of ours, `bind::muster:subject`: it names the kind of
identifier a field holds, so that a submission is checked as it is recorded.
"""

import re
from collections.abc import Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook  # type: ignore[import-untyped]

FORM_ID = "stop_check"
VERSION = "2026112001"
TITLE = "盘查登记 Stop and check"
XFORMS_NAMESPACE = "https://passmuster.org/xforms"

Row = tuple[str, ...]

_ZH, _EN = "中文 (zh)", "English (en)"
_SURVEY: tuple[Row, ...] = (
    ("type", "name", f"label::{_ZH}", f"label::{_EN}", f"hint::{_ZH}", f"hint::{_EN}",
     "required", "appearance", "parameters", "bind::muster:subject"),
    ("start", "started_at"),
    ("text", "incident", "警情编号", "Incident number", "如 A2026-1120-0007",
     "for example A2026-1120-0007"),
    ("geopoint", "place", "地点", "Place"),
    ("text", "person_id", "身份证号", "Identity number", "18 位", "18 characters", "", "", "",
     "person_id"),
    ("text", "person_name", "姓名", "Name"),
    ("text", "plate", "车牌号", "Number plate", "", "", "", "", "", "plate"),
    ("select_one reason", "reason", "盘查理由", "Reason for the stop", "", "", "yes", "minimal"),
    ("text", "note", "备注", "Note", "", "", "", "multiline"),
    ("image", "photo", "照片", "Photo", "", "", "", "", "max-pixels=2048"),
    ("select_one outcome", "outcome", "处理结果", "Outcome", "", "", "yes"),
)  # fmt: skip
_CHOICES: tuple[Row, ...] = (
    ("list_name", "name", f"label::{_ZH}", f"label::{_EN}"),
    ("reason", "traffic", "交通违法", "Traffic offence"),
    ("reason", "matches_description", "体貌特征相符", "Matches a description"),
    ("reason", "suspicious_conduct", "形迹可疑", "Suspicious conduct"),
    ("reason", "checkpoint", "卡口检查", "Checkpoint"),
    ("reason", "call_for_help", "群众求助", "Call for help"),
    ("outcome", "no_action", "放行", "No further action"),
    ("outcome", "advice", "教育劝导", "Advice given"),
    ("outcome", "penalty", "当场处罚", "Penalty on the spot"),
    ("outcome", "vehicle_held", "扣留车辆", "Vehicle held"),
    ("outcome", "taken_to_station", "带回派出所", "Taken to the station"),
)
_EPOCH = (2026, 11, 20, 0, 0, 0)
_SAVED_AT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def workbook(version: str = VERSION) -> bytes:
    """The form as .xlsx; the same version is always the same bytes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _fill(book, "survey", _SURVEY)
    _fill(book, "choices", _CHOICES)
    _fill(book, "settings", _settings(version))
    out = BytesIO()
    book.save(out)
    return _undated(out.getvalue())


def _settings(version: str) -> tuple[Row, Row]:
    settings = {
        "form_title": TITLE,
        "form_id": FORM_ID,
        "version": version,
        "default_language": _ZH,
        "instance_name": "concat(${incident}, ' ', ${plate})",
        "namespaces": f'muster="{XFORMS_NAMESPACE}"',
    }
    return tuple(settings), tuple(settings.values())


def _fill(book: Workbook, title: str, rows: Sequence[Row]) -> None:
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([value or None for value in row])


def _undated(xlsx: bytes) -> bytes:
    """The same archive without the moment of saving, which openpyxl writes in two places."""
    out = BytesIO()
    with ZipFile(BytesIO(xlsx)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = _SAVED_AT.sub(rb"\g<1>2026-11-20T00:00:00Z", source.read(name))
            target.writestr(ZipInfo(name, _EPOCH), part, ZIP_DEFLATED)
    return out.getvalue()
