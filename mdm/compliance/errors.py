"""Refusals about compliance rules."""

from muster.kernel.errors import Conflict, InvalidInput, NotFound


class RuleNotFound(NotFound):
    code = "compliance_rule_not_found"
    title = "There is no such compliance rule."


class RuleValue(InvalidInput):
    code = "compliance_rule_value"
    title = "The value must be of the kind that the rule compares with."


class RuleTaken(Conflict):
    code = "compliance_rule_taken"
    title = "There is a rule of this name. Change that one, or choose another name."


class NoSims(Conflict):
    code = "no_sims_reported"
    title = "The terminal has not reported which SIMs are in it. Let its agent check in first."
