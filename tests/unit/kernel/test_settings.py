"""A server that was told too little, or an example, does not start."""

import base64
import os
from pathlib import Path

import pytest

from muster.kernel.settings import Settings, SettingsError, from_environment

GOOD = base64.b64encode(os.urandom(32)).decode()


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MUSTER_")]:
        monkeypatch.delenv(name)


def read(monkeypatch: pytest.MonkeyPatch, **given: str) -> Settings:
    for name, value in ({"MASTER_KEY": GOOD} | given).items():
        monkeypatch.setenv(f"MUSTER_{name}", value)
    return from_environment()


def test_a_master_key_is_enough_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch)
    assert found.master_key == base64.b64decode(GOOD)
    assert found.database_url.startswith("sqlite:////")
    assert not found.secure
    assert GOOD not in repr(found)
    assert repr(found.master_key) not in repr(found)


def test_where_several_processes_serve_they_share_limits_and_replays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not read(monkeypatch).shared_replay
    assert read(monkeypatch, DATABASE_URL="postgresql://muster@db/muster").shared_replay
    assert not read(monkeypatch, SHARED_REPLAY="false").shared_replay


def test_the_master_key_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(GOOD + "\n")
    assert read(monkeypatch, MASTER_KEY="", MASTER_KEY_FILE=str(file)).master_key


def b64(key: bytes) -> str:
    return base64.b64encode(key).decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"MASTER_KEY": ""}, "MUSTER_MASTER_KEY or MUSTER_MASTER_KEY_FILE must be set"),
        ({"MASTER_KEY": "not base64!"}, "is not base64"),
        ({"MASTER_KEY": "é" * 44}, "is not base64"),
        ({"MASTER_KEY": b64(os.urandom(31))}, "exactly 32 bytes"),
        ({"MASTER_KEY": b64(os.urandom(64))}, "exactly 32 bytes"),
        ({"MASTER_KEY": b64(bytes(32))}, "too weak or an example"),
        ({"MASTER_KEY": b64(b"abcd" * 8)}, "too weak or an example"),
        ({"MASTER_KEY": b64(b"changeme" * 4)}, "too weak or an example"),
        ({"MASTER_KEY": b64(b"muster-example-key-of-the-manual")}, "too weak or an example"),
        ({"MASTER_KEY_FILE": "/nowhere/key"}, "MASTER_KEY_FILE cannot be read"),
        ({"PROXY_SECRET": "short"}, "MUSTER_PROXY_SECRET is too weak"),
        ({"PROXY_SECRET": "a" * 64}, "MUSTER_PROXY_SECRET is too weak"),
        ({"ACCEL_ROOT": "/_objects"}, "MUSTER_ACCEL_ROOT needs MUSTER_PROXY_SECRET"),
        ({"ACCEL_ROOT": "/a/../b"}, "MUSTER_ACCEL_ROOT does not have the documented form"),
        ({"ORIGIN": ""}, "MUSTER_ORIGIN must be"),
        ({"ORIGIN": "muster.example"}, "MUSTER_ORIGIN must be"),
        ({"ORIGIN": "https://"}, "MUSTER_ORIGIN must be"),
        ({"ORIGIN": "https://muster.example/"}, "MUSTER_ORIGIN must be"),
        ({"ORIGIN": "https://muster.example?x=1"}, "MUSTER_ORIGIN must be"),
        ({"ORIGIN": "https://user:word@muster.example"}, "MUSTER_ORIGIN must be"),
        ({"ORIGIN": "ftp://muster.example"}, "MUSTER_ORIGIN must be"),
        ({"DATABASE_URL": "mysql://x/y"}, "MUSTER_DATABASE_URL must be"),
        ({"DATABASE_URL": "nonsense"}, "MUSTER_DATABASE_URL must be"),
        ({"DATABASE_POOL": "0"}, "MUSTER_DATABASE_POOL must be 1 or more"),
        ({"DATABASE_POOL": "many"}, "MUSTER_DATABASE_POOL"),
        ({"POSTURE_FRESH_MINUTES": "-5"}, "MUSTER_POSTURE_FRESH_MINUTES must be 1 or more"),
        ({"SQLITE_SYNCHRONOUS": "OFF"}, "MUSTER_SQLITE_SYNCHRONOUS must be one of"),
        ({"LOG_LEVEL": "CHATTY"}, "MUSTER_LOG_LEVEL must be one of"),
        ({"SANDBOX_APKS": "perhaps"}, "MUSTER_SANDBOX_APKS"),
    ],
)
def test_what_is_missing_or_unsafe_stops_the_boot(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        read(monkeypatch, **given)


@pytest.mark.parametrize(
    "origin",
    ["https://muster.example", "http://localhost:8000", "http://[::1]:80", "http://10.0.0.7"],
)
def test_an_origin_is_scheme_host_and_port(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    assert read(monkeypatch, ORIGIN=origin).origin == origin
