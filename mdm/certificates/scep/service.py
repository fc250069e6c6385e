"""One SCEP operation: read, verify, decide, issue; whatever is wrong gets the RFC's own answer."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from mdm.certificates import authority, challenges
from mdm.certificates.errors import RequestRefused, UnprovedRequest
from mdm.certificates.issuing import Issued, issue
from mdm.certificates.models import ScepChallenge
from mdm.certificates.presented import verify_presented
from mdm.certificates.scep import cms, message
from mdm.certificates.scep.cms import Recipient
from mdm.certificates.scep.message import Asked, FailInfo, MessageType, ScepFailure
from mdm.certificates.signing_request import SigningRequest, read_der
from mdm.devices import fleet
from mdm.devices.fleet import Terminal
from muster.kernel import guard
from muster.kernel.audit import Entry
from muster.kernel.errors import DomainError, Malformed
from muster.kernel.guard import Denied
from muster.kernel.identity import Actor
from muster.kernel.limits import TooManyRequests
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

LARGEST: Final = 64 * 1024
CAPABILITIES: Final = ("AES", "POSTPKIOperation", "Renewal", "SCEPStandard", "SHA-256", "SHA-512")
_CLOCKS: Final = timedelta(hours=24)  # how far a terminal's clock may be off
_ENROL: Final = "mdm.certificate.enrol"


def capabilities() -> str:
    """Return the answer to GetCACaps (RFC 8894 §3.5.2)."""
    return "\n".join(CAPABILITIES) + "\n"


def certificates(kernel: "Kernel") -> bytes:
    """Return the answer to GetCACert: RA, issuing CA and those above it, as certs-only CMS."""
    with kernel.reads() as uow:
        row = authority.current(uow)
        assert row.ra_certificate is not None
        ra = x509.load_der_x509_certificate(row.ra_certificate)
        every = [ra, authority.certificate(row), *authority.parents(row)]
    return pkcs7.serialize_certificates(every, Encoding.DER)


def operate(uow: UnitOfWork, actor: Actor, data: bytes) -> bytes:
    """Answer one pkiMessage with a CertRep.

    Raises `Malformed` for what has no transaction to answer to, `TooManyRequests`, and
    `AuthorityMissing`.
    """
    uow.kernel.limits.hit("mdm.scep", actor.origin.address, limit=30, per_seconds=60)
    try:
        asked = message.read(data)
    except (cms.CmsError, cms.WeakAlgorithm) as error:
        raise Malformed(f"This is no SCEP message: {error}.") from error
    recipients = _recipients(uow.kernel)
    try:
        issued = _granted(uow, actor, asked, recipients)
    except (ScepFailure, DomainError) as error:
        if isinstance(error, TooManyRequests):
            raise
        failed = _as_failure(error)
        if not isinstance(error, Denied):
            _record(uow, actor, asked, failed)
        return message.failure(asked, recipients[0], failed)
    return message.success(asked, recipients[0], issued.certificate)


def _recipients(kernel: "Kernel") -> list[Recipient]:
    """Return every live registration authority, the issuing CA's own first."""
    with kernel.reads() as uow:
        authority.current(uow)
        opened = [authority.registrar(kernel, row) for row in authority.live(uow)]
    return [Recipient(each.certificate, each.key) for each in opened]


def _granted(
    uow: UnitOfWork, actor: Actor, asked: Asked, recipients: Sequence[Recipient]
) -> Issued:
    legacy = uow.kernel.settings.scep_legacy
    request, weak = _opened(uow, asked, recipients, legacy=legacy)
    if asked.kind == MessageType.PKCS_REQ:
        terminal, spent = _by_challenge(uow, asked, request)
    elif asked.kind == MessageType.RENEWAL_REQ:
        terminal, spent = _by_certificate(uow, asked), None
    else:
        raise ScepFailure(FailInfo.BAD_REQUEST, "Only PKCSReq and RenewalReq are answered.")
    decision = guard.require(uow, actor, _ENROL, terminal.target(actor))
    if spent is not None and not challenges.spend(uow, spent):
        raise _bad_challenge()
    issued = issue(uow, terminal.principal, request, "scep")
    decision.note(certificate=str(issued.row.id), message=asked.kind, legacy=weak)
    return issued


