"""Foreign programs that some tests drive: here or not, and what CI says when one is not."""

import importlib.util
import os
import shutil
import socket

import pytest

IN_CI = os.environ.get("CI") == "true"


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


PEERS = {
    "aapt": lambda: shutil.which("aapt"),
    "apksigner": lambda: shutil.which("apksigner"),
    "chromium": lambda: shutil.which("chromium") and shutil.which("npm"),
    "fdroidcl": lambda: shutil.which("fdroidcl"),
    "jarsigner": lambda: shutil.which("jarsigner"),
    "mosquitto": lambda: bool(os.environ.get("MUSTER_TEST_MQTT_URL")) or _answers(1883),
    "mosquitto_program": lambda: shutil.which("mosquitto") or shutil.which("/usr/sbin/mosquitto"),
    "pypi": lambda: importlib.util.find_spec("ensurepip"),
    "psql": lambda: shutil.which("psql"),
    "scep": lambda: shutil.which("scepclient") and shutil.which("openssl"),
    "nginx": lambda: shutil.which("nginx") or shutil.which("/usr/sbin/nginx"),
    "npm": lambda: shutil.which("node") and shutil.which("npm"),
}


def choose(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, never skip, the tests whose peer is not on this machine; CI must have them all."""
    here: dict[str, bool] = {}
    kept, left = [], []
    for item in items:
        missing = [name for name in _needed(item) if not here.setdefault(name, bool(PEERS[name]()))]
        if missing and IN_CI:
            raise pytest.UsageError(f"CI must have {missing[0]}: {item.nodeid} needs it")
        (left if missing else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def _needed(item: pytest.Item) -> list[str]:
    named = [name for mark in item.iter_markers("needs") for name in mark.args]
    return [*named, "chromium"] if item.get_closest_marker("browser") else named
