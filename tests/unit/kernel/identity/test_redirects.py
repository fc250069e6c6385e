"""Where an app may be called back: its own scheme, its publisher's host, or loopback in a sandbox."""

import pytest

from muster.kernel.identity.oauth.redirects import fault, matches, source, with_answer

PACKAGE = "org.example.notes"


@pytest.mark.parametrize(
    ("address", "sandbox", "allowed"),
    [
        ("org.example.notes:/back", False, True),
        ("org.example.notes://host/back?a=1", False, True),
        ("https://notes.example.org/back", False, True),
        ("https://notes.example.org:8443/back", False, True),
        ("http://127.0.0.1/back", True, True),
        ("http://127.0.0.1:7777/back", True, True),
        ("http://127.0.0.1/back", False, False),
        ("http://localhost/back", True, False),
        ("http://[::1]/back", True, False),  # no browser's form-action can name it
        ("http://10.0.0.1/back", True, False),
        ("http://user@127.0.0.1/back", True, False),
        ("https://user@notes.example.org/", False, False),
        ("https://NOTES.example.org/", False, False),
        ("https://intranet/", False, False),
        ("https://notes.example.org/#x", False, False),
        ("org.example.other:/back", False, False),
        ("notes:/back", False, False),
        ("javascript:alert(1)", False, False),
        ("data:text/html,x", False, False),
        ("org.example.notes:/a b", False, False),
        ("org.example.notes:/a;b", False, False),
        ("org.example.notes:/a\r\nX: y", False, False),
        ("http://127.0.0.1:99999/back", True, False),
        ("/back", False, False),
        ("", False, False),
        ("org.example.notes:/" + "a" * 500, False, False),
    ],
)
def test_an_address_is_the_apps_own(address: str, sandbox: bool, allowed: bool) -> None:
    assert (fault(address, PACKAGE, sandbox=sandbox) == "") is allowed


@pytest.mark.parametrize(
    ("registered", "given", "same"),
    [
        ("http://127.0.0.1/back", "http://127.0.0.1:51234/back", True),
        ("http://127.0.0.1:1/back", "http://127.0.0.1:2/back", True),
        ("http://127.0.0.1/back", "http://127.0.0.1:2/other", False),
        ("http://127.0.0.1/back", "http://127.0.0.1:2/back?x=1", False),
        ("http://127.0.0.1/back", "http://127.0.0.1@evil.example/back", False),
        ("http://127.0.0.1/back", "https://127.0.0.1/back", False),
        ("https://a.example/back", "https://a.example:444/back", False),
        ("https://a.example/back", "https://a.example/back/", False),
        ("https://a.example/back", "https://a.example/back/../x", False),
        ("org.example.notes:/back", "ORG.example.notes:/back", False),
    ],
)
def test_addresses_are_compared_letter_by_letter_but_for_a_loopback_port(
    registered: str, given: str, same: bool
) -> None:
    assert matches(registered, given) is same


def test_an_answer_joins_what_the_address_has_and_cannot_break_out() -> None:
    told = with_answer("https://a.example/b?x=1", code="c", state="a&iss=evil#f", error="")
    assert told == "https://a.example/b?x=1&code=c&state=a%26iss%3Devil%23f"
    assert source("org.example.notes:/back") == "org.example.notes:"
    assert source("http://127.0.0.1:51234/back") == "http://127.0.0.1:51234"