def _opened(
    uow: UnitOfWork, asked: Asked, recipients: Sequence[Recipient], *, legacy: bool
) -> tuple[SigningRequest, bool]:
    """Prove the signature first: only then is anything opened."""
    if asked.signed.weak and not legacy:
        raise ScepFailure(FailInfo.BAD_ALG, "Sign with SHA-256.")
    if not asked.signed.verify():
        raise ScepFailure(FailInfo.BAD_MESSAGE_CHECK, "The signature does not fit the message.")
    moment = asked.signing_time
    if moment is not None and abs(uow.now() - moment) > _CLOCKS:
        raise ScepFailure(FailInfo.BAD_TIME, "The clock of the terminal is a day or more off.")
    try:
        content, weak = cms.open_envelope(asked.signed.content, recipients, legacy=legacy)
        return read_der(content), weak or asked.signed.weak
    except cms.WeakAlgorithm as error:
        raise ScepFailure(FailInfo.BAD_ALG, "Encrypt with AES-128-CBC or better.") from error
    except cms.NotForUs as error:
        why = "The envelope is not for a certificate that GetCACert gives."
        raise ScepFailure(FailInfo.BAD_CERT_ID, why) from error
    except (cms.CannotOpen, UnprovedRequest) as error:  # told alike: no oracle for CBC's padding
        why = "The envelope does not open, or holds no request that proves its key."
        raise ScepFailure(FailInfo.BAD_MESSAGE_CHECK, why) from error


def _by_challenge(
    uow: UnitOfWork, asked: Asked, request: SigningRequest
) -> tuple[Terminal, ScepChallenge]:
    """Find the terminal that the challenge was made for; the request's subject says nothing."""
    if asked.signed.certificate.public_key() != request.key:
        raise ScepFailure(FailInfo.BAD_REQUEST, "Sign the message with the key to be certified.")
    row = challenges.find(uow, request.challenge)
    if row is None or row.used_at is not None or row.expires_at <= uow.now():
        raise _bad_challenge()
    terminal = fleet.find(uow, row.device_id, lock=True)
    if row.device_epoch != terminal.principal.epoch:
        raise _bad_challenge()
    return terminal, row


def _by_certificate(uow: UnitOfWork, asked: Asked) -> Terminal:
    """Find the terminal whose certificate, which still holds, signed the renewal."""
    der = asked.signed.certificate.public_bytes(Encoding.DER)
    try:
        device_id = verify_presented(uow.kernel, der, uow.now())
    except DomainError as error:
        raise ScepFailure(FailInfo.BAD_CERT_ID, error.title) from error
    uow.kernel.limits.hit("mdm.certificate", str(device_id), limit=10, per_seconds=86_400)
    return fleet.find(uow, device_id, lock=True)


def _bad_challenge() -> ScepFailure:
    """Wrong, used, expired and missing are told alike."""
    return ScepFailure(FailInfo.BAD_REQUEST, "The challenge is not good. Ask for a new one.")


def _as_failure(error: Exception) -> ScepFailure:
    if isinstance(error, ScepFailure):
        return error
    if isinstance(error, RequestRefused):
        return ScepFailure(FailInfo.BAD_REQUEST, error.detail)
    title = error.title if isinstance(error, DomainError) else "Refused."
    return ScepFailure(FailInfo.BAD_REQUEST, title)


def _record(uow: UnitOfWork, actor: Actor, asked: Asked, failed: ScepFailure) -> None:
    """Put a refusal on the log; the transaction's text is a stranger's, so its hash stands for it."""
    transaction = hashlib.sha256(asked.transaction.encode()).hexdigest()[:32]
    uow.record(
        Entry(
            action=_ENROL,
            outcome="denied",
            actor_kind="nobody",
            zone=actor.origin.zone,
            source=actor.origin.address,
            request_id=actor.origin.request_id,
            resource_type="Device",
            policies=(f"scep.{failed.info.name.lower()}",),
            reason=failed.text,
            result={"transaction": transaction, "message": asked.kind, "fail_info": failed.info},
            at=uow.now(),
        )
    )
