"""The weekly review: a random share of officers' look-ups, all break-glass, every burst of refusals.

`draw.py` puts items into the queue, `sampling.py` and `chain.py` decide which and for whom,
`service.py` is the reviewer's desk. Only officers' queries are looked at, never whom they concern;
reviewers stand in the log like everybody else.
"""

from muster.kernel.audit.review import service
from muster.kernel.audit.review.models import ReviewItem

__all__ = ["ReviewItem", "service"]
