"""`muster hints`: what the MQTT broker must know, and how each carrier does."""

import os
import signal
from pathlib import Path

import click

from muster.kernel import hints as carriers
from muster.server.commanding import opened, plainly


@click.group()
def hints() -> None:
    """How terminals are told that there is something to fetch."""


@hints.command("mqtt-passwords")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--reload",
    "pid_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Have the broker whose process id is in this file read the new passwords.",
)
@plainly
def mqtt_passwords(file: Path, pid_file: Path | None) -> None:
    """Write the password FILE of Mosquitto: ours and those of terminals in the fleet.

    `-` writes to standard output. If nothing changed, file and broker are left alone.
    """
    with opened() as kernel, kernel.reads() as uow:
        content = "".join(carriers.password_file(uow, kernel.settings.mqtt_url))
    if str(file) == "-":
        click.echo(content, nl=False)
        return
    count = content.count("\n")
    if file.exists() and file.read_text(encoding="ascii") == content:
        click.echo(f"{count} passwords, nothing changed.")
        return
    _replace(file, content)
    if pid_file is not None:
        os.kill(int(pid_file.read_text(encoding="ascii")), signal.SIGHUP)
    click.echo(f"{count} passwords written.")


@hints.command("status")
@plainly
def status() -> None:
    """Print how each carrier does: hints sent, terminals that came, that did not, refusals."""
    with opened() as kernel, kernel.reads() as uow:
        for one in carriers.carriers(uow):
            line = f"{one.name:<10} sent {one.sent}, heard {one.heard}, missed {one.missed}"
            error = f": {one.last_error}" if one.failed else ""
            click.echo(f"{line}, failed {one.failed}{error}")


def _replace(file: Path, content: str) -> None:
    """Put the new file into the place of the old at once: the broker never reads half of one."""
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "w") as out:
        out.write(content)
    new.replace(file)
