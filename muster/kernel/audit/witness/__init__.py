"""External witnesses: who keeps checkpoints where nobody of this server can reach them.

Two halves that share only the wire and `cosignature.py`. The witness is a process of its own, run
by somebody else: `ledger.py` (what it remembers) and `serving.py` (C2SP tlog-witness over HTTP);
it opens no database. The server's half is `push.py`, run by the worker, which sends each new
checkpoint and keeps the answers.
"""

from muster.kernel.audit.witness.standing import Seen, seen

__all__ = ["Seen", "seen"]
