"""`muster demo`: bring the city up, play one whole shift, or leave it running."""

import contextlib
import signal
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from muster.handheld import Offline, Refused
from muster.kernel import observe
from muster.server.assembly import assemble, close, database
from muster.server.demo.bootstrap import populate
from muster.server.demo.city import generate
from muster.server.demo.manifest import publish
from muster.server.demo.patrol import Patrol
from muster.server.demo.people_secrets import DemoStateError
from muster.server.demo.play import Play, StepFailed
from muster.server.demo.shift import STEPS
from muster.server.demo.state import settings_in
from muster.server.demo.world import load_world
from muster.server.schema import upgrade
from muster.server.serving import Embedded

_OURS = (StepFailed, DemoStateError, Refused, Offline)


def run(*, once: bool, host: str, port: int, state: Path | None, size: int) -> int:
    """Run the demo and return the exit code; `once` uses a fresh folder unless one is named."""
    with contextlib.ExitStack() as stack:
        if state is None:
            state = (
                Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="muster-")))
                if once
                else Path(".muster")
            )
        try:
            return _run(once=once, host=host, port=port, state=state, size=size)
        except _OURS as error:
            print(f"\nThe demo stopped: {error}", file=sys.stderr)
            return 1


def _run(*, once: bool, host: str, port: int, state: Path, size: int) -> int:
    began = time.monotonic()
    settings = settings_in(state, port)
    observe.configure_logging(settings.log_level)
    db = database(settings)
    upgrade(db)
    db.dispose()
    kernel = assemble(settings)
    city = generate(datetime.now(UTC))
    known = populate(kernel, city)
    try:
        with Embedded(kernel, host=host, port=port):
            play = Play(settings.origin, state, city, known)
            load_world(play)
            print(f"The city stands after {time.monotonic() - began:.1f} s: {settings.origin}\n")
            play.perform(STEPS)
            publish(play)
            if not once:
                _stay(Patrol(play, size))
    finally:
        close(kernel)
    return 0


def _stay(patrol: Patrol) -> None:
    """Keep the world alive until somebody stops it."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    print("The city stays up. Stop it with Ctrl-C.")
    patrol.walk(stop)
