"""Refusals about listings."""

from muster.kernel.errors import Conflict, DomainError, NotFound


class ListingNotFound(NotFound):
    code = "listing_not_found"
    title = "The app has no listing in this language."


class NoteNotFound(NotFound):
    code = "release_note_not_found"
    title = "The release has no notes in this language."


class PictureNotFound(NotFound):
    code = "picture_not_found"
    title = "There is no such picture for you."


class PictureRefused(DomainError):
    code, status = "picture_refused", 422
    title = "This file is not a picture that can be taken."


class PicturesFull(Conflict):
    code = "listing_pictures_full"
    title = "A listing holds at most eight screenshots. Remove one first."
