"""`muster audit` and `muster witness`: the log proved, taken away, retired, and witnessed."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from muster.kernel import observe
from muster.kernel.settings import Settings

_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
_FOLDER = click.Path(path_type=Path)
_THERE = click.Path(exists=True, path_type=Path)


def attach(main: click.Group, plainly: _Decorator, settings: Callable[[], Settings]) -> None:
    """Add both groups to the command line."""
    main.add_command(_audit(plainly, settings))
    main.add_command(_witness(plainly))


def _audit(plainly: _Decorator, settings: Callable[[], Settings]) -> click.Group:
    @click.group()
    def audit() -> None:
        """The audit log."""

    @audit.command("verify")
    @click.option("--export", "folder", type=_THERE, help="An export, instead of the database.")
    @click.option("--witness", multiple=True, help="A kept checkpoint: a file, or a witness's URL.")
    @click.option("--witness-key", multiple=True, help="Whose cosignature a kept file must carry.")
    @click.option("--archive", multiple=True, type=_THERE, help="An archive of retired entries.")
    @plainly
    def verify(
        folder: Path | None,
        witness: tuple[str, ...],
        witness_key: tuple[str, ...],
        archive: tuple[Path, ...],
    ) -> None:
        """Prove that nothing in the log was changed, removed, inserted, reordered or forked."""
        from muster.server import audit_commands

        verdict, witnesses = audit_commands.verify(
            settings, folder=folder, witnesses=witness, witness_keys=witness_key, archives=archive
        )
        click.echo(str(verdict))
        for one in witnesses:
            click.echo(str(one))
        broken = [
            one for one in witnesses if one.state == "refused" or (one.size and not one.holds)
        ]
        if not verdict.ok or broken:
            sys.exit(1)

    @audit.command("export")
    @click.argument("folder", type=_FOLDER)
    @plainly
    def export(folder: Path) -> None:
        """Write the log with its checkpoints, to be verified elsewhere."""
        from muster.server import audit_commands

        audit_commands.export(folder, settings())
        click.echo(f"Written to {folder}. Verify with: muster audit verify --export {folder}")

    @audit.command("keys")
    @plainly
    def keys() -> None:
        """Print the verifier keys that witnesses and auditors know this log by."""
        from muster.server import audit_commands

        found = audit_commands.verifier_keys(settings())
        if not found:
            raise click.ClickException("Nothing was sealed yet: start a worker, then ask again.")
        for key in found:
            click.echo(key)

    _retire(audit, plainly, settings)
    return audit


def _retire(audit: click.Group, plainly: _Decorator, settings: Callable[[], Settings]) -> None:
    @audit.command("retire")
    @click.argument("archives", type=_FOLDER)
    @click.option("--dry-run", is_flag=True, help="Say what would be retired; change nothing.")
    @plainly
    def retire(archives: Path, *, dry_run: bool) -> None:
        """Move entries past their hot time into an archive; destroy archives past their cold time."""
        from muster.server import audit_commands

        outcome, destroyed = audit_commands.retire_due(archives, settings(), dry_run=dry_run)
        would = "would be " if dry_run else ""
        click.echo(f"{outcome.archived} entries {would}archived, {outcome.held} are held.")
        if not dry_run:
            click.echo(f"{outcome.removed} bodies removed, {destroyed} archives destroyed.")
        if outcome.folder:
            click.echo(f"Archive: {outcome.folder}")


def _witness(plainly: _Decorator) -> click.Group:
    @click.group()
    def witness() -> None:
        """A witness of somebody's log: a process of its own, best run by somebody else."""

    @witness.command("serve")
    @click.option("--state", type=_FOLDER, required=True, help="Its key and what it remembers.")
    @click.option("--host", default="127.0.0.1", show_default=True)
    @click.option("--port", default=8010, show_default=True)
    @click.option("--name", default="muster/witness", show_default=True, help="At the first start.")
    @plainly
    def serve(state: Path, host: str, port: int, name: str) -> None:
        """Cosign checkpoints of the logs it trusts, and refuse a fork (C2SP tlog-witness)."""
        from muster.kernel.audit.witness.serving import run

        observe.configure_logging("INFO")
        try:
            run(state, host, port, name)
        except BlockingIOError as error:
            raise click.ClickException(f"Another witness holds {state}.") from error

    @witness.command("trust")
    @click.argument("key")
    @click.option("--state", type=_FOLDER, required=True)
    @plainly
    def trust(key: str, state: Path) -> None:
        """Cosign for the log of this verifier key (of `muster audit keys`) from now on."""
        from muster.kernel.audit import VerifierKey
        from muster.kernel.audit.witness.ledger import trust as remember

        parsed = VerifierKey.parse(key)
        remember(state, parsed)
        click.echo(f"Trusts {parsed.name} from now on.")

    return witness
