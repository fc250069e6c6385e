"""The security model tells the truth: every line names a test that is there, or says that none is.

The last tests here hold what the page claims of the house as a whole and no other test does.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import flask
import pytest

from mdm.configuration.keys import BASE
from muster.kernel import clock, ids
from muster.kernel.settings import Settings
from muster.kernel.web import headers

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "security-model.md"
OURS = ("muster", "mdm", "offline_sync", "appstore", "mobile_api", "admin_ui")

_CODE = re.compile(r"`([^`]+)`")
_REQUIREMENT = re.compile(r"\d{1,2}\.\d\.\d{1,2}")
_SETTINGS = Settings(
    master_key=b"k" * 32,
    state_dir=Path(),
    database_url="sqlite://",
    origin="https://muster.example",
    blob_url="file:///nowhere",
)


def tables(text: str) -> list[list[list[str]]]:
    """Every table of a page as rows of cells; the row of dashes is left out."""
    found: list[list[list[str]]] = [[]]
    for line in text.splitlines():
        if not line.startswith("|"):
            found.append([])
        elif not set(line) <= set("|-: "):
            found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
    return [table for table in found if table]


def lines() -> list[list[str]]:
    """Every line that promises something: rows of the tables whose last column is the test."""
    return [
        row
        for table in tables(PAGE.read_text(encoding="utf-8"))
        if table[0][-1] == "test"
        for row in table[1:]
    ]


def flaw(row: list[str], columns: int) -> str:
    """What is wrong with one line, or nothing."""
    if len(row) != columns or not all(row):
        return "a cell is empty or one too many"
    named = _CODE.findall(row[-1])
    missing = [place for place in named if not (ROOT / place).exists()]
    if missing:
        return f"not there: {missing}"
    if row[-1].startswith("not yet") or (row[-1].startswith("no test: ") and named):
        return ""
    tests = bool(named) and all(re.fullmatch(r"tests/.+/test_\w+\.py", one) for one in named)
    return "" if tests else "neither tests, `no test:` with a place to look at, nor `not yet`"


def test_every_line_names_its_test_or_says_that_there_is_none() -> None:
    flaws = [
        (row[0], flaw(row, len(table[0])))
        for table in tables(PAGE.read_text(encoding="utf-8"))
        if table[0][-1] == "test"
        for row in table[1:]
    ]
    assert len(flaws) > 150
    assert [one for one in flaws if one[1]] == []


def test_no_cell_of_any_table_is_empty() -> None:
    every = tables(PAGE.read_text(encoding="utf-8"))
    assert [row for table in every for row in table if not all(row)] == []


def test_the_checklist_covers_its_chapters_and_no_requirement_twice() -> None:
    numbers = [one for row in lines() for one in _REQUIREMENT.findall(row[0]) if "." in one]
    asvs = [one for one in numbers if 3 <= int(one.split(".")[0]) <= 16 and one != "5.20.2"]
    assert sorted(set(asvs)) == sorted(asvs)
    assert {int(one.split(".")[0]) for one in asvs} >= set(range(3, 17))


@pytest.mark.parametrize(
    ("row", "fine"),
    [
        (["1.1.1", "a", "b", "`tests/unit/house/test_docs.py`"], True),
        (["1.1.1", "a", "b", "no test: `docs/operations.md`"], True),
        (["1.1.1", "a", "b", "not yet"], True),
        (["1.1.1", "a", "b", "`tests/unit/house/test_nothing.py`"], False),
        (["1.1.1", "", "b", "not yet"], False),
        (["1.1.1", "a", "b", "no test: somewhere"], False),
        (["1.1.1", "a", "b", "`docs/operations.md`"], False),
        (["1.1.1", "a", "b", "surely"], False),
    ],
)
def test_a_line_without_its_test_is_noticed(row: list[str], *, fine: bool) -> None:
    assert (flaw(row, 4) == "") is fine


def test_every_answer_over_https_carries_all_headers() -> None:
    app = flask.Flask("headers", static_folder=None)
    headers.install(app, _SETTINGS)
    answer = app.test_client().get("/nowhere", headers={"Origin": "https://elsewhere.example"})
    told = dict(answer.headers)
    assert told["Cross-Origin-Resource-Policy"] == "same-origin"
    assert told["Cross-Origin-Opener-Policy"] == "same-origin"
    assert told["Referrer-Policy"] == "no-referrer"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in told["Content-Security-Policy"]
    seconds = re.search(r"max-age=(\d+)", told["Strict-Transport-Security"])
    assert seconds
    assert int(seconds[1]) >= 365 * 24 * 3600
    assert [name for name in told if name.startswith("Access-Control-")] == []


def test_no_code_of_ours_lets_another_origin_read() -> None:
    open_to_others = [
        str(path.relative_to(ROOT))
        for package in OURS
        for path in (ROOT / package).rglob("*.py")
        if "access-control-allow" in path.read_text(encoding="utf-8").lower()
    ]
    assert open_to_others == []


def test_browsers_keep_the_colour_scheme_and_nothing_else() -> None:
    scripts = list((ROOT / "admin_ui" / "assets" / "src").rglob("*.js"))
    assert scripts
    kept = {
        match[1]
        for path in scripts
        for match in re.finditer(
            r"(?:localStorage|sessionStorage|indexedDB|caches)\W+\w+\(([^,)]*)",
            path.read_text(encoding="utf-8"),
        )
    }
    assert kept == {"'muster.theme'"}
    document = (ROOT / "admin_ui" / "templates" / "document.html").read_text(encoding="utf-8")
    assert '"history": "reload"' in document


def test_no_library_that_decodes_pictures_is_installed() -> None:
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    names = set(re.findall(r"^([a-z0-9-]+)==", locked, re.MULTILINE))
    assert len(names) > 30
    assert names & {"pillow", "opencv-python", "imageio", "pillow-heif", "wand"} == set()


def test_secrets_are_long_and_never_the_same() -> None:
    made = {ids.token() for _ in range(500)}
    assert len(made) == 500
    assert {len(one) for one in made} == {43}  # 256 bits in unpadded base64url


def test_moments_are_written_in_utc_to_the_microsecond() -> None:
    moment = datetime(2026, 11, 20, 12, 0, 0, 7, tzinfo=UTC)
    assert clock.rfc3339(moment) == "2026-11-20T12:00:00.000007Z"


def test_terminals_lock_within_the_thirty_minutes_of_cjis() -> None:
    assert BASE["screen_lock_seconds"] <= 30 * 60
