"""The language of an answer: problem titles in Chinese for who asks for it, else in English.

`translations/problems.zh-Hans.json` holds one title by problem code; codes never change, so
neither does a key. Officers' apps show the title; what a program reads is the code.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from muster.kernel.errors import DomainError

Language = Literal["en", "zh-Hans"]
_BY_PRIMARY_TAG: dict[str, Language] = {"zh": "zh-Hans", "en": "en"}


def choose(wanted: Iterable[str]) -> Language:
    """Return the first language we speak of those wanted, best first (RFC 4647 §3.4)."""
    for tag in wanted:
        language = _BY_PRIMARY_TAG.get(tag.replace("_", "-").partition("-")[0].lower())
        if language is not None:
            return language
    return "en"


def title(problem: type[DomainError], language: Language) -> str:
    """Return a problem's title; one without a translation stays English."""
    return titles().get(problem.code, problem.title) if language == "zh-Hans" else problem.title


def detail(error: DomainError, language: Language) -> str:
    """Return this occurrence's sentence; where it says no more than the title, the title's."""
    if language == "zh-Hans" and error.detail_zh:
        return error.detail_zh
    return title(type(error), language) if error.detail == error.title else error.detail


@cache
def titles() -> Mapping[str, str]:
    """Return the Chinese titles by problem code."""
    text = files("muster.kernel").joinpath("translations", "problems.zh-Hans.json")
    table: dict[str, str] = json.loads(text.read_text(encoding="utf-8"))
    return table
