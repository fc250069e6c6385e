"""Refusals of the Headwind gateway; agents see them in the words of `envelope.py`."""

from muster.kernel.errors import Conflict, DomainError, NotFound


class NumberUnknown(NotFound):
    code = "headwind_number_unknown"
    title = "No Headwind terminal of this number is expected or known here."


class NumberLive(Conflict):
    code = "headwind_number_live"
    title = (
        "A Headwind terminal of this number is in service. "
        "Your device admin must retire or wipe that one first."
    )


class OtherNumber(DomainError):
    code, status = "headwind_other_number", 403
    title = "This path belongs to a terminal of another number."


class PlainPathClosed(DomainError):
    code, status = "headwind_plain_path_closed", 403
    title = "The plain path is closed to this terminal: it lives on a path of its own."


class SignatureWrong(DomainError):
    code, status = "headwind_signature_wrong", 403
    title = "The request is not signed with the secret of this terminal's build of the agent."


class NothingToConfirm(NotFound):
    code = "headwind_nothing_to_confirm"
    title = "Nobody ordered this of the terminal, or the order is over. It must not carry it out."


class FileNotOffered(NotFound):
    code = "headwind_file_not_offered"
    title = "There is no such file for this terminal."


class FleetFile(DomainError):
    code, status = "headwind_fleet_file", 422
    title = "The list of the fleet cannot be taken as it is. Put the named lines right."
