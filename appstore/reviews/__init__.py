"""Reviews of urgent releases: one approver let it out, another one looks at it within a day.

`opening.py` opens a review with the approval, `service.py` is what people do with it, `stopping.py`
what an objection and the clock do, and `standing.py` keeps what is stopped from going any further.
"""

from appstore.reviews.errors import ReleaseStopped, ReviewClosed, ReviewNotFound
from appstore.reviews.models import ReleaseReview

__all__ = ["ReleaseReview", "ReleaseStopped", "ReviewClosed", "ReviewNotFound"]
