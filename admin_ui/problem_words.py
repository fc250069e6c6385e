"""Refusals in the reader's language: those that people meet at the console.

The English sentences are the problems' own; a sentence that is not listed is shown as it is.
"""

from collections.abc import Callable
from typing import Final

from flask_babel import gettext

from muster.kernel.errors import DomainError

N_: Callable[[str], str] = str
_SAID: Final = frozenset(
    {
        N_("No access policy permits this to you."),
        N_("There is nothing here, or not for you."),
        N_("The request does not have the documented shape."),
        N_("The request cannot be read."),
        N_("This contradicts what is already recorded."),
        N_("Somebody changed this since you read it. Read it again, then repeat your change."),
        N_("The server is busy. Try again in a moment."),
        N_("Something went wrong on our side. Nothing was changed; quote the request id."),
        N_("This address does not take this method."),
        N_("The body is larger than this address accepts."),
        N_("This form was not sent from the console's own page. Reload the page and try again."),
        N_("The console is for people with an administrative role. Use a terminal."),
        N_("The number, PIN or token is not right, or no longer valid."),
        N_("This needs a second person; nobody approves their own request."),
        N_("This request has been decided, cancelled or has expired. Ask again if it is needed."),
        N_("This request is not what was asked for; it was not carried out."),
        N_("The person who asked may no longer do this themselves; it was not carried out."),
        N_("There is no such terminal, or not for you."),
        N_("The terminal's state does not allow this."),
        N_("The terminal is not in a state in which it takes this command."),
        N_("The terminal has this command already, or it is over; it cannot be cancelled."),
        N_("A wipe is waiting for this terminal. Cancel it first, or let it be carried out."),
        N_("There is no such enrolment token, or not for you."),
        N_("Who administers terminals or publishes apps never sees records."),
        N_("Who administers terminals or publishes apps never sees checks."),
        N_("Only an auditor may ask who looked somebody up."),
        N_("Locked after too many failed attempts. Ask a supervisor to release you."),
        N_(
            "This entry is written but not sealed yet. "
            "Ask for its proof again in a few seconds."
        ),
    }
)


def title(error: DomainError) -> str:
    """Return what was refused, in a sentence."""
    return _said(error.title)


def detail(error: DomainError) -> str:
    """Return what this refusal adds to its title, '' for nothing."""
    return "" if error.detail == error.title else _said(error.detail)


def _said(sentence: str) -> str:
    return str(gettext(sentence)) if sentence in _SAID else sentence
