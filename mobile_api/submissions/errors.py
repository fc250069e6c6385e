"""Refusals of submissions."""

from muster.kernel.errors import Conflict, InvalidInput, Malformed, NotFound


class SubmissionMalformed(Malformed):
    code = "submission_malformed"
    title = "The body cannot be read as JSON or XML."


class SubmissionInvalid(InvalidInput):
    code = "submission_invalid"
    title = "The record does not fit its form: see what each pointer says."


class FormVersionUnknown(InvalidInput):
    code = "form_version_unknown"
    title = "No form of this id and version was ever published here."


class SubmissionDiffers(Conflict):
    code = "submission_differs"
    title = "This instance is recorded with other content. Give a new record an id of its own."


class SubmissionOfAnother(Conflict):
    code = "submission_of_another"
    title = "This instance is recorded under another officer."


class SubmissionEditUnsupported(InvalidInput):
    code = "submission_edit_unsupported"
    title = "Edits of a recorded submission are not taken here; send a new record."


class RecordNotFound(NotFound):
    code = "record_not_found"
    title = "There is no such record, or not for you."
