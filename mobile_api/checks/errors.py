"""Refusals of checks."""

from muster.kernel.errors import InvalidInput, NotFound
from muster.kernel.guard import Denied


class CheckNotFound(NotFound):
    code = "check_not_found"
    title = "There is no such check, or not for you."


class SubjectUnreadable(InvalidInput):
    code = "check_subject_unreadable"
    title = "This cannot be looked up: type the identifier again."


class CaseRefInvalid(Denied):
    code = "case_ref_invalid"
    title = "The case or incident number does not have the form of one."


class ReasonRequired(Denied):
    code = "reason_required"
    title = "This purpose asks for a reason in words, at least ten characters."
