"""`access.gate`: what one request pays to be let in: token, DPoP proof, the gate row, one decision.

A thousand rules of the force are in force, most bound to units and actions. The decision is taken
as the server takes it, from a slice, and beside it from all rules at once, as a policy engine
without slices does. CPU time of this process; the two are measured in turn.
"""

import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cedarpy
import msgspec
from flask import Flask, Request
from werkzeug.test import EnvironBuilder

from bench.figures import Figure, Report, machine
from bench.server import free_port
from bench.standing import Held, appoint
from muster.kernel.guard import Edition, Own, Target, facts
from muster.kernel.guard.edition import action_entity
from muster.kernel.guard.engine import Standing
from muster.kernel.identity.actor import Actor, Origin
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.web.authenticate import authenticate
from muster.kernel.web.marks import Auth, mark_for
from muster.server.assembly import assemble, close, database
from muster.server.demo.state import settings_in
from muster.server.schema import upgrade

NAME = "access.gate"
RULES, UNITS, REQUESTS, ROUNDS = 1000, 80, 400, 5
DECISION_MS, GATE_MS = 0.15, 0.7
_ACTIONS = ("field.record.read", "field.record.create", "mdm.device.lock", "mdm.device.read")
_PATH = "/mobile/v1/records"
_MARK = mark_for(["GET"], Auth.FIELD)


def run() -> Report:
    """Measure with a kernel of its own on an empty database."""
    with _kernel() as kernel:
        edition = _thousand(kernel)
        kernel.guard.standing = Standing(0, edition)
        (caller,) = appoint(kernel, 1, "/CITY/U7/")
        actor = _admitted(kernel, caller)[1]
        sliced, whole = _alternating(
            lambda: _decide(kernel, actor), _unsliced(kernel, edition, actor)
        )
        gate = statistics.median([_admitted(kernel, caller)[0] for _ in range(ROUNDS)])
        listed = _milliseconds(lambda: edition.slice_of_any("Officer", _ACTIONS[0], ["CITY"]), 200)
        rules = len(edition.rules)
        few = len(edition.slice("Officer", _ACTIONS[0], ["CITY", "U7"], ["CITY", "U7"]))
        engine = "SQLite" if kernel.db.is_sqlite else "PostgreSQL"
    figures = [
        Figure(NAME, "decision", sliced, "ms CPU", DECISION_MS),
        Figure(NAME, "decision_of_all_rules", whole, "ms CPU", peer="sliced", peer_value=sliced),
        Figure(NAME, "request", gate, "ms CPU", GATE_MS),
        Figure(NAME, "rules_in_a_slice", few, "rules"),
        Figure(NAME, "slice_of_a_list", listed, "ms CPU"),
    ]
    return Report(NAME, figures, f"{rules} rules, {UNITS} units, {engine}; {machine()}")


@contextlib.contextmanager
def _kernel() -> Iterator[Kernel]:
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        own = settings_in(Path(folder), free_port())
        settings = replace(own, database_url=os.environ.get("DATABASE_URL") or own.database_url)
        db = database(settings)
        upgrade(db)
        db.dispose()
        kernel = assemble(settings)
        yield kernel
        close(kernel)


def _thousand(kernel: Kernel) -> Edition:
    """Rules as a force of eighty stations writes them: eight for all, the others by unit."""
    general = [
        f'@id("all.{n}") forbid (principal is Officer, action == Action::"{_ACTIONS[n % 4]}", '
        f'resource) unless {{ principal.rank >= {n % 3} && context.zone != "zone-{n}" }};'
        for n in range(8)
    ]
    by_unit = [
        f'@id("unit.{n}") {("permit", "forbid")[n % 2]} (principal is Officer, '
        f'action == Action::"{_ACTIONS[n % 4]}", resource) when {{ '
        f'resource has unit && resource.unit in Unit::"U{n % UNITS}" && principal.rank > {n % 5} && '
        f'context.time.minute > {n % 1000} && context.purpose == "p{n % 7}" }};'
        for n in range(RULES - len(general))
    ]
    made = kernel.guard.layer(Own("\n".join([*general, *by_unit]), number=1))
    if made.edition is None:
        raise RuntimeError(f"the bench's rules do not fit: {made.flaws[:3]}")
    return made.edition


def _admitted(kernel: Kernel, caller: Held) -> tuple[float, Actor]:
    """Let requests in one after another; return the CPU milliseconds of one, and who it was."""
    origin = Origin(zone="field")
    requests = [
        Request(
            EnvironBuilder(
                path=_PATH,
                headers=caller.headers("GET", kernel.settings.origin + _PATH),
            ).get_environ()
        )
        for _ in range(REQUESTS)
    ]
    with Flask(__name__).app_context():
        began = time.process_time()
        for one in requests:
            actor = authenticate(kernel, _MARK, one, origin)
            _decide(kernel, actor)
        spent = time.process_time() - began
    return spent / REQUESTS * 1000, actor


def _target() -> Target:
    return Target("Record", str(uuid7()), {"own": True}, "/CITY/U7/")


def _decide(kernel: Kernel, actor: Actor) -> None:
    kernel.guard.decide(actor, _ACTIONS[0], _target(), kernel.clock(), purpose="p1", case_ref="1")


def _unsliced(kernel: Kernel, edition: Edition, actor: Actor) -> Callable[[], object]:
    """Ask every rule, with the same kept handles: what slices save."""
    every = cedarpy.PolicySet.from_str(edition.text)
    who = facts.subject(actor, kernel.clock())
    known = [*who.entities, action_entity(kernel.guard.actions[_ACTIONS[0]])]
    base = cedarpy.Entities.from_json_str(msgspec.json.encode(known).decode())

    def ask() -> object:
        target, now = _target(), kernel.clock()
        return cedarpy.is_authorized(
            {
                "principal": {"type": who.kind, "id": who.id},
                "action": {"type": "Action", "id": _ACTIONS[0]},
                "resource": {"type": target.type, "id": target.id},
                "context": facts.context(actor, kernel.settings, now, "p1", "1"),
            },
            every,
            base.with_added_json_str(msgspec.json.encode(facts.resource(target)).decode()),
        )

    return ask


def _alternating(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Measure two in turn, so that what else the machine does falls on both."""
    taken = [(_milliseconds(one, REQUESTS), _milliseconds(other, 60)) for _ in range(ROUNDS)]
    first, second = zip(*taken, strict=True)
    return statistics.median(first), statistics.median(second)


def _milliseconds(work: Callable[[], object], times: int) -> float:
    work()
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times * 1000
