"""`appstore.wave`: a release is approved and rolled out to 10,000 terminals that poll.

Real processes: one web worker, one worker of jobs. Terminals check in by their documented route
every 30 seconds, each at a moment of its own, with proofs by their own keys; nobody gets a hint. The
time of a terminal runs from before the approval's commit until a check-in tells it that its desired
state is another one, which the release is in. Each reports its battery only: nothing else is new.
"""

import http.client
import itertools
import json
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import event, insert, select

from appstore.catalogue.models import App
from appstore.releases.models import Release
from appstore.releases.states import move
from appstore.rollouts import service as rollouts
from appstore.rollouts.offers import sights
from bench.figures import Figure, Report, machine
from bench.houses import empty_house
from bench.listeners import Listener
from bench.mdm_fleet import with_keys
from bench.server import working
from mdm.configuration import refresh
from mdm.devices import ManagedDevice
from mdm.groups import Group, GroupMember
from muster.kernel.identity import Officer, RoleGrant
from muster.kernel.identity.people import actor_for
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel

NAME: Final = "appstore.wave"
TERMINALS, EVERY, PATIENCE, CALLERS = 10_000, 30.0, 120.0, 16
SECONDS, STATEMENTS, SHARE = 60.0, 5, 0.95
_PATH: Final = "/agent/v1/check-in"
_PACKAGE: Final = "city.muster.wave"


def run() -> Report:
    """Make the fleet, approve, and ask as it would ask."""
    with empty_house() as kernel:
        fleet = with_keys(kernel, TERMINALS)
        ring, release, officer = _release(kernel, fleet)
        before = _compiled(kernel, fleet)
        with working(kernel.settings):
            began = time.monotonic()
            _approve(kernel, officer, release, ring)
            waited, asked = _ask(kernel, fleet, before, began)
        alone, many = (_statements(kernel, fleet[:number]) for number in (1, 250))
        engine = "SQLite, synchronous NORMAL" if kernel.db.is_sqlite else "PostgreSQL"
    waited += [float("inf")] * (TERMINALS - len(waited))
    waited.sort()
    figures = [
        Figure(NAME, "told_p50", statistics.median(waited), "s"),
        Figure(NAME, "told_p95", waited[int(TERMINALS * SHARE) - 1], "s", SECONDS),
        Figure(NAME, "told_in_time", sum(one <= SECONDS for one in waited), "terminals"),
        Figure(NAME, "check_ins", asked / (time.monotonic() - began), "1/s"),
        Figure(NAME, "statements_per_view", alone, "statements", STATEMENTS),
        Figure(NAME, "statements_for_250_views", many, "statements", STATEMENTS),
    ]
    made = f"{TERMINALS:,} terminals, one check-in in {EVERY:.0f} s each, 1 web worker, 1 worker"
    return Report(NAME, figures, f"{made}, {engine}; {machine()}")


def _release(kernel: Kernel, fleet: Sequence[Listener]) -> tuple[UUID, UUID, UUID]:
    """Make a ring of all terminals, and a release in review; return both with their admin."""
    with kernel.writes() as uow:
        officer = uow.session.scalars(select(Officer)).first()
        assert officer is not None
        unit = officer.unit_id
        roles = [
            RoleGrant(officer_id=officer.id, role=role, unit_id=unit)
            for role in ("device_admin", "publisher")
        ]
        ring = Group(id=uuid7(), name="everyone", unit_id=unit)
        app = App(id=uuid7(), package=_PACKAGE, unit_id=unit, label="Wave")
        uow.session.add_all([*roles, ring, app])
        uow.session.flush()
        members = [{"group_id": ring.id, "device_id": UUID(one.id)} for one in fleet]
        uow.session.execute(insert(GroupMember), members)
        release = Release(
            id=uuid7(),
            app_id=app.id,
            unit_id=unit,
            submitted_by=officer.id,
            state="needs_review",
            package=_PACKAGE,
            version_code=1,
            version_name="1",
            sha256="ab" * 32,
            size=1,
            signer="cd" * 32,
        )
        uow.session.add(release)
        uow.session.flush()
        return ring.id, release.id, officer.id


