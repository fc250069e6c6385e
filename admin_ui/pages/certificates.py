"""Certificates of terminals: who holds which, until when; the CAs that give them; SCEP challenges."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.showing import back_to, done, show
from mdm.certificates import (
    CertificateQuery,
    Held,
    IssuingCa,
    authority,
    challenges,
    renewal,
    service,
)
from mdm.devices import FleetQuery, listing
from muster.kernel.guard import Target
from muster.kernel.identity import Device
from muster.kernel.web import actor, decode_id, page, uow

N_ = str
_HOLDING: Final = ("live", "renewable")
_SOURCES: Final = {
    "enrolment": N_("At enrolment"),
    "agent": N_("By its agent"),
    "scep": N_("By SCEP"),
}
_LIST: Final = ("mdm.certificate.list", "mdm.ca.read")


@console.route("/certificates", actions=_LIST)
def certificates() -> str:
    """The issuing CAs, and certificates, newest first."""
    filters = Filters()
    text = filters.search("q", _("Terminal"))
    holds = filters.choice("holds", _("State"), [("yes", _("Valid")), ("no", _("Ended"))])
    query = CertificateQuery(text=text, holds=None if holds is None else holds == "yes")
    rows = service.listing(uow(), actor(), query, after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda held: [held.row.id])
    cas = authority.listing(uow(), actor())
    return show(
        "certificates/list.html",
        "certificates",
        filters=filters.drawn,
        page=pager(shown),
        authorities=[_authority(row) for row in cas if row.state != "requested"],
        asked=[row.name for row in cas if row.state == "requested"],
        ready=any(row.state == "live" for row in cas),
        challenge_url=url_for("console.certificates_challenge") if _may_challenge(cas) else "",
        rows=[_line(held) for held in shown.items],
    )


@console.route(
    "/certificates/<uuid:certificate_id>/revoke",
    methods=["POST"],
    actions=("mdm.certificate.revoke",),
)
@back_to(certificates, "revoke-{certificate_id}", keys=())
def certificate_revoke(certificate_id: UUID) -> Response:
    """End a certificate now."""
    service.revoke(uow(), actor(), certificate_id, forms.reason())
    return done("certificate_revoked", "console.certificates")


@console.route(
    "/certificates/challenge",
    methods=["POST"],
    actions=("mdm.device.list", "mdm.certificate.challenge"),
)
@back_to(certificates)
def certificates_challenge() -> str:
    """Make a SCEP challenge; it is shown in this answer and never again."""
    device = _named(forms.text("terminal", least=1, most=64))
    given = challenges.give(uow(), actor(), device.id)
    return show(
        "certificates/challenge.html",
        "certificates",
        label=device.label,
        challenge=given.challenge,
        scep_url=given.url,
        expires_at=given.expires_at,
    )


def _named(label: str) -> Device:
    """Return the terminal with a label among those the person may see."""
    for terminal in listing(uow(), actor(), FleetQuery(text=label, state="enrolled")):
        if terminal.principal.label.upper() == label.upper():
            return terminal.principal
    raise forms.fault("terminal", _("No terminal in service has this number."))


def _authority(row: IssuingCa) -> dict[str, Any]:
    name = authority.short_name(row)
    return {
        "name": row.name,
        "state": row.state,
        "fingerprint": row.fingerprint,
        "not_after": row.not_after,
        "certificate_url": url_for("pki.authority_certificate", name=name),
        "crl_url": url_for("pki.revocation_list", name=name),
    }


def _line(held: Held) -> dict[str, Any]:
    row, target = held.row, _target(held.device)
    ending = held.state in _HOLDING and chrome.may("mdm.certificate.revoke", target)
    readable = chrome.may("mdm.device.read", target)
    return {
        "id": str(row.id),
        "terminal": held.device.label,
        "url": url_for("console.device", device_id=row.device_id) if readable else "",
        "state": held.state,
        "source": words.of(_SOURCES, row.source),
        "not_after": row.not_after,
        "renew_after": renewal(row.not_before, row.not_after) if held.state == "live" else None,
        "ended_at": row.revoked_at if held.state not in _HOLDING else None,
        "fingerprint": row.fingerprint,
        "revoke_url": url_for("console.certificate_revoke", certificate_id=row.id)
        if ending
        else "",
    }


def _target(device: Device) -> Target:
    unit = uow().kernel.people.unit(device.unit_id)
    return Target("Device", str(device.id), {"state": device.state, "held": False}, unit.path)


def _may_challenge(cas: Sequence[IssuingCa]) -> bool:
    people, attributes = uow().kernel.people, {"state": "enrolled", "held": False}
    return any(row.state == "live" for row in cas) and any(
        chrome.may(
            "mdm.certificate.challenge",
            Target("Device", "*", attributes, people.by_code(code).path),
        )
        for code in chrome.posts()
    )
