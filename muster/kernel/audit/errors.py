"""What can go wrong with the log, each with what to do about it."""

from muster.kernel.errors import Conflict, DomainError, InvalidInput


class EntryTooLarge(DomainError):
    code, status = "audit_entry_too_large", 413
    title = (
        "This act cannot be recorded in one audit entry of 65 535 bytes: do it in smaller parts."
    )


class NotSealed(Conflict):
    code = "audit_not_sealed"
    title = "This entry is written but not sealed yet. Ask for its proof again in a few seconds."


class ExportUnreadable(InvalidInput):
    code = "audit_export_unreadable"
    title = "This is not an export of the audit log."


class NoteInvalid(InvalidInput):
    code = "audit_note_invalid"
    title = "This is not a checkpoint note, or a key that is not trusted signed it."


class LogDamaged(DomainError):
    code, status = "audit_log_damaged", 500
    title = "The stored hash tree of the audit log has holes. Verify the log now."


class LogTooLong(Conflict):
    code = "audit_log_too_long"
    title = "The log is too long to be verified while you wait. Run: muster audit verify"


class LogUnsound(DomainError):
    code, status = "audit_log_unsound", 500
    title = "The audit log is not what was signed. Find out why before anything else is done to it."
