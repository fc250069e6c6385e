"""`muster demo`: bring the city up, play one whole shift, or leave it running."""

import contextlib
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from muster.handheld import Offline, Refused, TerminalError
from muster.kernel import observe
from muster.kernel.kernel import Kernel
from muster.kernel.settings import Settings, SettingsError
from muster.server.assembly import assemble, close, database
from muster.server.demo.bootstrap import populate
from muster.server.demo.city import generate
from muster.server.demo.manifest import publish
from muster.server.demo.patrol import Patrol
from muster.server.demo.people_secrets import DemoStateError
from muster.server.demo.play import Performed, Play, StepFailed
from muster.server.demo.shift import STEPS
from muster.server.demo.state import settings_in
from muster.server.demo.world import load_world
from muster.server.schema import upgrade
from muster.server.serving import Embedded

_OURS = (StepFailed, DemoStateError, SettingsError, Refused, Offline, TerminalError, RuntimeError)


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
            with city_up(host=host, port=port, state=state.absolute()) as play:
                tell(play.perform(STEPS))
                publish(play)
                if not once:
                    _stay(Patrol(play, size))
        except _OURS as error:
            print(f"\nThe demo stopped: {error}", file=sys.stderr)
            return 1
    return 0


@contextlib.contextmanager
def city_up(*, host: str, port: int, state: Path) -> Iterator[Play]:
    """Serve the city and its force from a state folder; yield the stage for a shift."""
    began = time.monotonic()
    settings = settings_in(state, port)
    observe.configure_logging(settings.log_level)
    kernel = built(settings)
    try:
        city = generate(datetime.now(UTC))
        known = populate(kernel, city)
        with Embedded(kernel, host=host, port=port):
            play = Play(settings.origin, state, city, known)
            try:
                load_world(play)
                took = time.monotonic() - began
                print(f"The city stands after {took:.1f} s: {settings.origin}\n")
                yield play
            finally:
                play.close()
    finally:
        close(kernel)


def built(settings: Settings) -> Kernel:
    """Bring the database to the newest step and return the kernel that stands on it."""
    db = database(settings)
    upgrade(db)
    db.dispose()
    return assemble(settings)


def tell(done: list[Performed]) -> None:
    """Print what the whole shift took."""
    seconds = sum(step.seconds for step in done)
    requests = sum(step.cost.requests for step in done)
    print(f"\nOne whole shift: twelve steps, {requests} requests, {seconds:.1f} s.")


def _stay(patrol: Patrol) -> None:
    """Keep the world alive until somebody stops it."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    print("The city stays up. Stop it with Ctrl-C.")
    patrol.walk(stop)
