"""Evidence: the files a record names, expected until they arrive and then never replaced.

Start with `slots.py`; `upload.py` is the target of resumable uploads. The room knows instances,
not records: `submissions` stands on it. Rooms of this package may import it.
"""

from mobile_api.evidence.errors import AttachmentDiffers, AttachmentNotNamed, AttachmentPending
from mobile_api.evidence.models import AttachmentSlot, HeldEvidence, QuarantinedEvidence
from mobile_api.evidence.slots import Expected, Owner, content_of, expect, slots_of
from mobile_api.evidence.upload import TARGET, TARGET_NAME

__all__ = [
    "TARGET",
    "TARGET_NAME",
    "AttachmentDiffers",
    "AttachmentNotNamed",
    "AttachmentPending",
    "AttachmentSlot",
    "Expected",
    "HeldEvidence",
    "Owner",
    "QuarantinedEvidence",
    "content_of",
    "expect",
    "slots_of",
]
