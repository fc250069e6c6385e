"""Records from the field: collect = record = check = feedback, in one commit.

Start with `pipeline.py`; `document.py` and `odk_xml.py` decode what was sent, `answers.py` holds it
against the form. Every way in (our API, offline outbox, OpenRosa) ends in `receive`.
"""

from mobile_api.submissions.document import SubmittedDocument, from_json, from_mapping
from mobile_api.submissions.models import Submission, SubmissionCheck, SubmissionVersion
from mobile_api.submissions.odk_xml import from_xml
from mobile_api.submissions.outbox import SubmissionOutbox
from mobile_api.submissions.pipeline import Received, receive

__all__ = [
    "Received",
    "Submission",
    "SubmissionCheck",
    "SubmissionOutbox",
    "SubmissionVersion",
    "SubmittedDocument",
    "from_json",
    "from_mapping",
    "from_xml",
    "receive",
]
