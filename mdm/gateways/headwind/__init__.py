"""The open Headwind Android agent's door, `/hmdm` and `/hmdm-<secret>`: its protocol, exactly.

An unmodified agent enrols on the plain path with a one-time token, is moved to a path of its own
whose last part is its secret, and lives there. Start with `door.py` (who may call), then
`serverconfig.py` (what it is to be), `orders.py` (commands), `reporting.py` (what it says).
`signatures.py`, `envelope.py`, `translate.py` and `evidence.py` are the pure parts.
"""

from mdm.gateways.headwind.standing import Standing, sight

__all__ = ["Standing", "sight"]
