"""The reference terminal: an HTTP client that imports nothing of ours but `muster.ondevice`.

The demo, the tests and load generators drive it, and app developers read it: whatever it does, an
agent or a field app can do the same way. Start with `terminal.Terminal`. `vault.py` is how a
terminal keeps things, `proofs.py` how it proves its key, `trust.py` whom it believes, `connection.py`
how it speaks; `replica.py` is what comes in, `outbox.py` what goes out. `agent.py` reports,
`orders.py` carries out commands, `inventory.py` and `logbook.py` are what the agent tells.
"""

from muster.handheld.companions import bring
from muster.handheld.connection import Connection, Offline, Refused
from muster.handheld.errors import TerminalError
from muster.handheld.outbox import Sent
from muster.handheld.terminal import Terminal
from muster.handheld.vault import Vault, VaultErased

__all__ = [
    "Connection",
    "Offline",
    "Refused",
    "Sent",
    "Terminal",
    "TerminalError",
    "Vault",
    "VaultErased",
    "bring",
]
