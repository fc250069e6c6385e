"""Refusals about managed configurations."""

from muster.kernel.errors import Conflict, InvalidInput, NotFound


class AppConfigNotFound(NotFound):
    code = "managed_config_not_found"
    title = "This app has no values for that group."


class AppConfigUndeclared(Conflict):
    code = "managed_config_undeclared"
    title = "The newest approved release of this app does not declare that it can be configured."


class AppConfigInvalid(InvalidInput):
    code = "managed_config_invalid"
    title = "These values are not what the app declares that it can be told."
