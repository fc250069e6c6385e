"""Sends each new checkpoint to every witness, keeps what they answer, and says when one refuses.

No transaction is open while a witness is asked. A witness that is away is asked again at the next
turn, from the size it last cosigned; one that knows a larger log or another root has seen a log
that ours does not extend: somebody cut ours short or forked it.
"""

import base64
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import httpx
from sqlalchemy import insert, select

from muster.kernel import notices
from muster.kernel.audit import notes, proofs
from muster.kernel.audit.models import COSIGNATURES
from muster.kernel.audit.witness.cosignature import Cosignature, WitnessKey
from muster.kernel.audit.witness.models import Witness

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

PUSH: Final = "audit.witness.push"
EVERY: Final = timedelta(seconds=10)
AWAY: Final = timedelta(minutes=10)  # how long a witness may be silent before people are told
TOLD: Final = ("auditor", "security_admin")
_PATIENCE: Final = 5.0
_LONGEST: Final = 300

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What became of asking one witness."""

    state: str  # ok|unreachable|refused
    detail: str = ""
    size: int = 0
    cosignature: Cosignature | None = None


def push(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Ask every witness of the settings to cosign the latest checkpoint."""
    settings = kernel.settings
    for url, text in zip(settings.witness_urls, settings.witness_keys, strict=True):
        _push_to(kernel, url, WitnessKey.parse(text))


def _push_to(kernel: "Kernel", url: str, key: WitnessKey) -> None:
    with kernel.reads() as uow:
        note = proofs.latest_note(uow)
        known = uow.session.get(Witness, key.name)
        size = known.size if known else 0
        settled = known is not None and known.state == "ok" and _holds(uow, key, note)
    if note is None or settled:
        return
    answer = _asked(kernel, url, key, size)
    with kernel.writes() as uow:
        _keep(uow, url, key, answer)


def _holds(uow: "UnitOfWork", key: WitnessKey, note: str | None) -> bool:
    """Say whether we hold this witness's cosignature of exactly this checkpoint."""
    if note is None:
        return False
    checkpoint = notes.parse(note)
    line = uow.session.scalar(
        select(COSIGNATURES.c.line).where(
            COSIGNATURES.c.size == checkpoint.size, COSIGNATURES.c.witness == key.name
        )
    )
    return line is not None and key.find(line, checkpoint) is not None


def _asked(kernel: "Kernel", url: str, key: WitnessKey, size: int) -> Answer:
    """Ask; once more, if the witness stands elsewhere than we thought."""
    try:
        with httpx.Client(timeout=_PATIENCE, follow_redirects=False, trust_env=False) as client:
            for _ in range(2):
                checkpoint, body = _request(kernel, size)
                if size > checkpoint.size:
                    return Answer("refused", f"it knows {size} entries, we {checkpoint.size}")
                told = client.post(f"{url.rstrip('/')}/add-checkpoint", content=body)
                stands = _stands_at(told)
                if stands is None or stands == size:
                    break
                size = stands
    except httpx.HTTPError as error:
        return Answer("unreachable", f"{type(error).__name__}: {error}"[:_LONGEST])
    return _judged(told, key, checkpoint)


def _request(kernel: "Kernel", old: int) -> tuple[notes.Checkpoint, bytes]:
    with kernel.reads() as uow:
        note = proofs.latest_note(uow) or ""
        checkpoint = notes.parse(note)
        proof: list[bytes] = []
        if 0 < old < checkpoint.size:
            proof, note = proofs.prove_consistency(uow, old)
            checkpoint = notes.parse(note)
    lines = "".join(f"{base64.b64encode(hash_).decode()}\n" for hash_ in proof)
    return checkpoint, f"old {old}\n{lines}\n{note}".encode()


def _stands_at(told: httpx.Response) -> int | None:
    kind = told.headers.get("Content-Type", "")
    text = told.text.strip()
    sized = told.status_code == 409 and kind.startswith("text/x.tlog.size")
    return int(text) if sized and text.isascii() and text.isdigit() and len(text) < 20 else None


def _judged(told: httpx.Response, key: WitnessKey, checkpoint: notes.Checkpoint) -> Answer:
    if told.status_code >= 500:
        return Answer("unreachable", f"it answered {told.status_code}")
    if told.status_code != 200:
        said = told.text.strip().partition("\n")[0]
        return Answer("refused", f"{told.status_code}: {said}"[:_LONGEST])
    found = key.find(told.text, checkpoint)
    if found is None:
        return Answer("refused", "its answer carries no cosignature of the key we were given")
    return Answer("ok", size=checkpoint.size, cosignature=found)


def _keep(uow: "UnitOfWork", url: str, key: WitnessKey, answer: Answer) -> None:
    row = uow.session.get(Witness, key.name, with_for_update=True)
    if row is None:
        row = Witness(name=key.name, url=url, state="", since=uow.now(), size=0)
        uow.session.add(row)
    if row.state != answer.state:
        row.state, row.since = answer.state, uow.now()
    row.url, row.detail = url, answer.detail
    if answer.cosignature is not None:
        row.size, row.signed_at = answer.size, answer.cosignature.at
        _store(uow, key.name, answer.size, answer.cosignature)
    elif answer.state == "refused":
        log.error("the witness %s refused the log: %s", key.name, answer.detail)
        _tell(uow, "audit.witness_refused", row)
    elif _silent_since(row) < uow.now() - AWAY:
        _tell(uow, "audit.witness_away", row)


def _silent_since(row: Witness) -> datetime:
    return row.since if row.signed_at is None else max(row.since, row.signed_at)


def _store(uow: "UnitOfWork", name: str, size: int, cosignature: Cosignature) -> None:
    kept = select(COSIGNATURES.c.size).where(
        COSIGNATURES.c.size == size, COSIGNATURES.c.witness == name
    )
    if uow.session.scalar(kept) is None:
        row = {"size": size, "witness": name, "line": cosignature.line}
        uow.session.execute(insert(COSIGNATURES), row | {"signed_at": cosignature.at})


def _tell(uow: "UnitOfWork", kind: str, row: Witness) -> None:
    for role in TOLD:
        notices.send(
            uow,
            kind,
            role=role,
            subject_key=row.name,
            params={"witness": row.name, "detail": row.detail, "size": row.size},
            link="/console/audit",
        )
