"""How long entries are kept, and what keeps them longer.

The body of an entry leaves the database after its hot time, into an archive; the archive goes after
its cold time. Leaves, checkpoints and proofs of what is left stay for ever. `rules.py` says when,
`holds.py` what stays whatever its age, `retire.py` moves bodies out (`muster audit retire`, as a
database role of its own: the application's may not delete), `archive.py` is the file they go to.
"""

from muster.kernel.audit.retention import holds
from muster.kernel.audit.retention.models import LegalHold
from muster.kernel.audit.retention.rules import Retention

__all__ = ["LegalHold", "Retention", "holds"]
