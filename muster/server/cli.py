"""The `muster` command: start with `muster --help`; every fault ends in one clear sentence."""

import sys
from importlib.metadata import version
from pathlib import Path

import click

from muster.kernel.guard import SCOPES
from muster.kernel.house import ForeignPackageError, assert_own_house
from muster.kernel.identity import operators
from muster.kernel.keys import PURPOSES
from muster.server import attestation_cli, audit_cli, ca_cli, memory, people_cli
from muster.server import openapi as documents
from muster.server.assembly import database
from muster.server.commanding import opened as _open
from muster.server.commanding import plainly, settings
from muster.server.hints_cli import hints
from muster.server.schema import upgrade
from muster.server.trust_cli import trust


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("passmuster"), prog_name="muster")
def main() -> None:
    """Muster: the back end behind officers' handhelds, and the console that manages them."""
    try:
        assert_own_house()
    except ForeignPackageError as error:
        raise click.ClickException(str(error)) from error
    memory.lean()


main.add_command(trust)
main.add_command(hints)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=0, help="N granian workers behind nginx; 0 serves all in one.")
@click.option("--uds", type=click.Path(path_type=Path), help="A unix socket instead of the port.")
@plainly
def serve(host: str, port: int, workers: int, uds: Path | None) -> None:
    """Serve the API and the console."""
    from muster.server.serving import Embedded, run_granian

    if workers:
        settings()  # so that a fault is told here and not once by each worker
        run_granian(host=host, port=port, workers=workers, uds=uds)
        return
    with _open() as kernel:
        Embedded(kernel, host=host, port=port, uds=uds).run()


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True)
@click.option("--uds", type=click.Path(path_type=Path), help="A unix socket instead of the port.")
@plainly
def edge(host: str, port: int, uds: Path | None) -> None:
    """Hold event streams beside the workers of `muster serve --workers N`."""
    from muster.server.serving import run_edge

    with _open() as kernel:
        run_edge(kernel, host=host, port=port, uds=uds)


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


@main.group()
def apps() -> None:
    """Field apps that may carry officers' sessions."""


@apps.command("register")
@click.argument("name")
@click.option("--package", required=True, help="Android package name.")
@click.option("--signer", default="", help="SHA-256 of its signing certificate, hex.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(sorted(SCOPES)),
    help="What it may do in an officer's name; repeat for more.",
)
@plainly
def apps_register(name: str, package: str, signer: str, scopes: tuple[str, ...]) -> None:
    """Register a field app; NAME is the client_id it signs in with."""
    with _open() as kernel:
        operators.register_app(kernel, name, package, signer, scopes)
    granted = ", ".join(scopes) or "nothing yet: a data steward grants scopes"
    click.echo(f"{name} may now carry sessions. Granted: {granted}.")


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


@main.command("configuration-schema")
@click.argument("file", type=click.Path(path_type=Path))
@plainly
def configuration_schema(file: Path) -> None:
    """Write the JSON Schema of a configuration document."""
    from mdm.configuration.json_schema import write

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


main.add_command(attestation_cli.group)
audit_cli.attach(main, plainly, settings)
ca_cli.attach(main, plainly, settings)
main.add_command(people_cli.people_group)
main.add_command(people_cli.setup)
