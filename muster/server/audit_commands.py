"""`muster audit verify` and `muster audit export`: the whole log, online or from files."""

from collections.abc import Callable
from pathlib import Path

from muster.kernel.audit import Exported, Live, Verdict
from muster.kernel.audit import export as write
from muster.kernel.audit import verify as walk
from muster.kernel.settings import Settings
from muster.server.assembly import assemble, close


def verify(folder: Path | None, witness: Path | None, settings: Callable[[], Settings]) -> Verdict:
    """Verify an export without any database, or the live log; `witness` is a kept checkpoint."""
    kept = [witness.read_text(encoding="utf-8")] if witness else []
    if folder is not None:
        return walk(Exported(folder), witnesses=kept)
    kernel = assemble(settings())
    try:
        with kernel.snapshot() as uow:
            return walk(Live(uow), witnesses=kept)
    finally:
        close(kernel)


def export(folder: Path, settings: Settings) -> int:
    """Write the log into a new folder and return how many entries it holds."""
    kernel = assemble(settings)
    try:
        with kernel.snapshot() as uow:
            return write(uow, folder)
    finally:
        close(kernel)
