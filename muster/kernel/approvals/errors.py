"""Refusals of the approvals room."""

from muster.kernel.errors import Conflict


class ApprovalClosed(Conflict):
    code = "approval_closed"
    title = "This request has been decided, cancelled or has expired. Ask again if it is needed."


class ApprovalTampered(Conflict):
    code = "approval_tampered"
    title = "This request is not what was asked for; it was not carried out."


class RequesterNotPermitted(Conflict):
    code = "requester_not_permitted"
    title = "The person who asked may no longer do this themselves; it was not carried out."
