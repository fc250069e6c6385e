"""SIM cards as a list."""

from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.pages.equipment import may_register, units
from admin_ui.showing import back_to, done, show
from mdm.equipment import sims
from muster.kernel.web import actor, decode_id, encode, page, uow


@console.route("/equipment/sims", endpoint="sims", actions=("mdm.sim.list",))
def listed() -> str:
    """Every card the person may see."""
    filters = Filters()
    rows = sims.listing(uow(), actor(), _query(filters), after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda card: [card.id])
    may = may_register()
    return show(
        "equipment/sims.html",
        "equipment",
        filters=filters.drawn,
        page=pager(shown),
        list_url=url_for("console.sims"),
        rows=[_row(card) for card in shown.items],
        export_url=url_for("console.sims_export"),
        import_url=url_for("console.equipment_import", kind="sims") if may else "",
        register_url=url_for("console.sim_register") if may else "",
        units=units(),
    )


@console.route("/equipment/sims", methods=["POST"], actions=("mdm.sim.register",))
@back_to(listed, "register")
def sim_register() -> Response:
    """Put one card into the book."""
    details = sims.SimDetails(
        iccid=forms.text("iccid", least=1, most=32),
        unit=forms.text("unit", least=1, most=64),
        number=forms.text("number", most=20),
        operator=forms.text("operator", most=100),
    )
    sims.register(uow(), actor(), details)
    return done("sim_registered", "console.sims")


@console.route(
    "/equipment/sims/<uuid:sim_id>/state",
    methods=["POST"],
    actions=("mdm.sim.read", "mdm.sim.change"),
)
@back_to(listed, "state-{sim_id}", keys=())
def sim_state(sim_id: UUID) -> Response:
    """Say that a card is suspended, lost, retired, or in use again."""
    state = forms.chosen("state", sims.STATES)
    card = sims.read(uow(), actor(), sim_id)
    sims.change(uow(), actor(), sim_id, card.sim.version, {"state": state})
    return done("sim_changed", "console.sims")


@console.route("/sims.csv", actions=("mdm.sim.list",))
def sims_export() -> Response:
    """The list as a file, at most 5,000 rows; `cursor` goes on."""
    text, further = sims.export(uow(), actor(), sims.SimQuery(), after=decode_id(cursor()))
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="sims.csv"'
    if further is not None:
        answer.headers["Muster-Next"] = encode([further])
    return answer


def _query(filters: Filters) -> sims.SimQuery:
    text = filters.search("q", _("ICCID or number"))
    unit = filters.unit()
    offered = [(state, words.of(words.CARDS, state)) for state in sims.STATES]
    return sims.SimQuery(unit, filters.choice("state", _("State"), offered), text)


def _row(card: sims.Card) -> dict[str, Any]:
    target = sims.target(uow(), card.sim)
    may = chrome.may("mdm.sim.change", target)
    asset = card.asset
    return {
        "id": str(card.id),
        "iccid": card.sim.iccid,
        "number": card.sim.number,
        "operator": card.sim.operator,
        "state": card.sim.state,
        "unit": card.unit.name,
        "serial": asset.serial if asset else "",
        "asset_url": url_for("console.equipment_item", asset_id=asset.id) if asset else "",
        "state_url": url_for("console.sim_state", sim_id=card.id) if may else "",
        "states": [{"value": one, "label": words.of(words.CARDS, one)} for one in sims.STATES],
    }
