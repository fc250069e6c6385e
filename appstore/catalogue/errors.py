"""Refusals about apps."""

from muster.kernel.errors import NotFound


class AppNotFound(NotFound):
    code = "app_not_found"
    title = "There is no such app in the store."
