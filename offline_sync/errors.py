"""Refusals of offline sync."""

from muster.kernel.errors import Conflict, InvalidInput, Malformed, NotFound


class CollectionUnknown(NotFound):
    code = "sync_collection_unknown"
    title = "There is no such collection to synchronise."


class CheckpointInvalid(Malformed):
    code = "sync_checkpoint_invalid"
    title = "This checkpoint is not one this collection gave out. Send none to begin anew."


class ScopeInvalid(ValueError):
    """An owner named a scope that cannot be one: `kind:key`, no blanks, at most 200 characters."""


class ItemUnreadable(InvalidInput):
    code = "sync_item_unreadable"
    title = "This outbox item does not have the documented shape. Hand it in at the deposit door."


class ItemSignatureInvalid(InvalidInput):
    code = "sync_item_signature_invalid"
    title = "This item is not signed by the key of its session. Hand it in at the deposit door."


class ItemSessionUnknown(InvalidInput):
    code = "sync_item_session_unknown"
    title = (
        "The session this item names was never on this terminal. Hand it in at the deposit door."
    )


class ItemKindUnknown(InvalidInput):
    code = "sync_item_kind_unknown"
    title = (
        "Nobody here takes items of this kind. Update the app, or hand it in at the deposit door."
    )


class OpIdReused(Conflict):
    code = "sync_op_id_reused"
    title = "This op_id stands for another item of this terminal. Give each item an id of its own."


class CopyResolved(Conflict):
    code = "sync_copy_resolved"
    title = "This kept work has been dealt with; its content is erased."


class QuarantineClosed(Conflict):
    code = "sync_quarantine_closed"
    title = "This item has been released or has expired; its content is erased."


class TerminalRequired(Conflict):
    code = "sync_terminal_required"
    title = "This is done on a managed terminal, not with a credential alone. Sign in on one."
