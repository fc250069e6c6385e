"""Commands about people: the first set-up, imports, secrets, the directory's file."""

import json
import sys
from pathlib import Path
from typing import Literal

import click

from muster.kernel.identity import fresh_pin, operators, people
from muster.kernel.identity.directory import nightly
from muster.kernel.identity.duties.setup import Appointee, set_up
from muster.server.commanding import ask, list_faults, opened, plainly


@click.group("people")
def people_group() -> None:
    """Units and officers."""


@people_group.command("import")
@click.option("--units", type=click.Path(exists=True, path_type=Path))
@click.option("--officers", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@plainly
def people_import(units: Path | None, officers: Path | None, *, dry_run: bool) -> None:
    """Load units and officers from CSV files."""
    if units is None and officers is None:
        raise click.UsageError("Give --units, --officers or both.")
    with opened() as kernel:
        loaded = people.load(kernel, units=units, officers=officers, dry_run=dry_run)
    click.echo(json.dumps(loaded.as_dict(), ensure_ascii=False, indent=2))
    faults = [
        fault for report in (loaded.units, loaded.officers) if report for fault in report.shown
    ]
    list_faults(faults)
    if faults:
        sys.exit(1)


@people_group.command("directory")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@plainly
def people_directory(file: Path) -> None:
    """Take in the personnel system's nightly FILE now: good rows in, bad rows listed."""
    with opened() as kernel:
        run = nightly.take_in(kernel, file.read_bytes())
    counts = {name: getattr(run, name) for name in ("added", "changed", "unchanged", "removed")}
    held = [line["number"] for line in run.held]
    report = counts | {"held": held, "faults": run.faults}
    click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    if run.faults or held:
        sys.exit(1)


@people_group.command("secret")
@click.argument("number")
@click.option("--kind", type=click.Choice(["pin", "password", "totp"]), default="pin")
@click.option("--fresh", is_flag=True, help="Make a random PIN and print it, once.")
@plainly
def people_secret(number: str, kind: Literal["pin", "password", "totp"], *, fresh: bool) -> None:
    """Give an officer a new PIN or console password, read from standard input.

    `--kind totp` replaces every second factor they have by a new authenticator app and prints its
    address, once.
    """
    if kind == "totp":
        with opened() as kernel:
            click.echo(operators.give_app(kernel, number))
        return
    if fresh and kind == "password":
        raise click.UsageError("--fresh makes PINs; people choose their own passwords.")
    secret = fresh_pin(number) if fresh else ask(kind.title() if kind == "password" else "PIN")
    with opened() as kernel:
        operators.give_secret(kernel, number, kind, secret)
    click.echo(f"{number}: {secret}" if fresh else f"{number} has a new {kind}.")


@click.command("setup")
@click.option("--unit", default="", help="Code of the unit at the root of the tree.")
@click.option("--unit-name", default="", help="Its name, if the database is empty.")
@click.option("--system", nargs=2, metavar="NUMBER NAME", help="Runs the installation.")
@click.option("--security", nargs=2, metavar="NUMBER NAME", help="Grants roles, sets policies.")
@click.option("--audit", nargs=2, metavar="NUMBER NAME", help="Reads the log, changes nothing.")
@plainly
def setup(
    unit: str,
    unit_name: str,
    system: tuple[str, str] | None,
    security: tuple[str, str] | None,
    audit: tuple[str, str] | None,
) -> None:
    """Appoint the three administrators, once; each gets a password for one use."""
    three = {
        "system_admin": _appointee("System administrator", system),
        "security_admin": _appointee("Security administrator", security),
        "auditor": _appointee("Audit administrator", audit),
    }
    with opened() as kernel:
        given = set_up(kernel, three, unit=unit, unit_name=unit_name)
    for role, person in three.items():
        click.echo(f"{role}\t{person.number}\t{given[person.number]}")
    click.echo(
        "Hand each password to its owner alone. It opens one sign-in within 24 hours, which must "
        "choose another. This command is closed now.",
        err=True,
    )


def _appointee(title: str, named: tuple[str, str] | None) -> Appointee:
    number, name = named or (click.prompt(f"{title}: number"), click.prompt(f"{title}: name"))
    return Appointee(number=number, name=name)
