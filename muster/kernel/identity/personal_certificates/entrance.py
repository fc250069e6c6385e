"""Signing in with a personal certificate: judged anew each time, then let in like everybody."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography import x509

from muster.kernel.identity import attempts, clients, sign_in
from muster.kernel.identity.actor import Origin
from muster.kernel.identity.attempts import Attempt, Door
from muster.kernel.identity.models import Officer, Session
from muster.kernel.identity.personal_certificates import chain, revocation, trust
from muster.kernel.identity.personal_certificates.bindings import officer_of
from muster.kernel.identity.personal_certificates.errors import (
    CertificateMissing,
    CertificateRefused,
)
from muster.kernel.identity.personal_certificates.mapping import Rule
from muster.kernel.identity.ports import hand_over
from muster.kernel.identity.proof import Proof
from muster.kernel.identity.token_pair import TokenPair
from muster.ondevice.jwk import thumbprint

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel


@dataclass(frozen=True)
class Holder:
    """Whose certificate was shown, for the page that asks whether to go on."""

    officer: Officer
    issuer: str
    not_after: datetime
    proof: Proof


def holder(kernel: "Kernel", origin: Origin) -> Holder:
    """Judge the certificate of this connection, for a page that asks whether to go on.

    A refusal is recorded. Raises `CertificateMissing`, `CertificateRefused`.
    """
    nobody = Attempt("console", clients.CONSOLE, origin, (), None, None)
    return _recorded(kernel, nobody)


def _recorded(kernel: "Kernel", nobody: Attempt) -> Holder:
    if not nobody.origin.certificate:
        raise CertificateMissing
    try:
        return _judged(kernel, nobody.origin.certificate)
    except CertificateRefused as refused:
        attempts.refuse(kernel, nobody, refused, reason=refused.reason)


def _judged(kernel: "Kernel", der: bytes) -> Holder:
    settings, now = kernel.settings, kernel.clock()
    certificate = chain.parse(der)
    with kernel.reads() as uow:
        authorities, lists = trust.held(uow)
        path = chain.path(certificate, authorities, now)
        revocation.stand(path, lists, now, demanded=settings.certificate_crl == "required")
        officer = officer_of(uow, certificate, Rule(settings.certificate_number))
    return Holder(
        officer,
        certificate.issuer.rfc4514_string(),
        certificate.not_valid_after_utc,
        _proof(certificate, settings.certificate_hardware_policy),
    )


def attempt_for(
    kernel: "Kernel", door: Door, client: str, origin: Origin, jkt: str | None = None
) -> tuple[Attempt, Proof]:
    """Begin an attempt to sign in with the certificate of this connection.

    A refusal is recorded. Raises what `holder` and `attempts.begin_for` raise.
    """
    who = _recorded(kernel, Attempt(door, client, origin, (), None, None))
    attempt = attempts.begin_for(kernel, door, who.officer.id, client, origin, jkt)
    return attempt, who.proof


def sign_in_to_console(kernel: "Kernel", origin: Origin) -> tuple[str, Session]:
    """Open a console session; return its secret (shown once) and its row."""
    attempt, proof = attempt_for(kernel, "console", clients.CONSOLE, origin)
    return sign_in.admit_to_console(kernel, attempt, proof)


def sign_in_for_app(kernel: "Kernel", handle: str, origin: Origin) -> str:
    """End the sign-in of an app's authorization request; return the address to send the browser to."""
    for_app = hand_over(kernel)
    app = for_app.pending(kernel, handle)
    attempt, proof = attempt_for(kernel, "terminal", app.client, origin, app.jkt)
    return for_app.complete(kernel, handle, attempt, proof)


def sign_in_on_terminal(
    kernel: "Kernel", proof_jwk: dict[str, Any], client_name: str, origin: Origin
) -> TokenPair:
    """Open a session on the terminal that made the DPoP proof, for whoever the certificate names."""
    jkt = thumbprint(proof_jwk)
    attempt, proof = attempt_for(kernel, "terminal", client_name, origin, jkt)
    return sign_in.admit_on_terminal(kernel, attempt, jkt, proof)


def _proof(certificate: x509.Certificate, hardware_policy: str) -> Proof:
    """Where the CA marks cards by a certificate policy, a key without the mark is in software."""
    if hardware_policy and hardware_policy not in _policies(certificate):
        return Proof(("swk",), aal=2)
    return Proof(("sc", "hwk"), aal=3)


def _policies(certificate: x509.Certificate) -> set[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return set()
    return {policy.policy_identifier.dotted_string for policy in found}
