"""Background checks: one subject, one purpose, one case; the answer, and the record of who asked.

Start with `service.py` (the use cases), then `asking.py` (from questions to answers). Purposes
say what may be asked by whom for what. Rooms of this package may import it.
"""

from mobile_api.checks.asking import ask_all
from mobile_api.checks.models import CheckHit, CheckRequest, CheckSource, PurposeRow
from mobile_api.checks.purposes import Purpose, known_purposes
from mobile_api.checks.recall import recall
from mobile_api.checks.rows import Question

__all__ = [
    "CheckHit",
    "CheckRequest",
    "CheckSource",
    "Purpose",
    "PurposeRow",
    "Question",
    "ask_all",
    "known_purposes",
    "recall",
]
