"""Refusals of the identity room."""

from typing import Self, TypedDict
from uuid import UUID

from muster.kernel.errors import Conflict, DomainError


class KnownActor(TypedDict):
    """Who a refused caller is, by the names of the audit entry's fields."""

    actor_kind: str
    actor_id: UUID
    actor_label: str
    sworn: bool
    unit_id: UUID
    device_id: UUID | None
    session_id: UUID | None
    client: str


class GateRefusal(DomainError):
    """A refusal of somebody the gate row recognised; `actor` goes into the audit log with it."""

    actor: KnownActor | None = None

    def of(self, actor: KnownActor) -> Self:
        """Say whom this refuses."""
        self.actor = actor
        return self


class Unauthenticated(DomainError):
    code, status = "unauthenticated", 401
    title = "Sign in first: this address needs a valid credential."


class InvalidToken(DomainError):
    code, status = "invalid_token", 401
    title = "The access token is not valid here. Refresh it or sign in again."


class InvalidProof(DomainError):
    code, status = "invalid_dpop_proof", 401
    title = "The DPoP proof does not fit this request. Make a new one (RFC 9449)."


class ProofReplayed(InvalidProof):
    code = "dpop_proof_replayed"
    title = "This DPoP proof was used before. Make a new one for each request."


class UseDpopNonce(DomainError):
    code, status = "use_dpop_nonce", 401
    title = "Make the DPoP proof again with the nonce of this answer (RFC 9449)."


class SessionEnded(GateRefusal):
    code, status = "session_ended", 401
    title = "This session has ended. Sign in again."


class DeviceBlocked(GateRefusal):
    code, status = "device_blocked", 403
    title = "This terminal is out of service. Only its agent may still check in."


class DeviceUnknown(DomainError):
    code, status = "device_unknown", 401
    title = "No enrolled terminal has this key. Enrol it first."


class ClientBlocked(GateRefusal):
    code, status = "client_blocked", 403
    title = "This app has been blocked. Update it from the store or ask your device admin."


class CrossSite(DomainError):
    code, status = "cross_site", 403
    title = "This form was not sent from the console's own page. Reload the page and try again."


class InvalidGrant(DomainError):
    code, status = "invalid_grant", 400
    title = "The number, PIN or token is not right, or no longer valid."


class InvalidClient(DomainError):
    code, status = "invalid_client", 401
    title = "No client of this name is registered for this door."


class InvalidTokenRequest(DomainError):
    code, status = "invalid_request", 400
    title = "A form field is missing, empty or given twice."


class ConsoleClosed(DomainError):
    code, status = "console_closed", 403
    title = "The console is for people with an administrative role. Use a terminal."


class SandboxOnly(DomainError):
    code, status = "sandbox_only", 403
    title = "This app is a developer's sandbox: only officers of its training unit may use it."


class InvalidScope(DomainError):
    code, status = "invalid_scope", 400
    title = "This app has not been granted a scope it asks for."


class UnsupportedGrant(DomainError):
    code, status = "unsupported_grant_type", 400
    title = "This grant type is not offered; see the server metadata."


class WeakSecret(DomainError):
    code, status = "weak_secret", 422
    title = "Choose a longer or less common secret."


class PeopleFile(DomainError):
    code, status = "people_file", 422
    title = "The file has rows that cannot be taken; nothing was changed."


class AdminExists(Conflict):
    code = "admin_exists"
    title = "The set-up is done. Roles are granted at the console now, by two people."


class DutiesConflict(Conflict):
    code = "duties_conflict"
    title = "These duties exclude each other: they belong in different hands."


class LastAdministrator(Conflict):
    code = "last_administrator"
    title = "Nobody else holds this administration. Appoint a second person first."


class ReviewOverdue(Conflict):
    code = "break_glass_review_overdue"
    title = "An earlier break-glass of yours still waits for its review. Ask your supervisor."


class RemovalHeld(DomainError):
    code, status = "removal_held", 403
    title = "Too many removals, or an administrator's: a security admin must release this one."