def _compiled(kernel: Kernel, fleet: Sequence[Listener]) -> dict[str, str]:
    """Compile what all are to be without the release; return the hashes by terminal."""
    ids = [UUID(one.id) for one in fleet]
    for start in range(0, len(ids), 1000):
        with kernel.writes() as uow:
            refresh(uow, ids[start : start + 1000])
    with kernel.reads() as uow:
        rows = uow.session.execute(select(ManagedDevice.id, ManagedDevice.desired_hash))
        return {str(device_id): hash_ for device_id, hash_ in rows}


def _approve(kernel: Kernel, officer: UUID, release_id: UUID, ring: UUID) -> None:
    with kernel.writes() as uow:
        actor = actor_for(uow, officer)
        release = uow.session.get_one(Release, release_id)
        move(uow, actor, release, "approved", "bench")
        rollouts.start(
            uow,
            actor,
            release_id,
            group_id=ring,
            percent=100,
            mode="required",
            reason="bench",
        )


def _ask(
    kernel: Kernel, fleet: Sequence[Listener], before: dict[str, str], began: float
) -> tuple[list[float], int]:
    """Poll until all were told or patience ends; return how long each waited, and all check-ins."""
    port = int(kernel.settings.origin.rpartition(":")[2])
    told: list[float] = []
    count = itertools.count()
    share = len(fleet) // CALLERS

    def serve(number: int) -> None:
        caller = _Caller(kernel.settings.origin, port)
        mine = fleet[number * share : (number + 1) * share]
        rounds = int(PATIENCE / EVERY)
        waiting = list(enumerate(mine))
        for turn in range(rounds):
            left = []
            for place, one in waiting:
                _until(began + (turn + place / len(mine)) * EVERY)
                hash_ = caller.check_in(one, before[one.id], turn + 1)
                next(count)
                if hash_ in ("", before[one.id]):
                    left.append((place, one))
                else:
                    told.append(time.monotonic() - began)
            waiting = left

    with ThreadPoolExecutor(CALLERS) as pool:
        list(pool.map(serve, range(CALLERS)))
    return told, next(count)


def _until(moment: float) -> None:
    ahead = moment - time.monotonic()
    if ahead > 0:
        threading.Event().wait(ahead)


class _Caller:
    """One connection that many terminals use in turn."""

    def __init__(self, origin: str, port: int) -> None:
        self._url = origin + _PATH
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def check_in(self, one: Listener, applied: str, sequence: int) -> str:
        """Report as a terminal; return the hash of what it is to be, '' from a busy server."""
        claims = {"jti": uuid4().hex, "htm": "POST", "htu": self._url, "iat": int(time.time())}
        header = {"typ": "dpop+jwt", "jwk": one.jwk}
        key: Any = load_pem_private_key(one.key, None)
        headers = {
            "Content-Type": "application/json",
            "DPoP": jwt.encode(claims, key, algorithm="ES256", headers=header),
        }
        report = {"sequence": sequence, "battery": 80, "applied_hash": applied}
        self._connection.request("POST", _PATH, json.dumps(report), headers)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status == http.HTTPStatus.SERVICE_UNAVAILABLE:
            return ""
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"a check-in was refused: {answer.status} {body[:300]!r}")
        hash_: str = json.loads(body)["desired_hash"]
        return hash_


def _statements(kernel: Kernel, fleet: Sequence[Listener]) -> int:
    """Count the statements that the views of some terminals cost together."""
    with kernel.reads() as uow, _counted(kernel) as counted:
        found = sights(uow, [UUID(one.id) for one in fleet])
    if not all(sight.seen for sight in found.values()):
        raise RuntimeError("a terminal does not see the release")
    return len(counted)


@contextmanager
def _counted(kernel: Kernel) -> Iterator[list[str]]:
    statements: list[str] = []

    def count(*args: Any) -> None:
        if not args[2].startswith("BEGIN"):
            statements.append(args[2])

    event.listen(kernel.db.engine, "before_cursor_execute", count)
    yield statements
    event.remove(kernel.db.engine, "before_cursor_execute", count)
