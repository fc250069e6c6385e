"""Wire shapes of key attestation."""

import base64
import binascii
from typing import Any

from marshmallow import Schema, fields, validate
from marshmallow.exceptions import ValidationError

from mdm.attestation.chain import MOST_BYTES, MOST_CERTIFICATES
from mdm.attestation.reasons import REASONS
from mdm.wire import text


class DerField(fields.String):
    """A DER certificate in standard base64 (RFC 4648 §4); bytes inside."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        given = super()._deserialize(value, attr, data, **kwargs)
        try:
            return base64.b64decode(given.encode(), validate=True)
        except binascii.Error as error:
            raise ValidationError("A certificate is DER in base64, without line breaks.") from error


def _not_too_large(certificates: list[bytes]) -> None:
    if sum(map(len, certificates)) > MOST_BYTES:
        raise ValidationError("A chain has at most 64 KiB.")


def chain(**options: Any) -> fields.List[Any]:
    """Return the field of a chain: the attested key first, the root last; empty for none to show."""
    return fields.List(
        DerField(metadata={"format": "byte"}),
        validate=[validate.Length(max=MOST_CERTIFICATES), _not_too_large],
        **options,
    )


class AttestationChallengeSchema(Schema):
    """Put these 32 bytes into the key's attestation challenge; they serve once."""

    challenge = fields.Function(
        lambda made: base64.urlsafe_b64encode(made.value).rstrip(b"=").decode(),
        required=True,
        metadata={"type": "string", "description": "32 bytes in unpadded base64url"},
    )
    expires_at = fields.AwareDateTime(required=True)


class AttestationSubmissionSchema(Schema):
    """A terminal's chain. Where its key is not the one that signs the request's proof, prove it."""

    attestation = chain(required=True)
    new_key_proof = text(
        4096,
        1,
        load_default=None,
        allow_none=True,
        metadata={"description": "A second DPoP proof of this very request, by the attested key"},
    )


class AttestationVerdictSchema(Schema):
    """What is known of a terminal's key now."""

    result = fields.String(
        required=True, validate=validate.OneOf(["verified", "failed", "unknown"])
    )
    reason = fields.String(required=True, validate=validate.OneOf(["", *REASONS]))
    checked_at = fields.AwareDateTime(attribute="row.checked_at", dump_default=None)
    expires_at = fields.AwareDateTime(
        attribute="row.expires_at", dump_default=None, allow_none=True
    )


class AttestationSchema(AttestationVerdictSchema):
    """The same with what the hardware said, for those who look after the terminal."""

    evidence = fields.Dict(attribute="row.evidence", dump_default=dict)
    status_list_as_of = fields.AwareDateTime(attribute="status_as_of", allow_none=True)
    status_list_old = fields.Boolean(attribute="lists.status_old", required=True)
