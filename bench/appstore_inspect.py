"""`appstore.inspect`: reading and verifying a 20 MB APK, and what the worst upload can cost.

Measured as an upload is read: in a child process of its own, its start included. The peer is
Android's own `apksigner verify` on the same file, its Java included. Memory is the children's peak.
"""

import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

from appstore.apk import ApkError, inspect_apk
from appstore.apk.sandbox import read_in_subprocess
from bench.appstore_hostile import hostile
from bench.figures import Figure, Report, machine
from muster.server.demo.apk_extras import square
from muster.server.demo.apk_signing import ApkKey
from muster.server.demo.apks import build_apk

NAME = "appstore.inspect"
SIZE = 20 << 20
RUNS, PEER_RUNS = 15, 5
INSPECTED, REFUSED, MEMORY = 150.0, 1000.0, 256.0  # ms, ms, MiB


def run() -> Report:
    """Measure on this machine; without apksigner there is no ratio."""
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name:
        folder = Path(name)
        path = folder / "app.apk"
        path.write_bytes(_app())
        whole, inside, memory = _apart(_good, path)
        _apart(_forge, folder)
        worst, slowest, hungriest = _apart(_bad, folder)
        peer = _apksigner(path) if shutil.which("apksigner") else None
    named = {"peer": "apksigner verify", "peer_value": peer} if peer else {}
    figures = [
        Figure(NAME, "inspect_20mb", whole, "ms", INSPECTED, **named),
        Figure(NAME, "inspect_20mb_without_start", inside, "ms"),
        Figure(NAME, "inspect_20mb_memory", memory, "MiB", MEMORY),
        Figure(NAME, "hostile_worst", slowest, "ms", REFUSED),
        Figure(NAME, "hostile_worst_memory", hungriest, "MiB", MEMORY),
    ]
    said = f", apksigner {peer:,.0f} ms" if peer else ""
    return Report(NAME, figures, f"median of {RUNS}; slowest refusal: {worst}{said}; {machine()}")


def _app() -> bytes:
    """An APK of usual weight: code and pictures that do not shrink, v1, v2 and v3."""
    return build_apk(
        package="city.muster.bench",
        version_code=1,
        version_name="1",
        label="Bench",
        labels={"zh-Hans": "基准"},
        icons={160: square(48), 640: square(192)},
        key=ApkKey.generate("Bench", use_rsa=True),
        extra=Random(1).randbytes(SIZE),
    )


def _apart(measure: Callable[[Path], Any], path: Path) -> Any:
    """Measure in a process of its own, whose only children are the inspections."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, path).result()


def _good(path: Path) -> tuple[float, float, float]:
    whole = statistics.median(_timed(lambda: _read(path)) for _ in range(RUNS))
    memory = _children()
    inside = statistics.median(_timed(lambda: inspect_apk(path)) for _ in range(RUNS))
    return whole, inside, memory


def _forge(folder: Path) -> None:
    """Write the hostile files: a process that held them would lend its children its peak."""
    for name, content in hostile(ApkKey.generate("Bench")):
        (folder / f"{name}.hostile").write_bytes(content)


def _bad(folder: Path) -> tuple[str, float, float]:
    taken = {path.stem: _timed(partial(_refused, path)) for path in folder.glob("*.hostile")}
    worst = max(taken, key=lambda name: taken[name])
    return worst, taken[worst], _children()


def _read(path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        read_in_subprocess(path, Path(folder))


def _refused(path: Path) -> None:
    try:
        _read(path)
    except ApkError:
        return
    raise RuntimeError(f"a hostile file was accepted: {path.stat().st_size} bytes")


def _apksigner(path: Path) -> float:
    command = ["apksigner", "verify", str(path)]

    def verify() -> None:
        subprocess.run(command, check=True, capture_output=True)

    return statistics.median(_timed(verify) for _ in range(PEER_RUNS))


def _timed(work: Callable[[], object]) -> float:
    """Return how long something takes, in milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _children() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
