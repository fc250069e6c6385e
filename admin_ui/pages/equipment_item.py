"""One piece of equipment: where it is in its life, who has it and had it, and what may be done."""

from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.pages.equipment import units
from admin_ui.showing import back_to, done, show
from mdm import equipment as book
from mdm.equipment import HandOver, Item, hand_overs, sims
from muster.kernel.identity import names
from muster.kernel.web import Mode, actor, uow

_PAGE: Final = "console.equipment_item"
_MAY: Final = {
    "issue": "mdm.asset.offer",
    "take_back": "mdm.asset.take_back",
    "report_lost": "mdm.asset.report_lost",
    "retire": "mdm.asset.retire",
}
_MOVE: Final = (
    "mdm.asset.read",
    "mdm.asset.move",
    "mdm.asset.report_lost",
    "mdm.asset.retire",
    "mdm.device.report_lost",
    "mdm.device.report_found",
)


@console.route("/equipment/<uuid:asset_id>", endpoint="equipment_item", actions=("mdm.asset.read",))
def shown(asset_id: UUID) -> str:
    """All of one thing on one page."""
    item = book.read(uow(), actor(), asset_id)
    changes = chrome.may("mdm.asset.change", book.target(uow(), item.asset))
    offer = hand_overs.open_for(uow(), asset_id)
    return show(
        "equipment/detail.html",
        "equipment",
        thing=_facts(item),
        custody=custody_of(asset_id),
        cards=[_card(card, may=changes) for card in sims.within(uow(), asset_id)],
        terminals=_terminals(asset_id),
        offer=_offer(item, offer) if offer else None,
        actions=_actions(item, offered=offer is not None),
        card_url=url_for("console.asset_card", asset_id=asset_id) if changes else "",
        units=[{"value": "", "label": _("Nobody else: the officer keeps it")}, *units()],
    )


@console.route("/equipment/<uuid:asset_id>/offer", methods=["POST"], actions=("mdm.asset.offer",))
@back_to(shown, "issue")
def asset_issue(asset_id: UUID) -> Response:
    """Offer it to an officer, who signs on a terminal or at this counter."""
    hand_overs.offer(
        uow(),
        actor(),
        asset_id,
        officer=forms.text("officer", least=1, most=32),
        pool=forms.text("pool", most=64),
        condition=forms.text("condition", most=500),
    )
    return done("asset_offered", _PAGE, asset_id=asset_id)


@console.route(
    "/equipment/<uuid:asset_id>/offer/<uuid:hand_over_id>/sign",
    methods=["POST"],
    mode=Mode.READS,
    actions=("mdm.hand_over.witness",),
)
@back_to(shown, "sign", keys=("asset_id",))
def asset_sign(asset_id: UUID, hand_over_id: UUID) -> Response:
    """The officer types number and PIN here."""
    number, pin = forms.text("number", least=1, most=32), forms.text("pin", least=1, most=64)
    hand_overs.sign_at_counter(uow(), actor(), hand_over_id, number=number, pin=pin)
    return done("asset_signed", _PAGE, asset_id=asset_id)


@console.route(
    "/equipment/<uuid:asset_id>/offer/<uuid:hand_over_id>/withdraw",
    methods=["POST"],
    actions=("mdm.hand_over.withdraw",),
)
@back_to(shown, keys=("asset_id",))
def asset_withdraw(asset_id: UUID, hand_over_id: UUID) -> Response:
    """Take the offer back."""
    hand_overs.withdraw(uow(), actor(), hand_over_id)
    return done("offer_withdrawn", _PAGE, asset_id=asset_id)


@console.route(
    "/equipment/<uuid:asset_id>/return", methods=["POST"], actions=("mdm.asset.take_back",)
)
@back_to(shown, "take_back")
def asset_take_back(asset_id: UUID) -> Response:
    """Take it back and note its condition."""
    condition = forms.text("condition", least=1, most=500)
    book.take_back(uow(), actor(), asset_id, condition=condition)
    return done("asset_returned", _PAGE, asset_id=asset_id)


@console.route("/equipment/<uuid:asset_id>/move/<act>", methods=["POST"], actions=_MOVE)
@back_to(shown, "{act}", keys=("asset_id",))
def asset_move(asset_id: UUID, act: str) -> Response:
    """Move it along; retiring it asks for its serial number."""
    reason = forms.reason()
    if act == "retire":
        forms.confirmed(book.read(uow(), actor(), asset_id).asset.serial)
    chosen = next((one for one in book.BY_HAND if one == act), None)
    if chosen is None:
        raise forms.fault("act", _("Choose one of the actions offered."))
    book.move(uow(), actor(), asset_id, chosen, reason=reason)
    return done("asset_moved", _PAGE, asset_id=asset_id)


