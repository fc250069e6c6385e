"""Officers type addresses in a hurry, in Chinese and Latin script, and find them."""

import math
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.ondevice import addresses
from muster.ondevice.addresses import Address, AddressBook, AddressError

HANZI = "中山解放人民建设和平东西南北新华文化胜利民主红旗光明青年友谊长江黄河滨湖桃花翠竹金银玉龙凤凰朝阳春秋永安康泰"
SYLLABLES = [
    "ar",
    "be",
    "chi",
    "dor",
    "fen",
    "gar",
    "hol",
    "ken",
    "lor",
    "mar",
    "ros",
    "ver",
    "wick",
]
HOME = ["云州省", "临江市"]


def generated(count: int = 4000) -> Iterator[Address]:
    """A fictional city, half of its streets named in Chinese, half in Latin script."""
    dice = random.Random(20260304)
    streets = ["".join(dice.sample(HANZI, 2)) + dice.choice("路街巷") for _ in range(300)]
    words = ["".join(dice.choices(SYLLABLES, k=3)).title() for _ in range(900)]
    for i in range(count):
        lon, lat = 110 + dice.random() / 10, 25 + dice.random() / 10
        text = f"{dice.randint(1, 999)} {words[i % 900]} {dice.choice(['Road', 'Street'])}, Porton"
        if i % 2:
            text = f"云州省临江市{dice.choice(['城东区', '城西区'])}{streets[i % 300]}{dice.randint(1, 999)}号"
        yield Address(f"a-{i}", text, lon, lat, level="door", std_code=str(i))


CITY = list(generated())


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AddressBook]:
    path = tmp_path_factory.mktemp("book") / "city.db"
    assert addresses.build(path, CITY, version="1", home_names=HOME) == len(CITY)
    with AddressBook(path) as opened:
        yield opened


def street_and_number(address: Address) -> str:
    return address.text.partition("区")[2] or address.text.partition(",")[0]


def as_it_is(text: str, _: random.Random) -> str:
    return text


def chinese_slip(text: str, dice: random.Random) -> str:
    i = dice.randrange(2)
    return text[:i] + dice.choice(HANZI) + text[i + 1 :]


def latin_slip(text: str, dice: random.Random) -> str:
    number, word, kind = text.split()
    i = dice.randrange(1, len(word) - 1)
    swapped = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    wrong = dice.choice([swapped, word[:i] + word[i + 1 :], word[:i] + "x" + word[i + 1 :]])
    return f"{number} {wrong} {kind}"


def recall(
    book: AddressBook, first: int, asked: Callable[[str, random.Random], str], count: int = 150
) -> float:
    dice = random.Random(7)
    wanted = [CITY[dice.randrange(first, len(CITY), 2)] for _ in range(count)]
    found = 0
    for address in wanted:
        hits = book.search(asked(street_and_number(address), dice))
        found += address.text in {hit.address.text for hit in hits}
    return found / count


def test_street_and_number_alone_find_the_address(book: AddressBook) -> None:
    assert recall(book, 1, as_it_is) >= 0.99
    assert recall(book, 0, as_it_is) >= 0.99


def test_a_wrong_chinese_character_is_forgiven(book: AddressBook) -> None:
    assert recall(book, 1, chinese_slip) >= 0.95


def test_a_slip_in_a_latin_word_is_forgiven(book: AddressBook) -> None:
    assert recall(book, 0, latin_slip) >= 0.98


def test_home_names_may_be_typed_or_left_out(book: AddressBook) -> None:
    short = CITY[1].text.removeprefix("云州省临江市")
    assert book.search(CITY[1].text)[0].address.text == CITY[1].text
    assert book.search(short)[0].address.text == CITY[1].text


def test_full_width_digits_and_capitals_make_no_difference(book: AddressBook) -> None:
    wide = CITY[1].text.translate({ord("0") + i: 0xFF10 + i for i in range(10)})
    assert book.search(wide)[0].address.text == CITY[1].text
    assert book.search(CITY[0].text.upper())[0].address.text == CITY[0].text


def test_the_address_appears_while_it_is_being_typed(book: AddressBook) -> None:
    text = CITY[10].text
    typed_until_found = next(
        n for n in range(1, len(text)) if text in {h.address.text for h in book.search(text[:n])}
    )
    assert typed_until_found <= len(text.partition(",")[0])


def test_the_exact_number_comes_before_longer_ones(tmp_path: Path) -> None:
    rows = [Address(str(n), f"中山路{n}号", 110, 25) for n in range(1, 400)]
    addresses.build(tmp_path / "a.db", rows, version="1")
    with AddressBook(tmp_path / "a.db") as small:
        assert small.search("中山路12号")[0].address.id == "12"
        assert small.search("中山路12")[0].address.id == "12"
        assert small.search("中山路3")[0].address.id == "3"


