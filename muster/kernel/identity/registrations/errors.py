"""Refusals about registered clients."""

from muster.kernel.errors import Conflict, DomainError, NotFound


class ClientUnknown(NotFound):
    code = "client_unknown"
    title = "There is no such registered client."


class NothingRequested(Conflict):
    code = "nothing_requested"
    title = "Nobody has asked for these scopes. The publisher asks first."


class NotATrainingUnit(DomainError):
    code, status = "not_a_training_unit", 422
    title = "A sandbox belongs to a training unit; the installation says which units those are."
