"""Refusals of the addresses room."""

from muster.kernel.errors import DomainError, NotFound


class AddressBookMissing(NotFound):
    code = "address_book_missing"
    title = "No address library has been built yet. Ask a data steward to import one."


class AddressUnknown(NotFound):
    code = "address_unknown"
    title = "The address library has no address of this code."


class AddressBookDamaged(DomainError):
    code, status = "address_book_damaged", 500
    title = "The address library cannot be read. Ask a data steward to import it again."
