"""Refusals of the forms room."""

from muster.kernel.errors import Conflict, InvalidInput, NotFound


class FormUnreadable(InvalidInput):
    code = "form_unreadable"
    title = "This is no XLSForm workbook that can be published."


class FormUnsupported(InvalidInput):
    code = "form_unsupported"
    title = "This form uses something that is not taken here."


class FormVersionExists(Conflict):
    code = "form_version_exists"
    title = "This version was published with other content. Raise `version` in the settings sheet."


class FormNotFound(NotFound):
    code = "form_not_found"
    title = "There is no such form or version, or not for you."
