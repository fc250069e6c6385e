"""Records that waited on a terminal: the outbox kind `submission` of offline sync."""

from dataclasses import replace
from typing import Any

from mobile_api.submissions.document import from_mapping
from mobile_api.submissions.pipeline import receive
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from offline_sync import OutboxItem


class SubmissionOutbox:
    """Takes what `POST /mobile/v1/submissions` takes, as the work of the officer who made it."""

    def receive(self, uow: UnitOfWork, author: Actor, item: OutboxItem) -> dict[str, Any]:
        """Record the item and return the same answer as the API, and `id` beside it."""
        document = from_mapping(dict(item.body))
        if document.device_time is None:
            document = replace(document, device_time=item.device_time)
        answer = receive(uow, author, document).answer
        return {"id": answer["record_id"], **answer}
