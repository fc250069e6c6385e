"""Refusals of the packages room."""

from muster.kernel.errors import NotFound


class PackageUnknown(NotFound):
    code = "package_unknown"
    title = "There is no such package any more. Take the newest one from the list."