def test_an_alias_finds_the_address(tmp_path: Path) -> None:
    station = Address(
        "s", "城东区和平路1号", 110, 25, aliases=("火车站", "Café Central"), parts={"41": "和平路"}
    )
    addresses.build(tmp_path / "a.db", [station, *CITY[:50]], version="1")
    with AddressBook(tmp_path / "a.db") as small:
        assert small.search("火车站")[0].address == station
        assert small.search("cafe central")[0].address == station


def test_of_equal_texts_the_nearer_comes_first(tmp_path: Path) -> None:
    rows = [Address(str(i), "Station Road", 110 + i / 100, 25) for i in range(40)]
    addresses.build(tmp_path / "a.db", rows, version="1")
    with AddressBook(tmp_path / "a.db") as small:
        hits = small.search("station road", near=(110.20, 25), limit=3)
    assert hits[0].address.id == "20"
    assert hits[0].distance_m == pytest.approx(0, abs=1)
    assert hits[1].distance_m == pytest.approx(1008, abs=5)


def test_the_nearest_addresses_are_those_of_an_exhaustive_search(book: AddressBook) -> None:
    dice = random.Random(5)
    for _ in range(25):
        lon, lat = 109.9 + dice.random() / 3, 24.9 + dice.random() / 3
        shrink = math.cos(math.radians(lat))
        by_hand = sorted(CITY, key=lambda a: math.hypot((a.lon - lon) * shrink, a.lat - lat))
        hits = book.nearest(lon, lat, 8)
        assert [hit.address.id for hit in hits] == [address.id for address in by_hand[:8]]


def test_nearest_answers_from_the_other_side_of_the_world_and_from_an_empty_book(
    book: AddressBook, tmp_path: Path
) -> None:
    assert len(book.nearest(-70, -89.9, 3)) == 3
    addresses.build(tmp_path / "empty.db", [], version="1")
    with AddressBook(tmp_path / "empty.db") as empty:
        assert empty.nearest(110, 25) == []
        assert empty.search("anything") == []


def test_an_address_is_read_back_whole(book: AddressBook) -> None:
    assert book.get("a-17") == CITY[17]
    assert book.get("a-none") is None


@given(st.text(max_size=40) | st.text('"*^:-+()ANDORT NEAR中山路1', max_size=20))
def test_no_text_breaks_the_search(book: AddressBook, text: str) -> None:
    for hit in book.search(text, near=(110.05, 25.05)):
        assert 0 <= hit.score <= 1


@pytest.mark.parametrize("blank", ["", "  ", "!?", "云州省临江市"])
def test_a_query_that_says_nothing_finds_nothing(book: AddressBook, blank: str) -> None:
    assert book.search(blank) == []


def test_a_rare_character_is_searchable(tmp_path: Path) -> None:
    rare = Address("x", "\U0002b820\u9fd4村路5号", 110, 25)
    addresses.build(tmp_path / "a.db", [rare, *CITY[:50]], version="1")
    with AddressBook(tmp_path / "a.db") as small:
        assert small.search("\U0002b820\u9fd4")[0].address == rare


def test_many_threads_may_search_one_book(book: AddressBook) -> None:
    asked = [CITY[i].text for i in range(1, 80, 2)]
    with ThreadPoolExecutor(8) as pool:
        best = list(pool.map(lambda text: book.search(text)[0].address.text, asked))
    assert best == asked


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([CITY[0], CITY[0]], "a-0 appears twice"),
        ([replace(CITY[0], text=" ")], "lacks its id or its text"),
        ([replace(CITY[0], lon=math.nan)], "no position"),
        ([replace(CITY[0], lat=95)], "outside the world"),
    ],
)
def test_rows_that_make_no_sense_stop_the_build(
    tmp_path: Path, rows: list[Address], sentence: str
) -> None:
    with pytest.raises(AddressError, match=sentence):
        addresses.build(tmp_path / "a.db", rows, version="1")
    assert list(tmp_path.iterdir()) == []


def test_questions_that_cannot_be_asked_are_refused(book: AddressBook, tmp_path: Path) -> None:
    with pytest.raises(AddressError, match="limit"):
        book.search("road", limit=0)
    with pytest.raises(AddressError, match="200 characters"):
        book.search("x" * 201)
    with pytest.raises(AddressError, match="position"):
        book.nearest(math.nan, 25)
    with pytest.raises(AddressError, match="no file"):
        AddressBook(tmp_path / "absent.db")
