"""Refusals about stock-takes."""

from muster.kernel.errors import Conflict, NotFound


class StockTakeNotFound(NotFound):
    code = "stock_take_not_found"
    title = "There is no such stock-take, or not for you."


class StockTakeClosed(Conflict):
    code = "stock_take_closed"
    title = "This stock-take is closed; its result stays as it is. Begin a new one."


class StockTakeStillOpen(Conflict):
    code = "stock_take_open"
    title = "This stock-take is still open. Close it first: only then is it known what is missing."


class StockTakeTooLarge(Conflict):
    code = "stock_take_too_large"
    title = "This unit has too much equipment for one stock-take. Count the units below it."


class StockLineNotMissing(Conflict):
    code = "stock_line_not_missing"
    title = "This piece of equipment is not missing in this stock-take."
