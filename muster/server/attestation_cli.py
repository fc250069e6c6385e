"""`muster attestation …`: roots, revoked keys and our agents come from files, never the network."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from mdm.attestation import operators
from muster.kernel.clock import rfc3339
from muster.server.commanding import opened as _house
from muster.server.commanding import plainly

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Plain(click.Group):
    """Tells faults as all commands tell them."""

    def invoke(self, ctx: click.Context) -> Any:
        return plainly(super().invoke)(ctx)


@click.group("attestation", cls=_Plain)
def group() -> None:
    """Hardware key attestation: roots, revoked keys, agents."""


@group.command("roots")
@click.argument("file", type=_FILE)
def roots(file: Path) -> None:
    """Pin exactly the roots of FILE: PEM, or Google's roots.json."""
    with _house() as kernel:
        row = operators.import_roots(kernel, file.read_bytes(), file.name)
    for pin, subject in row.document.items():
        click.echo(f"{pin}  {subject}")


@group.command("status")
@click.argument("file", type=_FILE)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), default=None)
@click.option("--replace", is_flag=True, help="Also one that is older or much shorter.")
def status(file: Path, as_of: datetime | None, *, replace: bool) -> None:
    """Take the list of revoked keys in FILE; --as-of (UTC) says when it was fetched."""
    told = as_of.replace(tzinfo=UTC) if as_of else _modified(file)
    with _house() as kernel:
        row = operators.import_status(kernel, file.read_bytes(), file.name, told, replace=replace)
    click.echo(f"{len(row.document)} revoked keys, as of {rfc3339(row.as_of)}.")


@group.command("agent")
@click.argument("package")
@click.option("--signer", default="", help="SHA-256 of its signing certificate, hex.")
@click.option("--remove", is_flag=True, help="Let its keys count no more.")
def agent(package: str, signer: str, *, remove: bool) -> None:
    """Let keys count that the agent PACKAGE has made, signed by --signer."""
    if remove == bool(signer):
        raise click.UsageError("Give --signer, or --remove.")
    with _house() as kernel:
        if remove:
            operators.remove_agent(kernel, package)
        else:
            operators.register_agent(kernel, package, signer)
    click.echo(f"{package} counts {'no more' if remove else 'as an agent'}.")


@group.command("show")
def show() -> None:
    """Show what is in force; exit 1 if a list is missing or the status list is old."""
    with _house() as kernel:
        known = operators.current(kernel)
    lists = {"roots": known.roots, "status": known.status, "agents": known.agents}
    told = {
        name: {
            "entries": len(row.document),
            "as_of": rfc3339(row.as_of),
            "imported_at": rfc3339(row.imported_at),
            "source": row.source,
            "sha256": row.sha256,
        }
        for name, row in lists.items()
        if row is not None
    }
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    if known.trust.lacks:
        click.echo(f"Nothing can be verified yet: {known.trust.lacks}.", err=True)
    elif known.status_old and known.status_age:
        click.echo(
            f"The list of revoked keys is {known.status_age.days} days old: bring a newer one.",
            err=True,
        )
    if known.trust.lacks or known.status_old:
        sys.exit(1)


def _modified(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)
