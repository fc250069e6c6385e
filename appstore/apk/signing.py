"""Verification of an APK's signatures: who signed these bytes, and whom that key succeeds.

Every scheme present must verify, and all must tell one story: a device picks the newest scheme
it knows, so two schemes that disagree would be two publishers on two Android versions.
Rules: Android "APK Signature Scheme v2", "v3" and "v3.1".
"""

from dataclasses import dataclass

from .block import V2, V3, V31, read_pairs
from .digests import content_digests
from .errors import ApkError
from .keys import Certificate, algorithm
from .lineage import ATTRIBUTE as LINEAGE
from .lineage import Link, read_lineage
from .sections import Sections
from .signer import ANY_SDK, Signer, read_signer

_STRIPPING_PROTECTION = 0xBEEFF00D
_ROTATION_MIN_SDK = 0x559F8B02
_ALL_CAPABILITIES = 0x1F
_SCHEMES = {V2: "v2", V3: "v3", V31: "v3.1"}


@dataclass(frozen=True, slots=True)
class Signature:
    """A verified signature; `lineage` is sha256 hex, oldest first, ending in the signer itself.

    A predecessor the publisher no longer trusts with installed data is not in `lineage`: devices
    would refuse the update.
    """

    certificate: Certificate
    first: Certificate
    """That of the key before every rotation, which older schemes are signed with."""
    schemes: tuple[str, ...]
    lineage: tuple[str, ...]


def verify(sections: Sections) -> Signature | None:
    """The APK's verified signature, or None when it carries none of v2, v3 and v3.1."""
    pairs = read_pairs(sections.block)
    signers = {
        identifier: read_signer(pairs[identifier], has_sdk_range=identifier != V2)
        for identifier in _SCHEMES
        if identifier in pairs
    }
    if not signers:
        return None
    _check_contents(sections, list(signers.values()))
    _check_nothing_stripped(signers)
    chain = _chain(signers)
    current = chain[-1].certificate
    return Signature(
        certificate=current,
        first=chain[0].certificate,
        schemes=tuple(_SCHEMES[identifier] for identifier in signers),
        lineage=tuple(
            link.certificate.sha256
            for link in chain
            if link.may_be_updated_from or link.certificate is current
        ),
    )


def _check_contents(sections: Sections, signers: list[Signer]) -> None:
    """Every digest of every signer counts, not only the strongest."""
    claims = [
        (algorithm(identifier).hash.name, digest)
        for signer in signers
        for identifier, digest in signer.digests.items()
    ]
    actual = content_digests(sections, {name for name, _ in claims})
    if any(actual[name] != digest for name, digest in claims):
        raise ApkError("content_changed", "The APK was changed after signing; sign it again.")


def _check_nothing_stripped(signers: dict[int, Signer]) -> None:
    """A newer scheme that an older one promises must be there, or someone took it away."""
    older = signers.get(V2)
    if older and older.attribute_number(_STRIPPING_PROTECTION) == 3 and V3 not in signers:
        raise ApkError("signature_stripped", "The v3 signature that v2 announces is missing.")
    promised = signers[V3].attribute_number(_ROTATION_MIN_SDK) if V3 in signers else None
    rotated = signers.get(V31)
    if promised != (rotated.sdk_range[0] if rotated else None):
        raise ApkError("signature_stripped", "The v3 and v3.1 signatures do not announce another.")
    if rotated and V3 not in signers:
        raise ApkError("signature_stripped", "A v3.1 signature needs a v3 signature beside it.")
    _check_sdk_ranges(signers)


def _check_sdk_ranges(signers: dict[int, Signer]) -> None:
    """v3 and v3.1 must cover every newer Android, without a gap and without a quarrel."""
    ranges = [signers[identifier].sdk_range for identifier in (V3, V31) if identifier in signers]
    if ranges and ranges[-1][1] != ANY_SDK[1]:
        raise ApkError("signature_sdk_gap", "The newest Android versions have no signature.")
    if len(ranges) == 2 and ranges[0][1] + 1 != ranges[1][0]:
        raise ApkError("signature_sdk_gap", "The v3.1 signature must begin where v3's ends.")


def _chain(signers: dict[int, Signer]) -> list[Link]:
    """The proof of rotation of the newest signer, checked against every older scheme."""
    chain = _lineage(signers[max(signers, key=list(_SCHEMES).index)])
    known = [link.certificate.der for link in chain]
    if V3 in signers:
        older = [link.certificate.der for link in _lineage(signers[V3])]
        if known[: len(older)] != older:
            raise ApkError("signers_differ", "The v3.1 key is no successor of the v3 key.")
    if V2 in signers and signers[V2].certificate.der != known[0]:
        raise ApkError("signers_differ", "The v2 signature must be the first key's.")
    return chain


def _lineage(signer: Signer) -> list[Link]:
    value = signer.attributes.get(LINEAGE)
    if value is None:
        return [Link(signer.certificate, _ALL_CAPABILITIES)]
    chain = list(read_lineage(value))
    if not chain or chain[-1].certificate.der != signer.certificate.der:
        raise ApkError("lineage_invalid", "The proof of rotation does not end in the signer.")
    return chain
