"""`appstore.index`: an F-Droid repository of 300 apps with 5 versions each, as one terminal reads it.

CPU time of this process through the whole WSGI application: gate, guard, view, answer. `first` is
written down anew after a visible change, `cached` is what this process remembers, `unchanged` is
the 304 for a client that has it.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from appstore.catalogue import App
from appstore.fdroid import FdroidAccess
from appstore.releases import Release
from appstore.rollouts import Rollout
from bench.figures import Figure, Report, machine
from bench.houses import empty_house
from mdm.devices import ManagedDevice
from mdm.enrolment import EnrolToken
from mdm.groups import Group, join
from muster.kernel.identity import Officer, Unit, devices, judge, secret_hash
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork
from muster.server.app import create_app

NAME = "appstore.index"
APPS, VERSIONS, ROUNDS = 300, 5, 15
FIRST_MS, CACHED_MS, UNCHANGED_MS = 150.0, 5.0, 2.0
FILES = ("entry.jar", "index-v2.json", "index-v1.jar")
_SECRET = "BenchBenchBenchBenchBenchBench01"
_NAMES = ("INTERNET", "CAMERA", "ACCESS_FINE_LOCATION", "READ_PHONE_STATE", "VIBRATE", "NFC")
_BASE = f"/fdroid/t/{_SECRET}/repo"


def run() -> Report:
    """Fill a store, change it visibly again and again, and read."""
    with empty_house() as kernel:
        with kernel.writes() as uow:
            terminal = _terminal(uow)
            _apps(uow, terminal)
        client = create_app(kernel).test_client()
        assert _get(client, "entry.jar").status_code == 200
        taken: dict[str, list[float]] = {}
        for round_ in range(ROUNDS):
            _change(kernel, round_)
            for name, milliseconds in _round(client):
                taken.setdefault(name, []).append(milliseconds)
        size = len(client.get(f"{_BASE}/index-v2.json").get_data())
        engine = "SQLite" if kernel.db.is_sqlite else "PostgreSQL"
    targets = {"first": FIRST_MS, "cached": CACHED_MS, "unchanged": UNCHANGED_MS}
    figures = [
        Figure(NAME, name, median(values), "ms", targets[name.partition(" ")[0]])
        for name, values in taken.items()
    ]
    shown = f"{APPS} apps of {VERSIONS} versions, {size / 1e6:.2f} MB of JSON"
    return Report(NAME, figures, f"{shown}, medians of {ROUNDS}, {engine}; {machine()}")


def _round(client: FlaskClient) -> Iterator[tuple[str, float]]:
    """Read as clients do, entry first; the first answer pays for the view."""
    tags = {}
    for name in FILES:
        milliseconds, answer = _timed(lambda name=name: _get(client, name))
        tags[name] = answer.headers["ETag"]
        if name != "index-v2.json":
            yield f"first {name}", milliseconds
    for name in FILES:
        yield f"cached {name}", _timed(lambda name=name: _get(client, name))[0]
    for name in FILES:
        wish = {"If-None-Match": tags[name]}
        milliseconds, answer = _timed(lambda name=name, wish=wish: _get(client, name, wish))
        assert answer.status_code == 304
        yield f"unchanged {name}", milliseconds


def _get(client: FlaskClient, name: str, headers: dict[str, str] | None = None) -> TestResponse:
    return client.get(f"{_BASE}/{name}", headers={"Accept-Encoding": "gzip"} | (headers or {}))


def _timed(call: Callable[[], TestResponse]) -> tuple[float, TestResponse]:
    before = time.process_time()
    answer = call()
    return (time.process_time() - before) * 1000, answer


def _change(kernel: Kernel, round_: int) -> None:
    """Give an app another category: every reader of it must get a new index."""
    with kernel.writes() as uow:
        app = uow.session.query(App).filter_by(package=f"city.bench.app{round_}").one()
        app.category = f"Field {round_}"


def _terminal(uow: UnitOfWork) -> Rollout:
    """Make a compliant terminal in a group, with a capability; return a rollout to copy."""
    unit = Unit(id=uuid7(), code="BENCH", name="Bench", path="/BENCH/")
    uow.session.add(unit)
    uow.session.flush()
    officer = Officer(id=uuid7(), number="90001", name="B", sworn=True, unit_id=unit.id)
    group = Group(id=uuid7(), name="Bench", unit_id=unit.id)
    uow.session.add_all([officer, group])
    uow.session.flush()
    until = uow.now() + timedelta(days=1)
    made: dict[str, Any] = {"unit_id": unit.id, "created_by": officer.id, "expires_at": until}
    entry = EnrolToken(id=uuid7(), token_hash="bench", kind="batch", uses_left=0, **made)
    device = devices.admit(uow, label="B-1", unit_id=unit.id, jwk=None)
    uow.session.add(entry)
    uow.session.flush()
    uow.session.add(ManagedDevice(id=device.id, token_id=entry.id, serial="B-1"))
    uow.session.flush()
    judge(uow, device.id, 2, [])
    join(uow, device.id, [group.id])
    uow.session.add(
        FdroidAccess(
            device_id=device.id,
            label="bench",
            secret_hash=secret_hash(_SECRET),
            made_by=officer.id,
            expires_at=until,
        )
    )
    return Rollout(group_id=group.id, percent=100, mode="available", started_by=officer.id)


def _apps(uow: UnitOfWork, like: Rollout) -> None:
    officer = uow.session.get_one(Officer, like.started_by)
    for number in range(APPS):
        package, signer = f"city.bench.app{number}", _hash(f"signer {number}")
        app = App(
            id=uuid7(),
            package=package,
            unit_id=officer.unit_id,
            label=f"App {number} of the force",
            label_zh=f"应用{number}",
            category=f"Category {number % 12}",
            signers=[signer],
        )
        uow.session.add(app)
        uow.session.flush()
        for code in range(1, VERSIONS + 1):
            release = _release(app, officer.id, code, signer)
            uow.session.add(release)
            uow.session.flush()
            uow.session.add(
                Rollout(
                    release_id=release.id,
                    group_id=like.group_id,
                    percent=100,
                    mode=like.mode,
                    started_by=like.started_by,
                )
            )
        uow.session.flush()


def _release(app: App, officer_id: UUID, code: int, signer: str) -> Release:
    sha256 = _hash(f"{app.package} {code}")
    facts = {
        "min_sdk": 26,
        "target_sdk": 34,
        "permissions": [f"android.permission.{name}" for name in _NAMES],
        "max_sdk_by_permission": {"android.permission.READ_PHONE_STATE": 30},
        "permissions_sdk_23": [],
        "features": ["android.hardware.camera", "android.hardware.location.gps"],
        "native_abis": ["arm64-v8a", "armeabi-v7a"],
        "labels": {"en": app.label, "zh-Hans": app.label_zh},
    }
    return Release(
        id=uuid7(),
        app_id=app.id,
        unit_id=app.unit_id,
        submitted_by=officer_id,
        state="rolling" if code == VERSIONS else "superseded",
        package=app.package,
        label=app.label,
        version_code=code,
        version_name=f"1.{code}",
        sha256=sha256,
        size=5_000_000 + code,
        signer=signer,
        facts=facts,
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
