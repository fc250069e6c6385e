"""A new address file becomes a new book; a flawed one changes nothing; processes share copies."""

import hashlib
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from mobile_api.addresses import jobs
from mobile_api.addresses.errors import AddressBookDamaged
from mobile_api.addresses.models import AddressRow
from mobile_api.addresses.shelf import Shelf
from muster.kernel.blobs import Blobs
from muster.kernel.blobs.bucket import Bucket
from muster.kernel.kernel import Kernel
from muster.ondevice.addresses import Address, build
from tests.factories.maps import FieldMaps

HEADING = (
    "code,text_zh,text_en,district,street_zh,street_en,number,building,community_zh,"
    "community_en,beat,lon,lat\n"
)
ROW = "D1,云漓市望江路1号,1 Wangjiang Road,459901,望江路,Wangjiang Road,1,,,,B1,110.29,25.27\n"
SEARCH = "/mobile/v1/map/addresses"


def found(maps: FieldMaps, q: str) -> list[str]:
    hits = maps.get(SEARCH, q=q).get_json()["items"]
    return [hit["address"]["text"] for hit in hits]


def test_the_next_file_replaces_the_library_as_a_whole(maps: FieldMaps) -> None:
    first = maps.load("addresses", HEADING + ROW).get_json()["import_id"]
    assert maps.get(SEARCH, q="望江路").get_json()["version"] == first
    second = maps.load("addresses", HEADING + ROW.replace("望江", "听涛")).get_json()["import_id"]
    told = maps.get(SEARCH, q="听涛路1号").get_json()
    assert told["version"] == second
    assert found(maps, "望江") == []


def test_rows_of_replaced_files_are_forgotten(maps: FieldMaps) -> None:
    maps.load("addresses", HEADING + ROW)
    maps.load("addresses", HEADING + ROW.replace("D1", "D2"))
    with maps.house.kernel.reads() as uow:
        assert [row.code for row in uow.session.query(AddressRow)] == ["D2"]


def test_a_bad_row_is_named_by_its_line_and_the_old_library_stays(maps: FieldMaps) -> None:
    before = maps.load("addresses", HEADING + ROW).get_json()["import_id"]
    bad = ROW.replace("D1", "D2").replace("110.29", "nan")
    answer = maps.load("addresses", HEADING + ROW + bad)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.get_json()["errors"]] == ["/3/lon"]
    assert maps.get(SEARCH, q="望江路").get_json()["version"] == before


def test_a_belated_job_of_a_replaced_file_builds_nothing(maps: FieldMaps) -> None:
    first = maps.load("addresses", HEADING + ROW).get_json()["import_id"]
    second = maps.load("addresses", HEADING + ROW).get_json()["import_id"]
    for import_id in (first, second):
        jobs.build(maps.house.kernel, {"import_id": import_id})
    assert maps.get(SEARCH, q="望江路").get_json()["version"] == second


@pytest.fixture
def book(tmp_path: Path) -> bytes:
    path = tmp_path / "book.sqlite"
    build(path, [Address("D1", "望江路1号", 110.29, 25.27)], version="1")
    return path.read_bytes()


@pytest.fixture
def bucket(kernel: Kernel, tmp_path: Path) -> MemoryStore:
    """Put the house's objects into a bucket instead of a folder."""
    store = MemoryStore()
    kernel.blobs = Blobs(Bucket(store, tmp_path / "staging"), kernel.keys)
    return store


def test_processes_share_one_copy_of_a_book_in_a_bucket(
    kernel: Kernel, bucket: MemoryStore, book: bytes
) -> None:
    stored = kernel.blobs.store_shared(book)
    one, other = Shelf(), Shelf()
    assert one.book(kernel, stored.sha256).get("D1") == other.book(kernel, stored.sha256).get("D1")
    copies = list((kernel.settings.state_dir / "addresses").iterdir())
    assert [copy.name for copy in copies] == [f"{stored.sha256}.sqlite"]
    assert copies[0].read_bytes() == book


def test_a_damaged_book_is_neither_opened_nor_kept(
    kernel: Kernel, bucket: MemoryStore, book: bytes
) -> None:
    stored = kernel.blobs.store_shared(book)
    bucket.put(stored.store_key, book[:-1] + bytes([book[-1] ^ 1]))
    with pytest.raises(AddressBookDamaged):
        Shelf().book(kernel, stored.sha256)
    assert list((kernel.settings.state_dir / "addresses").iterdir()) == []


def test_what_is_no_address_book_is_said_to_be_damaged(kernel: Kernel) -> None:
    stored = kernel.blobs.store_shared(b"not a book")
    assert stored.sha256 == hashlib.sha256(b"not a book").hexdigest()
    with pytest.raises(AddressBookDamaged):
        Shelf().book(kernel, stored.sha256)


def test_a_shelf_keeps_the_newest_books_open(kernel: Kernel, tmp_path: Path) -> None:
    shelf, hashes = Shelf(), []
    for version in ("1", "2", "3"):
        path = tmp_path / version
        build(path, [Address("D1", "望江路1号", 110.29, 25.27)], version=version)
        hashes.append(kernel.blobs.store_shared(path).sha256)
    for sha256 in (*hashes, hashes[0]):
        assert shelf.book(kernel, sha256).get("D1") is not None
