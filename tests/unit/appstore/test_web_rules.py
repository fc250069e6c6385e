"""Each rule of web apps finds what it is for; addresses have one form."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from appstore.webapps.address import AddressFault, normal
from appstore.webapps.facts import WebFacts
from appstore.webapps.rules import RULES, WebPast, judge

GOOD = WebFacts(
    package="city.muster.roster",
    version_code=7,
    version_name="1.7",
    label="Duty roster",
    label_zh="",
    address="https://roster.police.example/",
    scopes=("tasks",),
    icon_sha256="aa" * 32,
)
PAST = WebPast(highest=6, previous=GOOD, hosts=("police.example",))


def found(past: WebPast = PAST, **changes: Any) -> dict[str, str]:
    checks = judge(replace(GOOD, **changes), past)
    return {check.rule: check.verdict for check in checks if check.verdict != "pass"}


CASES: list[tuple[dict[str, str], WebPast, dict[str, Any]]] = [
    ({}, PAST, {}),
    ({"address_not_https": "block"}, PAST, {"address": "http://roster.police.example/"}),
    ({"kind_changed": "block"}, replace(PAST, kind="apk"), {}),
    ({"package_of_another_publisher": "block"}, replace(PAST, owned=False), {}),
    ({"version_code_not_higher": "block"}, replace(PAST, highest=7), {}),
    ({"version_code_in_review": "block"}, replace(PAST, in_review=frozenset({7})), {}),
    ({"content_retired": "block"}, replace(PAST, retired=True), {}),
    ({"bundle_refused": "block"}, PAST, {"bundle_fault": "zip_bomb: too large"}),
    ({"host_changed": "warn"}, PAST, {"address": "https://two.police.example/"}),
    (
        {"host_changed": "warn", "host_not_listed": "warn"},
        PAST,
        {"address": "https://roster.notpolice.example/"},
    ),
    ({"host_not_listed": "warn", "scopes_added": "warn"}, WebPast(), {}),
    ({"scopes_added": "warn"}, PAST, {"scopes": ("tasks", "maps")}),
]


@pytest.mark.parametrize(("expected", "past", "changes"), CASES)
def test_what_each_rule_finds(
    expected: dict[str, str], past: WebPast, changes: dict[str, Any]
) -> None:
    assert found(past, **changes) == expected


def test_every_rule_is_reached_by_a_case() -> None:
    assert {code for expected, _, _ in CASES for code in expected} == {rule.code for rule in RULES}


def test_facts_survive_their_json() -> None:
    assert WebFacts.from_dict(GOOD.as_dict()) == GOOD


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("HTTPS://Roster.Police.Example", "https://roster.police.example/"),
        ("https://a.example:443/x/../y?q=1", "https://a.example/y?q=1"),
        ("https://a.example:8443/", "https://a.example:8443/"),
        ("http://a.example:80", "http://a.example/"),
        ("https://a.example/../../etc", "https://a.example/etc"),
    ],
)
def test_an_address_has_one_form(typed: str, expected: str) -> None:
    assert normal(typed) == expected


@pytest.mark.parametrize(
    "address",
    [
        "",
        "roster.police.example",
        "ftp://a.example/",
        "https://user:secret@a.example/",
        "https://a.example@evil.example/",
        "https://a.example\\@evil.example/",
        "https://evil.example\n.police.example/",
        "https://xn--/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://a.example:0/",
        "https://a.example:65536/",
        "https://a.example/#top",
        "https://a.example//evil.example/",
        "https://a..example/",
        "https://公安.example/",
        "https://a.example/" + "x" * 500,
        "javascript:alert(1)",
    ],
)
def test_what_could_be_read_in_two_ways_is_no_address(address: str) -> None:
    with pytest.raises(AddressFault):
        normal(address)


@given(some.text(alphabet="aA.:/?@#[]%0-9\\ \n", max_size=30))
def test_a_normal_form_is_its_own(rest: str) -> None:
    try:
        once = normal(f"https://a.example{rest}")
    except AddressFault:
        return
    assert normal(once) == once
    assert once.startswith("https://a.example")
