"""What every command does: read the settings, open the kernel, ask for secrets, tell faults plainly."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click

from muster.kernel import observe
from muster.kernel.errors import DomainError, Fault
from muster.kernel.house import ForeignPackageError
from muster.kernel.kernel import Kernel
from muster.kernel.settings import Settings, SettingsError, from_environment
from muster.server.assembly import assemble, close

KNOWN = (SettingsError, DomainError, ForeignPackageError, OSError)


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn known faults into a sentence on standard error and exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except KNOWN as error:
            list_faults(getattr(error, "errors", ()))
            raise click.ClickException(str(error)) from error

    return run


def list_faults(faults: Iterable[Fault]) -> None:
    """Write each fault on a line of standard error."""
    for fault in faults:
        click.echo(f"  {fault.pointer}: {fault.detail}", err=True)


@contextmanager
def opened() -> Iterator[Kernel]:
    """Assemble the kernel and give everything back, whatever happens."""
    kernel = assemble(settings())
    try:
        yield kernel
    finally:
        close(kernel)


def ask(what: str) -> str:
    """Read a secret without showing it; at a terminal, twice."""
    given: str = click.prompt(what, hide_input=True, confirmation_prompt=sys.stdin.isatty())
    return given


def settings() -> Settings:
    """Read the settings and send logs where they belong."""
    found = from_environment()
    observe.configure_logging(found.log_level)
    return found
