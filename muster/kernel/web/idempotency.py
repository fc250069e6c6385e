"""A POST sent twice is done once: answers are kept for 72 hours by actor and key.

After draft-ietf-httpapi-idempotency-key-header-07. The answer is stored in the transaction that
did the work, encrypted, as one of the three copies of personal data the house allows itself.
"""

import hashlib
import json
from datetime import timedelta

from flask import Request, Response
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from muster.kernel.errors import Conflict, DomainError
from muster.kernel.guard import PostureNotCompliant, facts
from muster.kernel.identity.actor import Actor
from muster.kernel.uow import UnitOfWork
from muster.kernel.web.models import StoredAnswer

KEPT = timedelta(hours=72)
_HEADER = "Idempotency-Key"


class KeyRequired(DomainError):
    code, status = "idempotency_key_required", 400
    title = "Send an Idempotency-Key header, a new one for each act and the same for its retries."


class KeyReused(DomainError):
    code, status = "idempotency_key_reused", 422
    title = "This Idempotency-Key was used with another body. Make a new key for a new act."


class TwinInProgress(Conflict):
    code = "idempotency_in_progress"
    title = "The same request is being carried out at this moment. Send it again for its answer."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


def stored(uow: UnitOfWork, actor: Actor, request: Request) -> Response | None:
    """Return the kept answer to this very request, or None for the first time.

    Raises `KeyRequired` without a key, `KeyReused` when body, address or terminal is another one,
    and `PostureNotCompliant` when the terminal has fallen since: the policies are not asked again.
    """
    key = _key(request)
    row = uow.session.get(StoredAnswer, (_who(actor), key))
    if row is None:
        return None
    if row.fingerprint != _fingerprint(actor, request):
        raise KeyReused
    compliant, status, headers, body = json.loads(
        uow.kernel.keys.open("copies", row.sealed, _place(actor, key))
    )
    if compliant and not _compliant(uow, actor):
        raise PostureNotCompliant
    response = Response(body.encode(), status, headers)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def store(uow: UnitOfWork, actor: Actor, request: Request, response: Response) -> None:
    """Keep this answer with the commit; a concurrent twin loses on the primary key (409)."""
    key = _key(request)
    headers = [
        (name, value)
        for name, value in response.headers
        if name in ("Content-Type", "Location", "ETag")
    ]
    body = response.get_data(as_text=True)
    copy = json.dumps([_compliant(uow, actor), response.status_code, headers, body])
    row = StoredAnswer(
        actor_id=_who(actor),
        key=key,
        fingerprint=_fingerprint(actor, request),
        sealed=uow.kernel.keys.seal("copies", copy.encode(), _place(actor, key)),
        created_at=uow.now(),
    )

    def keep() -> None:
        uow.session.add(row)
        try:
            uow.session.flush()
        except IntegrityError as error:
            raise TwinInProgress from error

    uow.before_commit(keep)


def purge(uow: UnitOfWork) -> None:
    """Erase answers older than 72 hours."""
    uow.session.execute(delete(StoredAnswer).where(StoredAnswer.created_at < uow.now() - KEPT))


def _key(request: Request) -> str:
    key = request.headers.get(_HEADER, "").strip().strip('"')
    if not 8 <= len(key) <= 255 or not key.isprintable():
        raise KeyRequired
    return key


def _who(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id}"


def _place(actor: Actor, key: str) -> bytes:
    return f"{_who(actor)}\n{key}".encode()


def _compliant(uow: UnitOfWork, actor: Actor) -> bool:
    posture = facts.posture(actor, uow.kernel.settings, uow.now())
    return bool(posture["tier"] >= 2 and not posture["dead"])


def _fingerprint(actor: Actor, request: Request) -> str:
    terminal = actor.device.id if actor.device else ""
    digest = hashlib.sha256(f"{terminal}\n{request.method} {request.full_path}\n".encode())
    digest.update(request.get_data(cache=True))
    return digest.hexdigest()
