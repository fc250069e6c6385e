"""Access reviews: every administrative grant is confirmed or withdrawn, or it lapses.

Start with `service.py`.
"""

from muster.kernel.identity.reviews import service
from muster.kernel.identity.reviews.models import AccessReview, AccessReviewItem

__all__ = ["AccessReview", "AccessReviewItem", "service"]
