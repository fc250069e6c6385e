"""Wire shapes of certificates and of the CAs that give them."""

from typing import Any

from marshmallow import Schema, fields, pre_dump, validate

from mdm.certificates.issuing import Issued, renewal
from mdm.certificates.service import Held
from mdm.wire import reason, text
from muster.kernel.web import PageQuery


class RequestSchema(Schema):
    """A request for a certificate; only its key counts, and its signature must prove it."""

    csr = text(8192, 1, required=True, metadata={"description": "PKCS#10 in PEM"})


class IssuedSchema(Schema):
    """A new certificate and those above it, without the root."""

    chain = fields.List(
        fields.String(), required=True, metadata={"description": "PEM, the terminal's own first"}
    )
    fingerprint = fields.String(required=True, metadata={"description": "SHA-256 of the DER, hex"})
    not_before = fields.AwareDateTime(required=True)
    not_after = fields.AwareDateTime(required=True)
    renew_after = fields.AwareDateTime(required=True)

    @pre_dump
    def flatten(self, issued: Issued, **_: Any) -> dict[str, Any]:
        """Return the row and its chain side by side."""
        return {
            "chain": issued.chain,
            "fingerprint": issued.row.fingerprint,
            "not_before": issued.row.not_before,
            "not_after": issued.row.not_after,
            "renew_after": issued.renew_after,
        }


class CertificateQuerySchema(PageQuery):
    """Filters of the list."""

    device_id = fields.UUID(load_default=None)
    holds = fields.Boolean(
        load_default=None, metadata={"description": "Only those that hold now, or only the others"}
    )
    text = text(100, load_default=None, metadata={"description": "Part of the terminal's label"})


class RevocationSchema(Schema):
    """Why a certificate ends."""

    reason = reason()


class CertificateSchema(Schema):
    """A certificate of a terminal."""

    id = fields.UUID(required=True)
    device_id = fields.UUID(required=True)
    label = fields.String(required=True)
    serial = fields.String(required=True)
    fingerprint = fields.String(required=True)
    source = fields.String(required=True, validate=validate.OneOf(["enrolment", "agent", "scep"]))
    state = fields.String(
        required=True,
        metadata={"description": "live, renewable, superseded, revoked or expired"},
    )
    issued_at = fields.AwareDateTime(required=True)
    not_after = fields.AwareDateTime(required=True)
    renew_after = fields.AwareDateTime(required=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True)

    @pre_dump
    def flatten(self, held: Held, **_: Any) -> dict[str, Any]:
        """Return row, terminal and state side by side."""
        row = held.row
        names = ("id", "device_id", "serial", "fingerprint", "source", "issued_at", "not_after")
        return {
            **{name: getattr(row, name) for name in (*names, "revoked_at", "reason")},
            "label": held.device.label,
            "state": held.state,
            "renew_after": renewal(row.not_before, row.not_after),
        }


class ScepChallengeSchema(Schema):
    """A SCEP challenge; it is shown this once."""

    challenge = fields.String(required=True)
    url = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


class AuthoritySchema(Schema):
    """An issuing CA."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "requested, live or retired"})
    fingerprint = fields.String(required=True, allow_none=True)
    not_before = fields.AwareDateTime(required=True, allow_none=True)
    not_after = fields.AwareDateTime(required=True, allow_none=True)
    installed_at = fields.AwareDateTime(required=True, allow_none=True)
    retired_at = fields.AwareDateTime(required=True, allow_none=True)


class AuthorityListSchema(Schema):
    """Every issuing CA, newest first."""

    items = fields.List(fields.Nested(AuthoritySchema), required=True)
