"""What the terminal itself refuses, in a sentence for whoever holds it."""

from collections.abc import Sequence
from dataclasses import dataclass


class TerminalError(Exception):
    """Something cannot be done on this terminal now; the message says what to do."""


class NotEnrolled(TerminalError):
    """The terminal has not come in yet."""

    def __init__(self) -> None:
        super().__init__("This terminal is not enrolled. Scan an enrolment code first.")


class NotSignedIn(TerminalError):
    """Nobody is signed in."""

    def __init__(self) -> None:
        super().__init__("Nobody is signed in on this terminal. Sign in with number and PIN.")


class LeaseEnded(TerminalError):
    """What is kept offline may not be read any more; unsent work is untouched."""

    def __init__(self) -> None:
        super().__init__(
            "What is kept here may no longer be read offline. Connect and pull again; "
            "unsent work is safe."
        )


class NotHeld(TerminalError):
    """A document or package that this officer does not hold offline."""


class FileDamaged(TerminalError):
    """A file that arrived is not the one that was signed."""


class AppRefused(TerminalError):
    """An app is not installed; `reason` says for programs why."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        super().__init__(detail)


@dataclass(frozen=True)
class AnswerFault:
    """One answer that a form does not take: the field's path and what to do."""

    path: str
    detail: str


class AnswersRefused(TerminalError):
    """A form is not filled in as it asks; `faults` lists every place."""

    def __init__(self, faults: Sequence[AnswerFault]) -> None:
        self.faults = tuple(faults)
        told = "; ".join(f"{fault.path}: {fault.detail}" for fault in faults)
        super().__init__(f"The form is not complete. {told}")
