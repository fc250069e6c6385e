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


class ScopeMissing(Denied):
    code = "scope_missing"
    title = "This app has not been granted what it tried to do."


class StepUpRequired(Denied):
    code, status = "step_up_required", 401
    title = "This is grave enough to ask who you are once more. Sign in again, then repeat it."


class SecretChangeRequired(Denied):
    code = "secret_change_required"
    title = "Your PIN or password was set by somebody else. Choose one of your own first."


class GuardError(Exception):
    """The access schema or its policies are wrong; the boot stops with this message."""
