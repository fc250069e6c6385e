"""`muster audit`: the whole log verified, exported and retired, online or from files."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import httpx

from muster.kernel.audit import Exported, Live, Verdict
from muster.kernel.audit import export as write
from muster.kernel.audit import verify as walk
from muster.kernel.audit.errors import NoteInvalid
from muster.kernel.audit.notes import parse as parse_note
from muster.kernel.audit.retention.archive import Archives
from muster.kernel.audit.retention.destroy import destroy
from muster.kernel.audit.retention.retire import Outcome, retire
from muster.kernel.audit.wiring import retention
from muster.kernel.audit.witness.cosignature import WitnessKey
from muster.kernel.audit.witness.standing import Seen, seen
from muster.kernel.settings import Settings, SettingsError
from muster.server.assembly import assemble, close


def verify(
    settings: Callable[[], Settings],
    *,
    folder: Path | None = None,
    witnesses: Sequence[str] = (),
    witness_keys: Sequence[str] = (),
    archives: Iterable[Path] = (),
) -> tuple[Verdict, list[Seen]]:
    """Verify an export without any database, or the live log; return the verdict and witnesses.

    `witnesses` are files or addresses of checkpoints kept elsewhere; with `witness_keys` each must
    carry a cosignature of one of them. `archives` hold retired entries, to be checked as well.
    """
    if folder is not None:
        source = Exported(folder)
        kept = [_kept(one, source.header["origin"], witness_keys) for one in witnesses]
        return walk(source, witnesses=kept), []
    kernel = assemble(settings())
    try:
        with kernel.snapshot() as uow:
            live = Live(uow, archive=Archives(archives))
            kept = [_kept(one, live.head.origin, witness_keys) for one in witnesses]
            return walk(live, witnesses=kept), seen(uow)
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


def verifier_keys(settings: Settings) -> list[str]:
    """Return the keys that a witness or an auditor knows this log by."""
    kernel = assemble(settings)
    try:
        with kernel.reads() as uow:
            live = Live(uow, index=False)
            return [str(key) for key in live.verifier_keys()] if live.head.origin else []
    finally:
        close(kernel)


def retire_due(archives: Path, settings: Settings, *, dry_run: bool) -> tuple[Outcome, int]:
    """Archive and remove what is past its hot time, destroy archives past their cold time.

    Runs as the role of MUSTER_MAINTENANCE_DATABASE_URL; SQLite has no roles and needs none.
    """
    url = settings.maintenance_database_url
    if not url and settings.database_url.startswith("postgresql"):
        raise SettingsError(
            "MUSTER_MAINTENANCE_DATABASE_URL must be set: the server's own database role may not "
            "remove entries."
        )
    kernel = assemble(replace(settings, database_url=url or settings.database_url))
    try:
        rules = retention(settings)
        outcome = retire(kernel, archives.absolute(), rules, dry_run=dry_run)
        return outcome, 0 if dry_run else destroy(kernel, rules)
    finally:
        close(kernel)


def _kept(where: str, origin: str, keys: Sequence[str]) -> str:
    """Return a checkpoint from a file, or from a witness's own address."""
    if where.startswith(("http://", "https://")):
        answer = httpx.get(
            f"{where.rstrip('/')}/checkpoint", params={"origin": origin}, trust_env=False
        )
        if answer.status_code != 200:
            raise NoteInvalid(f"{where}: {answer.text.strip()}")
        return answer.text
    note = Path(where).read_text(encoding="utf-8")
    if keys:
        checkpoint = parse_note(note)
        if not any(WitnessKey.parse(key).find(note, checkpoint) for key in keys):
            raise NoteInvalid(f"{where} carries no cosignature of a witness you named.")
    return note