@console.route(
    "/equipment/<uuid:asset_id>/cards",
    methods=["POST"],
    actions=("mdm.sim.list", "mdm.sim.change", "mdm.asset.change"),
)
@back_to(shown, "card")
def asset_card(asset_id: UUID) -> Response:
    """Put a SIM card in."""
    iccid = "".join(forms.text("iccid", least=19, most=32).split())
    found = sims.listing(uow(), actor(), sims.SimQuery(text=iccid), limit=1)
    if not found or found[0].sim.iccid != iccid:
        raise forms.fault("iccid", _("No SIM card with this ICCID is in the book."))
    sims.place(uow(), actor(), found[0].id, asset_id)
    return done("sim_placed", _PAGE, asset_id=asset_id)


@console.route(
    "/equipment/<uuid:asset_id>/cards/<uuid:sim_id>/out",
    methods=["POST"],
    actions=("mdm.sim.change",),
)
@back_to(shown, keys=("asset_id",))
def asset_card_out(asset_id: UUID, sim_id: UUID) -> Response:
    """Take a SIM card out."""
    sims.place(uow(), actor(), sim_id, None)
    return done("sim_taken_out", _PAGE, asset_id=asset_id)


def custody_of(asset_id: UUID) -> list[dict[str, Any]]:
    """Return who had a thing, the latest first, as lists of holders show it."""
    rows = book.history(uow(), asset_id)
    people = names.officers(uow(), [row.officer_id for row in rows])
    known = uow().kernel.people
    return [
        {
            "name": people[row.officer_id].name
            if row.officer_id
            else known.unit(row.pool_id).name
            if row.pool_id
            else "",
            "number": people[row.officer_id].number if row.officer_id else _("pool"),
            "since": row.since,
            "until": row.until,
            "how": words.of(words.SIGNED, row.how),
            "condition_out": row.condition_out,
            "condition_in": row.condition_in,
        }
        for row in rows
    ]


def _facts(item: Item) -> dict[str, Any]:
    asset = item.asset
    return {
        "id": str(asset.id),
        "serial": asset.serial,
        "imei": asset.imei,
        "model": asset.model,
        "vendor": asset.vendor,
        "device_class": words.of(words.CLASSES, asset.device_class),
        "unit": item.unit.name,
        "stage": asset.stage,
        "stage_at": asset.stage_at,
        "purchased_on": asset.purchased_on.isoformat() if asset.purchased_on else "",
        "warranty_until": asset.warranty_until.isoformat() if asset.warranty_until else "",
        "note": asset.note,
        "holder": f"{item.holder.name} {item.holder.number}" if item.holder else "",
        "pool": item.pool.name if item.pool else "",
    }


def _card(card: sims.Sim, *, may: bool) -> dict[str, Any]:
    out = url_for("console.asset_card_out", asset_id=card.asset_id, sim_id=card.id)
    return {
        "iccid": card.iccid,
        "number": card.number,
        "operator": card.operator,
        "state": card.state,
        "out_url": out if may else "",
    }


def _terminals(asset_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "url": url_for("console.device", device_id=device.id),
            "number": device.label,
            "state": "active" if device.state == "enrolled" else device.state,
            "enrolled_at": device.created_at,
        }
        for device, _managed in book.terminals(uow(), asset_id)
    ]


def _offer(item: Item, offer: HandOver) -> dict[str, Any]:
    signer = names.officers(uow(), [offer.officer_id])[offer.officer_id]
    where: dict[str, Any] = {"asset_id": item.id, "hand_over_id": offer.id}
    target = book.target(uow(), item.asset)
    may = chrome.may("mdm.asset.offer", target)
    return {
        "officer": f"{signer.name} {signer.number}",
        "number": signer.number,
        "pool": uow().kernel.people.unit(offer.pool_id).name if offer.pool_id else "",
        "expires_at": offer.expires_at,
        "content_hash": offer.content_hash,
        "sign_url": url_for("console.asset_sign", **where) if may else "",
        "withdraw_url": url_for("console.asset_withdraw", **where) if may else "",
    }


def _actions(item: Item, *, offered: bool) -> dict[str, str]:
    """Return the address of each act that is permitted and makes sense now, '' for the others."""
    target, possible = book.target(uow(), item.asset), book.allowed(item.asset.stage)
    serving = book.serving(uow(), item.id) is not None
    senseless = {"issue": offered, "retire": serving, "take_back": item.custody is None}
    urls = {
        "issue": url_for("console.asset_issue", asset_id=item.id),
        "take_back": url_for("console.asset_take_back", asset_id=item.id),
        **{act: url_for("console.asset_move", asset_id=item.id, act=act) for act in book.BY_HAND},
    }
    return {
        act: url
        if act in possible
        and not senseless.get(act, False)
        and chrome.may(_MAY.get(act, "mdm.asset.move"), target)
        else ""
        for act, url in urls.items()
    }
