"""The audit log: append-only, sealed into a signed Merkle tree, searchable by keyed hashes.

Start at `entry.Entry` (one line) and `log.AuditLog` (written with the unit of work's commit). The
worker calls `seal` every second. `prove` and `verify_proof` show one entry to a court; `verify`
walks a whole log, `Live` or `Exported`. `search` reads lists, timelines and who looked somebody up.
Anything above the kernel may import this; it imports
neither the unit of work nor the kernel, which are built on it.
"""

from muster.kernel.audit import search
from muster.kernel.audit.entry import Entry, Outcome
from muster.kernel.audit.errors import (
    EntryTooLarge,
    ExportUnreadable,
    LogDamaged,
    NoteInvalid,
    NotSealed,
)
from muster.kernel.audit.exported import Exported, export
from muster.kernel.audit.live import Live
from muster.kernel.audit.log import AuditLog
from muster.kernel.audit.notes import Checkpoint, VerifierKey
from muster.kernel.audit.proofs import (
    Proof,
    latest_note,
    prove,
    prove_consistency,
    verify_proof,
)
from muster.kernel.audit.sealer import seal
from muster.kernel.audit.search import Page, Recorded
from muster.kernel.audit.standing import Standing, standing
from muster.kernel.audit.verification import Finding, Verdict, verify

__all__ = [
    "AuditLog",
    "Checkpoint",
    "Entry",
    "EntryTooLarge",
    "ExportUnreadable",
    "Exported",
    "Finding",
    "Live",
    "LogDamaged",
    "NotSealed",
    "NoteInvalid",
    "Outcome",
    "Page",
    "Proof",
    "Recorded",
    "Standing",
    "Verdict",
    "VerifierKey",
    "export",
    "latest_note",
    "prove",
    "prove_consistency",
    "seal",
    "search",
    "standing",
    "verify",
    "verify_proof",
]
