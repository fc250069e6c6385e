"""The `muster` command: start with `muster --help`; every fault ends in one clear sentence."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import click

from muster.kernel import observe
from muster.kernel.errors import DomainError, Fault
from muster.kernel.house import ForeignPackageError, assert_own_house
from muster.kernel.identity import fresh_pin, operators, people
from muster.kernel.kernel import Kernel
from muster.kernel.keys import PURPOSES
from muster.kernel.settings import Settings, SettingsError, from_environment
from muster.server import memory
from muster.server import openapi as documents
from muster.server.assembly import assemble, close, database
from muster.server.schema import upgrade

KNOWN = (SettingsError, DomainError, ForeignPackageError, OSError)


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn known faults into a sentence on standard error and exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except KNOWN as error:
            _list(getattr(error, "errors", ()))
            raise click.ClickException(str(error)) from error

    return run


def _list(faults: Iterable[Fault]) -> None:
    for fault in faults:
        click.echo(f"  {fault.pointer}: {fault.detail}", err=True)


@contextmanager
def _open() -> Iterator[Kernel]:
    """Assemble the kernel and give everything back, whatever happens."""
    kernel = assemble(settings())
    try:
        yield kernel
    finally:
        close(kernel)


def _ask(what: str) -> str:
    """Read a secret without showing it; at a terminal, twice."""
    given: str = click.prompt(what, hide_input=True, confirmation_prompt=sys.stdin.isatty())
    return given


def settings() -> Settings:
    """Read the settings and send logs where they belong."""
    found = from_environment()
    observe.configure_logging(found.log_level)
    return found


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("passmuster"), prog_name="muster")
def main() -> None:
    """Muster: the back end behind officers' handhelds, and the console that manages them."""
    try:
        assert_own_house()
    except ForeignPackageError as error:
        raise click.ClickException(str(error)) from error
    memory.lean()


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=0, help="N granian workers behind nginx; 0 serves all in one.")
@plainly
def serve(host: str, port: int, workers: int) -> None:
    """Serve the API and the console."""
    from muster.server.serving import Embedded, run_granian

    if workers:
        settings()  # so that a fault is told here and not once by each worker
        run_granian(host=host, port=port, workers=workers)
        return
    with _open() as kernel:
        Embedded(kernel, host=host, port=port).run()


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True)
@plainly
def edge(host: str, port: int) -> None:
    """Hold event streams beside the workers of `muster serve --workers N`."""
    from muster.server.serving import run_edge

    with _open() as kernel:
        run_edge(kernel, host=host, port=port)


@main.command()
@plainly
def worker() -> None:
    """Run jobs: events, schedules, sealing."""
    from muster.server.serving import run_worker

    with _open() as kernel:
        run_worker(kernel)


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@plainly
def db_upgrade() -> None:
    """Bring the database to the newest step."""
    opened = database(settings())
    upgrade(opened)
    opened.dispose()
    click.echo("The database is up to date.")


@main.group("people")
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
    with _open() as kernel:
        loaded = people.load(kernel, units=units, officers=officers, dry_run=dry_run)
    click.echo(json.dumps(loaded.as_dict(), ensure_ascii=False, indent=2))
    faults = [
        fault for report in (loaded.units, loaded.officers) if report for fault in report.shown
    ]
    _list(faults)
    if faults:
        sys.exit(1)


@people_group.command("secret")
@click.argument("number")
@click.option("--kind", type=click.Choice(["pin", "password"]), default="pin", show_default=True)
@click.option("--fresh", is_flag=True, help="Make a random PIN and print it, once.")
@plainly
def people_secret(number: str, kind: Literal["pin", "password"], *, fresh: bool) -> None:
    """Give an officer a new PIN or console password; it is read from standard input."""
    if fresh and kind == "password":
        raise click.UsageError("--fresh makes PINs; people choose their own passwords.")
    secret = fresh_pin(number) if fresh else _ask(kind.title() if kind == "password" else "PIN")
    with _open() as kernel:
        operators.give_secret(kernel, number, kind, secret)
    click.echo(f"{number}: {secret}" if fresh else f"{number} has a new {kind}.")


@main.group()
def apps() -> None:
    """Field apps that may carry officers' sessions."""


@apps.command("register")
@click.argument("name")
@click.option("--package", required=True, help="Android package name.")
@click.option("--signer", default="", help="SHA-256 of its signing certificate, hex.")
@plainly
def apps_register(name: str, package: str, signer: str) -> None:
    """Register a field app; NAME is the client_id it signs in with."""
    with _open() as kernel:
        operators.register_app(kernel, name, package, signer)
    click.echo(f"{name} may now carry sessions.")


@main.group()
def keys() -> None:
    """Signing, sealing and index keys."""


@keys.command("rotate")
@click.argument("purpose", type=click.Choice(sorted(PURPOSES)))
@click.option("--at-once", is_flag=True, help="Do not wait 24 hours: the key may be known.")
@plainly
def keys_rotate(purpose: str, *, at_once: bool) -> None:
    """Retire the current key of a purpose and promote the next one."""
    with _open() as kernel:
        operators.rotate_key(kernel, purpose, at_once=at_once)
    click.echo(f"The key for {purpose} is rotated.")


@main.group()
def admin() -> None:
    """The first administrator."""


@admin.command("create")
@click.argument("number")
@click.argument("name")
@click.option("--unit", required=True, help="Code of the unit the role covers.")
@plainly
def admin_create(number: str, name: str, unit: str) -> None:
    """Create the first system administrator; the password is read from standard input."""
    password = _ask("Password")
    with _open() as kernel:
        people.create_admin(kernel, number=number, name=name, unit=unit, password=password)
    click.echo(f"{number} may now sign in to the console.")


@main.group()
def audit() -> None:
    """The audit log."""


@audit.command("verify")
@click.option("--export", "folder", type=click.Path(exists=True, path_type=Path))
@click.option("--witness", type=click.Path(exists=True, path_type=Path), help="A kept checkpoint.")
@plainly
def audit_verify(folder: Path | None, witness: Path | None) -> None:
    """Prove that nothing in the log was changed, removed, inserted, reordered or forked."""
    from muster.server.audit_commands import verify

    verdict = verify(folder, witness, settings)
    click.echo(str(verdict))
    if not verdict.ok:
        sys.exit(1)


@audit.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@plainly
def audit_export(folder: Path) -> None:
    """Write the log with its checkpoints, to be verified elsewhere."""
    from muster.server.audit_commands import export

    export(folder, settings())
    click.echo(f"Written to {folder}. Verify with: muster audit verify --export {folder}")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@plainly
def openapi(folder: Path) -> None:
    """Write one OpenAPI document per audience."""
    for path in documents.write(folder):
        click.echo(str(path))


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@plainly
def problems(file: Path) -> None:
    """Write the catalogue of problem codes as a page of the documentation."""
    from muster.server.catalogue import write

    click.echo(str(write(file)))


@main.command()
@click.option("--once", is_flag=True, help="Play one whole shift, then stop.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--state", type=click.Path(path_type=Path), default=None, help="State folder.")
@click.option("--size", default=5, show_default=True, help="How many live terminals.")
@plainly
def demo(*, once: bool, host: str, port: int, state: Path | None, size: int) -> None:
    """Bring up a fictional city and police force, and play a shift against the live server."""
    from muster.server.demo.run import run

    sys.exit(run(once=once, host=host, port=port, state=state, size=size))
