"""Refusals about compliance rules."""

from muster.kernel.errors import InvalidInput, NotFound


class RuleNotFound(NotFound):
    code = "compliance_rule_not_found"
    title = "There is no such compliance rule."


class RuleValue(InvalidInput):
    code = "compliance_rule_value"
    title = "The value must be of the kind that the rule compares with."
