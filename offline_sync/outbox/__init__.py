"""The outbox: finished work of officers, append-only, recorded once under its author's name.

`item.py` checks who signed what, `service.py` hands it to the owner of its kind.
"""

from offline_sync.outbox.models import PushReceipt
from offline_sync.outbox.service import HandedIn, forget_answers, hand_in, take_in

__all__ = ["HandedIn", "PushReceipt", "forget_answers", "hand_in", "take_in"]
