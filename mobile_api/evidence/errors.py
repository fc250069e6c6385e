"""Refusals of evidence."""

from muster.kernel.errors import Conflict, InvalidInput, NotFound


class AttachmentUnnamed(InvalidInput):
    code = "attachment_unnamed"
    title = "Say in Upload-Metadata which record and file this is: instance_id and name."


class AttachmentNotNamed(InvalidInput):
    code = "attachment_not_named"
    title = "The record names no file of this name."


class AttachmentDiffers(Conflict):
    code = "attachment_differs"
    title = "The record names another file under this name. What is stored is never replaced."


class AttachmentPending(NotFound):
    code = "attachment_pending"
    title = "This file has not arrived yet."


class AttachmentUnknown(NotFound):
    code = "attachment_unknown"
    title = "The record has no file of this name."
