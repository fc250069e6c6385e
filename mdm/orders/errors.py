"""Refusals about mass orders."""

from muster.kernel.errors import InvalidInput, NotFound


class OrderNotFound(NotFound):
    code = "order_not_found"
    title = "There is no such order, or not for you."


class NobodyToOrder(InvalidInput):
    code = "order_without_targets"
    title = "Nobody there would be ordered anything. Name terminals that are in service or lost."


class TooManyTargets(InvalidInput):
    code = "order_too_large"
    title = "This would order more terminals than one order may. Choose a smaller group or unit."
