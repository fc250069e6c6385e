"""What the download centre takes for what it is, and what it takes not at all."""

from pathlib import Path

import pytest

from appstore.files.errors import FileIsApp, FileTypeRefused
from appstore.files.kinds import EXTENSIONS, Sort, look, plain_name
from muster.kernel.errors import DomainError
from tests.factories.downloads import EXE, PDF, packed


def looked(tmp_path: Path, content: bytes, given: str) -> Sort:
    name, path = plain_name(given), tmp_path / "upload"
    path.write_bytes(content)
    return look(name, path)


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (EXE, "handbook.pdf", FileTypeRefused),
        (EXE, "handbook.txt", FileTypeRefused),
        (PDF, "handbook.txt", FileTypeRefused),
        (PDF, "handbook.html", FileTypeRefused),
        (PDF, "pdf", FileTypeRefused),
        (PDF, ".pdf", FileTypeRefused),
        (PDF, "", FileTypeRefused),
        (b"<svg onload=alert(1)>", "map.svg", FileTypeRefused),
        (b"<html>", "map.geojson", FileTypeRefused),
        (b"-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----", "ca.pem", FileTypeRefused),
        (b"PK\x03\x04 and no end", "form.docx", FileTypeRefused),
        (packed("a")[:-4], "form.docx", FileTypeRefused),
        (packed("a").replace(b"PK\x01\x02", b"PK\x01\x09"), "form.docx", FileTypeRefused),
        (packed(*map(str, range(20_001))), "many.zip", FileTypeRefused),
        (packed("AndroidManifest.xml", "classes.dex"), "app.zip", FileIsApp),
        (packed("AndroidManifest.xml"), "letter.docx", FileIsApp),
        (packed("sets/base.APK"), "set.zip", FileIsApp),
        (b"", "app.apk", FileIsApp),
        (b"", "app.XAPK", FileIsApp),
    ],
)
def test_what_is_not_what_it_says_is_refused(
    tmp_path: Path, content: bytes, name: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        looked(tmp_path, content, name)


@pytest.mark.parametrize(
    ("content", "name", "executable"),
    [
        (PDF, "a.pdf", False),
        ("巡逻".encode("gb18030"), "a.txt", False),
        (b'\xef\xbb\xbf {"type": "Feature"}', "a.geojson", False),
        (b"SQLite format 3\0", "city.gpkg", False),
        (packed("word/document.xml"), "a.docx", False),
        (packed("word/document.xml", "word/vbaProject.bin"), "a.docx", True),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", True),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.msi", True),
        (packed("a"), "a.zip", True),
        (EXE, "a.exe", True),
        (b"dir\r\n", "a.bat", True),
    ],
)
def test_what_a_computer_would_run_is_told_from_documents(
    tmp_path: Path, content: bytes, name: str, *, executable: bool
) -> None:
    assert looked(tmp_path, content, name).executable is executable


def test_no_kind_is_one_that_a_browser_would_run() -> None:
    assert not {"html", "htm", "svg", "js", "xml", "xhtml", "hta", "jar", "lnk"} & set(EXTENSIONS)


def test_a_name_keeps_no_folder_and_nothing_that_deceives() -> None:
    assert plain_name("../../etc/plan.pdf") == "plan.pdf"
    assert plain_name(r"C:\Users\me\plan.PDF") == "plan.pdf"
    assert plain_name("plan\u202efdp.exe.pdf\0") == "planfdp.exe.pdf"
    assert len(plain_name("x" * 500 + ".geojson")) == 200
