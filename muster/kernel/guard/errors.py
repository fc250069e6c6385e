"""Refusals by the guard: each names the rule that refused and what would lift it."""

from muster.kernel.errors import DomainError


class Denied(DomainError):
    code, status = "not_permitted", 403
    title = "No access policy permits this to you."


class PostureNotCompliant(Denied):
    code = "posture_not_compliant"
    title = "This terminal has not proved a compliant state."


class PostureStale(Denied):
    code = "posture_stale"
    title = "This terminal has not checked in lately and may only read."


class PurposeRequired(Denied):
    code = "purpose_required"
    title = "This needs a lawful purpose and a case or incident number."


class PurposeNotAllowed(Denied):
    code = "purpose_not_allowed"
    title = "This purpose does not cover what was asked."


class SecondPersonRequired(Denied):
    code = "second_person_required"
    title = "This needs a second person; nobody approves their own request."


class GuardError(Exception):
    """The access schema or its policies are wrong; the boot stops with this message."""
