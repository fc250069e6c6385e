"""The list an officer carries finds what it should and gives nothing away when lost."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from muster.ondevice import Basis, Subject, hotlist, normalise
from muster.ondevice.hotlist import Category, HotEntry, HotList, HotListError

AS_OF = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
SALT = bytes(range(32))


def subject(kind: str, raw: str) -> Subject:
    return normalise(kind, raw).subject


def entry(record_id: str, *subjects: Subject, category: Category = Category.WANTED) -> HotEntry:
    return HotEntry(record_id, subjects, category, "detain and call", "Harbour Station", AS_OF)


THIEF = entry(
    "rec-1", subject("person_id", "11010519491231002X"), subject("name", "Zhang Wei 1949-12-31")
)
CAR = entry(
    "rec-2",
    subject("plate", "粤B12Z45"),
    subject("vin", "1M8GDM9AXKP042788"),
    category=Category.STOLEN,
)
CHILD = entry("rec-3", subject("name", "李小娜"), category=Category.MISSING)


def write(path: Path, *entries: HotEntry, salt: bytes = SALT) -> Path:
    hotlist.build(path, entries, version="2026-03-04T03", as_of=AS_OF, salt=salt)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "hot.db", THIEF, CAR, CHILD)


def found(path: Path, kind: str, raw: str) -> list[tuple[str, Basis]]:
    with HotList.open(path) as hot:
        return [(hit.id, hit.basis) for hit in hot.look_up(subject(kind, raw))]


def test_an_identifier_is_found_exactly_with_its_category_and_owner(path: Path) -> None:
    with HotList.open(path) as hot:
        (hit,) = hot.look_up(subject("vin", "1m8gdm9axkp042788"))
    assert (hit.id, hit.category, hit.basis) == ("rec-2", Category.STOLEN, Basis.EXACT_ID)
    assert (hit.owner_agency, hit.action, hit.as_of) == (
        "Harbour Station",
        "detain and call",
        AS_OF,
    )


def test_a_misread_plate_is_found_as_possible(path: Path) -> None:
    assert found(path, "plate", "粤B·12Z45") == [("rec-2", Basis.EXACT_ID)]
    assert found(path, "plate", "粤8I2245") == [("rec-2", Basis.POSSIBLE)]


def test_what_is_not_on_the_list_is_not_found(path: Path) -> None:
    assert found(path, "plate", "粤B99999") == []
    assert found(path, "serial", "1M8GDM9AXKP042788") == []


def test_a_name_with_its_date_of_birth_is_strong_and_never_exact(path: Path) -> None:
    assert found(path, "name", "zhang wei 1949-12-31") == [("rec-1", Basis.STRONG)]
    assert found(path, "name", "Wei Zhang 1949-12-31") == [("rec-1", Basis.POSSIBLE)]
    assert found(path, "name", "Zhang Wei") == [("rec-1", Basis.POSSIBLE)]
    assert found(path, "name", "Zhang Wei 1980-01-01") == []


def test_a_record_without_a_date_of_birth_is_possible_for_any_date(path: Path) -> None:
    assert found(path, "name", "李小娜 2015-06-01") == [("rec-3", Basis.POSSIBLE)]


def test_a_lost_file_holds_no_identifier_and_no_name(path: Path) -> None:
    content = path.read_bytes().upper()
    for record in (THIEF, CAR, CHILD):
        for about in record.subjects:
            identifier = about.normal_form.partition("|")[0]
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                assert identifier.encode(encoding) not in content
    assert b"REC-1" in content  # the search above would see text if there were any


def test_lists_with_different_salts_share_no_key(tmp_path: Path) -> None:
    keys = []
    for salt in (SALT, SALT[::-1]):
        with sqlite3.connect(write(tmp_path / "hot.db", THIEF, CAR, salt=salt)) as db:
            keys.append(set(db.execute("SELECT h FROM k0")))
        db.close()
    assert not keys[0] & keys[1]


def test_an_identifier_in_clear_in_a_record_stops_the_build(tmp_path: Path) -> None:
    telling = replace(THIEF, action="detain 110105-19491231-002x")
    with pytest.raises(HotListError, match="in clear"):
        write(tmp_path / "hot.db", telling)
    assert list(tmp_path.iterdir()) == []


def test_the_age_is_counted_from_when_the_registers_were_read(path: Path) -> None:
    with HotList.open(path) as hot:
        assert hot.age(AS_OF + timedelta(hours=25)) == timedelta(hours=25)
        assert hot.version == "2026-03-04T03"


def test_a_failed_build_leaves_the_older_list_in_place(path: Path) -> None:
    with pytest.raises(HotListError, match="listed twice"):
        write(path, CAR, CAR)
    assert found(path, "name", "李小娜") == [("rec-3", Basis.POSSIBLE)]
    assert list(path.parent.iterdir()) == [path]


def test_a_list_in_use_keeps_answering_while_a_newer_one_takes_its_place(path: Path) -> None:
    with HotList.open(path) as old:
        write(path, CAR)
        assert old.look_up(CHILD.subjects[0])
        assert found(path, "name", "李小娜") == []


def test_many_threads_may_ask_one_list(path: Path) -> None:
    with HotList.open(path) as hot, ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda _: hot.look_up(CAR.subjects[0])[0].id, range(400))
        assert set(answers) == {"rec-2"}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (replace(THIEF, as_of=AS_OF.replace(tzinfo=None)), "time zone"),
        (replace(THIEF, subjects=()), "no subject"),
        (replace(THIEF, category="parking"), "unknown category"),
    ],
)
def test_a_record_that_makes_no_sense_stops_the_build(
    tmp_path: Path, wrong: HotEntry, sentence: str
) -> None:
    with pytest.raises(HotListError, match=sentence):
        write(tmp_path / "hot.db", wrong)


def test_a_short_salt_or_an_absent_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HotListError, match="salt"):
        write(tmp_path / "hot.db", CAR, salt=b"short")
    with pytest.raises(HotListError, match="cannot be built"):
        write(tmp_path / "absent" / "hot.db", CAR)


def test_a_missing_foreign_or_damaged_file_is_refused_with_a_sentence(path: Path) -> None:
    with pytest.raises(HotListError, match="no file"):
        HotList.open(path.with_name("absent.db"))
    junk = path.with_name("junk.db")
    junk.write_bytes(b"not a database, however long it goes on" * 100)
    with pytest.raises(HotListError, match="cannot be read"):
        HotList.open(junk)
    with sqlite3.connect(path.with_name("other.db")) as db:
        db.execute("CREATE TABLE meta(name, value)")
    db.close()
    with pytest.raises(HotListError, match="format"):
        HotList.open(path.with_name("other.db"))


def test_a_closed_list_says_so(path: Path) -> None:
    hot = HotList.open(path)
    hot.close()
    with pytest.raises(HotListError, match="closed"):
        hot.look_up(CAR.subjects[0])
