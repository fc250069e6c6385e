"""Refusals of the access policies' room."""

from collections.abc import Sequence

from muster.kernel.errors import Conflict, DomainError, Fault, InvalidInput, NotFound
from muster.kernel.policies.composed import Located


class PolicySetNotFound(NotFound):
    code = "access_policy_set_not_found"
    title = "There is no such set of access policies."


class PolicySetInvalid(InvalidInput):
    """`flaws` lists every place that is wrong: section, line, column, reason and rule."""

    code = "access_policy_set_invalid"
    title = "These access policies do not hold together. The set in force stays."

    @classmethod
    def of(cls, flaws: Sequence[Located]) -> "PolicySetInvalid":
        """Return the refusal with a fault for each flaw."""
        return cls(
            str(flaws[0]) if len(flaws) == 1 else None,
            errors=[Fault(flaw.pointer, str(flaw)) for flaw in flaws],
            flaws=[flaw.as_dict() for flaw in flaws],
        )


class NotADraftSet(Conflict):
    code = "access_policy_set_fixed"
    title = "This set was published or given up and stays as it is. Make a new draft from it."


class PublicationWaiting(Conflict):
    code = "access_policy_set_waiting"
    title = "A second person is asked to publish this set. Withdraw that request to change it."


class PolicySetChanged(Conflict):
    code = "access_policy_set_changed"
    title = "This set is not the one that was asked for; it was not published."


class WouldLockOut(DomainError):
    code, status = "access_policy_set_locks_out", 409
    title = "Under this set fewer than two people could publish the next one. It is not published."
