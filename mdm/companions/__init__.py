"""Wearables and body cameras: they come in through a terminal and never outlive its posture.

`service.py` gives the terminal's own agent a code for one of them, and lists those that stand on a
terminal. That they stand and fall with it is the kernel's part: see `identity.tether`.
"""

from mdm.companions.service import Companion, Companions, Invitation, invite, listing, of

__all__ = ["Companion", "Companions", "Invitation", "invite", "listing", "of"]
