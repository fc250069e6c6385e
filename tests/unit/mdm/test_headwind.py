"""The pure parts of the Headwind gateway: bytes, signatures, and what a translation may claim."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mdm.configuration.keys import BASE, ConfigurationDocument
from mdm.gateways.headwind import envelope, signatures
from mdm.gateways.headwind.evidence import LAUNCHER, Finding, findings, proves
from mdm.gateways.headwind.translate import TRANSLATORS, translate

_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | _WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(data=st.dictionaries(_WORDS, _JSON, max_size=5), secret=_WORDS)
def test_the_agent_finds_the_signature_it_expects_in_the_raw_bytes(
    data: dict[str, Any], secret: str
) -> None:
    body = envelope.ok(envelope.dumped(data))
    assert json.loads(body) == {"status": "OK", "message": None, "data": data}
    assert body.endswith(b"}")
    read = body.decode().partition('"data":')[2][:-1]  # as the agent does it
    stripped = re.sub(r"[ \t\n\v\f\r]", "", read)
    assert signatures.of_data(secret, envelope.dumped(data)) == signatures.digest(
        (secret + stripped).encode()
    )


def test_signatures_are_those_of_the_protocol() -> None:
    assert signatures.digest(b"abc") == "A9993E364706816ABA3E25717850C26C9CD0D89D"
    ours, theirs = signatures.of_polls("S", "hmdm", "a b")
    assert ours == signatures.digest(b"Shmdm/rest/notification/polling/a+b")
    assert theirs == signatures.digest(b"S/hmdm/rest/notification/polling/a+b")
    assert signatures.matches(ours.lower(), [theirs, ours])
    assert not signatures.matches("", [ours])
    assert not signatures.matches("é", [ours])


def test_what_this_agent_cannot_do_is_said_and_what_asks_for_nothing_is_not() -> None:
    told = translate(BASE)
    assert told.fields["disableScreenshots"] is True
    assert "no_debugging_features" in told.fields["restrictions"].split(",")
    assert told.not_applied == (
        "check_in_seconds",
        "encryption",
        "offline_hours",
        "password.max_failed",
    )
    assert "camera" in translate({"camera": False}).not_applied
    assert translate({"password": {"min_length": 12, "quality": "complex"}}).not_applied == (
        "password.min_length",
    )
    assert translate({"password": {"min_length": 7}}).fields["passwordMode"] == "moderate"


def test_every_line_of_the_table_names_a_key_that_exists() -> None:
    schema = ConfigurationDocument()

    def places(fields: Any, prefix: str = "") -> set[str]:
        found: set[str] = set()
        for name, field in fields.items():
            nested = getattr(field, "schema", None)
            found |= places(nested.fields, f"{prefix}{name}.") if nested else {prefix + name}
        return found

    assert set(TRANSLATORS) <= places(schema.fields)


def test_a_log_line_proves_only_what_came_before_it() -> None:
    at = datetime(2026, 5, 4, 12, tzinfo=UTC)
    milliseconds = int(at.timestamp() * 1000)
    lines = [
        (LAUNCHER, milliseconds, "Uninstalled application: org.example.app"),
        ("org.other", milliseconds, "Configuration updated"),
        (LAUNCHER, 5, "Configuration updated"),
        (LAUNCHER, milliseconds - 1, "Got Push Message, type reboot"),
    ]
    pushed, removed = findings(lines)
    assert (pushed.what, pushed.detail) == ("pushed", "reboot")
    assert removed == Finding("uninstalled", at, "org.example.app")
    assert proves(removed, at, at)
    assert not proves(removed, at + timedelta(milliseconds=1), at)
    assert not proves(removed, None, at)
    assert not proves(removed, at - timedelta(hours=1), at - timedelta(minutes=2))
