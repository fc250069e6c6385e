"""Refusals of the packages room."""

from muster.kernel.errors import DomainError, NotFound


class PackageUnknown(NotFound):
    code = "package_unknown"
    title = "There is no such package any more. Take the newest one from the list."


class RangeNotSatisfiable(DomainError):
    code, status = "range_not_satisfiable", 416
    title = "The range begins beyond the end of the package. Start again from byte 0."
