"""Refusals about assignments."""

from muster.kernel.errors import Conflict, InvalidInput, NotFound


class AssignmentNotFound(NotFound):
    code = "assignment_not_found"
    title = "There is no such assignment of this app."


class PinUnknown(InvalidInput):
    code = "assignment_pin_unknown"
    title = "No approved release of this app has this version code."


class DatesTurned(InvalidInput):
    code = "assignment_dates_turned"
    title = "An assignment must end after it starts."


class BlockedIsBare(InvalidInput):
    code = "assignment_blocked_is_bare"
    title = "A blocked app has no pinned version, no conditions and no deadline."


class TooManyAssignments(Conflict):
    code = "assignments_too_many"
    title = "This app has as many assignments as an app may have. Join some in a group."
