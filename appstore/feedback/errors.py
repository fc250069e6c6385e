"""Refusals about feedback."""

from muster.kernel.errors import Conflict, NotFound


class FeedbackNotOffered(NotFound):
    code = "feedback_not_offered"
    title = "This terminal neither has such an app nor is offered it."


class FaultNotFound(NotFound):
    code = "fault_not_found"
    title = "There is no such report of a fault, or not for you."


class FaultState(Conflict):
    code = "fault_wrong_state"
    title = "This report is closed. Let the officer report the fault again if it came back."


class TooManyFaults(Conflict):
    code = "feedback_too_many_faults"
    title = "So many of your reports about this app are open that another one waits for answers."
