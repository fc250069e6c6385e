"""Refusals about configuration."""

from muster.kernel.errors import Conflict, InvalidInput, NotFound


class ConfigurationNotFound(NotFound):
    code = "configuration_not_found"
    title = "There is no such configuration, or not for you."


class NotADraft(Conflict):
    code = "configuration_not_a_draft"
    title = "Only a draft can be changed or published. Make a new draft from this one."


class NotInForce(Conflict):
    code = "configuration_not_in_force"
    title = "Only the revision that is in force can be rolled back."


class Overtaken(Conflict):
    code = "configuration_overtaken"
    title = "Another revision came into force since this draft was written. Look again and save it."


class PublicationChanged(Conflict):
    code = "configuration_changed"
    title = "The draft is no longer what was asked for. Ask again."


class PublicationAsked(Conflict):
    code = "configuration_publication_waiting"
    title = "A second person has been asked to publish this already."


class ScopeInvalid(InvalidInput):
    code = "configuration_scope_invalid"
    title = (
        "Name the unit, group or terminal by its id, the class or role by its name; "
        "the organisation has neither."
    )


class DocumentInvalid(InvalidInput):
    code = "configuration_invalid"
    title = "The document has keys or values that a configuration cannot have."
