"""Refusals about configuration."""

from muster.kernel.errors import Conflict, InvalidInput, NotFound


class ConfigurationNotFound(NotFound):
    code = "configuration_not_found"
    title = "There is no such configuration, or not for you."


class NotADraft(Conflict):
    code = "configuration_not_a_draft"
    title = "Only a draft can be changed or published. Make a new draft from this one."


class ScopeInvalid(InvalidInput):
    code = "configuration_scope_invalid"
    title = "Name the unit, group or terminal by its id; the organisation has none."
