"""`muster-handheld`: a terminal on the command line, for app developers and for a quick look."""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any

import click

from muster.handheld.connection import Offline, Refused
from muster.handheld.errors import TerminalError
from muster.handheld.terminal import Terminal
from muster.handheld.vault import VaultErased
from muster.ondevice import ArtefactError, SubjectError

_KNOWN = (Offline, Refused, TerminalError, VaultErased, SubjectError, ArtefactError, OSError)


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Open the terminal, show what the command returns, and say faults in one sentence."""

    def run(folder: Path, /, **given: Any) -> None:
        try:
            with Terminal(folder) as terminal:
                shown = command(terminal, **given)
        except _KNOWN as error:
            raise click.ClickException(str(error)) from error
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2, default=str))

    return wraps(command)(click.pass_obj(run))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--folder", type=click.Path(path_type=Path), default=".handheld", show_default=True)
@click.pass_context
def main(context: click.Context, folder: Path) -> None:
    """A reference terminal whose state lies encrypted in a folder."""
    context.obj = folder


@main.command()
@click.argument("code", type=click.Path(exists=True, path_type=Path))
@click.option("--serial", required=True)
@plainly
def enrol(terminal: Terminal, code: Path, serial: str) -> Any:
    """Come in with an enrolment code kept as JSON."""
    try:
        scanned = json.loads(code.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TerminalError(f"{code} is not JSON: {error}") from error
    terminal.enrol(scanned, serial)
    return terminal.status()


@main.command("check-in")
@plainly
def check_in(terminal: Terminal) -> Any:
    """Report in, carry out commands, install and fetch what is desired."""
    told = terminal.check_in()
    done = terminal.carry_out(told["commands"])
    wiped = ("wipe", "done") in done
    in_service = not wiped and told["state"] == "enrolled"
    apps = terminal.apps.update() if in_service else []
    files = terminal.shelf.update() if in_service else []
    return {
        "state": told["state"],
        "compliant": told["compliant"],
        "reasons": [reason["en"] for reason in told["reasons"]],
        "commands": done,
        "apps": apps,
        "files": files,
    }


@main.command("sign-in")
@click.argument("number")
@click.option("--pin", prompt=True, hide_input=True)
@plainly
def sign_in(terminal: Terminal, number: str, pin: str) -> Any:
    """Sign an officer in."""
    return terminal.sign_in(number, pin)["officer"]


@main.command("sign-out")
@plainly
def sign_out(terminal: Terminal) -> Any:
    """Sign out; unsent work stays."""
    terminal.sign_out()
    return terminal.status()


@main.command()
@plainly
def pull(terminal: Terminal) -> Any:
    """Bring everything up to date that may be held offline."""
    pulled = terminal.pull()
    return {name: asdict(one) for name, one in pulled.items()} | {"files": terminal.packages()}


@main.command()
@click.argument("form")
@click.argument("answers", type=click.File(encoding="utf-8"))
@click.option("--file", "files", multiple=True, type=click.Path(exists=True, path_type=Path))
@click.option("--incident", default="", help="Number of the incident it belongs to.")
@plainly
def collect(
    terminal: Terminal, form: str, answers: Any, files: tuple[Path, ...], incident: str
) -> Any:
    """Fill FORM in with the JSON object in ANSWERS (`-` reads standard input)."""
    try:
        given = json.load(answers)
    except ValueError as error:
        raise TerminalError(f"ANSWERS is not JSON: {error}") from error
    if not isinstance(given, dict):
        raise TerminalError("ANSWERS must be one JSON object, field names to values.")
    contents = {path.name: path.read_bytes() for path in files}
    return {"op_id": terminal.collect(form, given, contents, incident=incident)}


@main.command()
@plainly
def push(terminal: Terminal) -> Any:
    """Send what waits."""
    return [asdict(sent) for sent in terminal.push()]


@main.command()
@click.argument("kind")
@click.argument("value")
@click.option("--purpose", default="")
@click.option("--case", "case_ref", default="", help="Case or incident number.")
@click.option("--offline", is_flag=True, help="Ask only the hot list on this terminal.")
@plainly
def check(
    terminal: Terminal, kind: str, value: str, purpose: str, case_ref: str, *, offline: bool
) -> Any:
    """Check a plate, person_id, vin …"""
    if offline:
        return terminal.look_up(kind, value)
    return terminal.check(kind, value, purpose, case_ref)


@main.command()
@click.argument("text")
@plainly
def search(terminal: Terminal, text: str) -> Any:
    """Find an address offline, slips forgiven."""
    hits = terminal.search(text)
    return [{"id": hit.address.id, "text": hit.address.text, "score": hit.score} for hit in hits]


@main.command()
@plainly
def status(terminal: Terminal) -> Any:
    """Show who this terminal is and what waits."""
    return terminal.status()
