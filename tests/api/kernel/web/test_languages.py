"""Problems speak Chinese to whom asks for it; their codes stay."""

import importlib

import pytest

from muster.kernel import i18n
from muster.kernel.errors import NotFound, catalogue
from muster.server import blueprints, cli
from tests.api.kernel.conftest import Bench


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-Hans-CN", "zh-Hans"),
        ("ug-CN, zh;q=0.5", "zh-Hans"),
        ("en-GB, zh;q=0.9", "en"),
        ("de, *;q=0.1", "en"),
        ("", "en"),
        ("zh;q=0, ;;;", "en"),
    ],
)
def test_the_title_is_in_the_language_the_caller_prefers(
    bench: Bench, wanted: str, language: str
) -> None:
    answer = bench.client.get("/nothing", headers={"Accept-Language": wanted})
    told = answer.get_json()
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]
    assert told["code"] == "not_found"
    expected = NotFound.title if language == "en" else i18n.titles()["not_found"]
    assert (told["title"], told["detail"]) == (expected, expected)


def test_a_sentence_about_this_occurrence_stays_as_it_is(bench: Bench) -> None:
    answer = bench.client.get("/bench/units?code=%00", headers={"Accept-Language": "zh"})
    told = answer.get_json()
    assert told["title"] == i18n.titles()["malformed"]
    assert told["detail"] == "The address holds a NUL."


def test_every_problem_of_the_house_has_a_chinese_title() -> None:
    for room in (blueprints, cli):
        importlib.import_module(room.__name__)
    ours = {
        code for code, problem in catalogue().items() if not problem.__module__.startswith("tests")
    }
    missing = {code: catalogue()[code].title for code in sorted(ours - i18n.titles().keys())}
    assert not missing
    assert not i18n.titles().keys() - ours
    for code, title in i18n.titles().items():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in title), code
