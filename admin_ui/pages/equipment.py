"""The book of equipment as a list, and as files in and out."""

from typing import Any, Final

from flask import Response, request, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.showing import back_to, done, show
from mdm import devices
from mdm import equipment as book
from mdm.equipment import AssetQuery, Details, Item, Taken, sims
from muster.kernel.guard import Target
from muster.kernel.identity import names
from muster.kernel.web import Mode, actor, decode_id, encode, page, uow

_REGISTER: Final = "mdm.asset.register"
_FILE: Final = book.MAX_BYTES + 64 * 1024
_KINDS: Final = ("equipment", "sims")


@console.route("/equipment", endpoint="equipment", actions=("mdm.asset.list",))
def listed() -> str:
    """Everything the person may see."""
    filters = Filters()
    query = _query(filters)
    rows = book.listing(uow(), actor(), query, after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda item: [item.id])
    may = may_register()
    return show(
        "equipment/list.html",
        "equipment",
        filters=filters.drawn,
        page=pager(shown),
        rows=[_row(item) for item in shown.items],
        export_url=url_for("console.equipment_export", **_here()),
        import_url=url_for("console.equipment_import", kind="equipment") if may else "",
        sims_url=url_for("console.sims") if chrome.may("mdm.sim.list") else "",
        counts_url=url_for("console.stock_takes") if chrome.may("mdm.stock_take.list") else "",
        register_url=url_for("console.equipment_register") if may else "",
        units=units(),
        classes=classes(),
    )


@console.route("/equipment", methods=["POST"], actions=(_REGISTER,))
@back_to(listed, "register")
def equipment_register() -> Response:
    """Put one thing into the book."""
    details = Details(
        serial=forms.text("serial", least=1, most=64),
        unit=forms.text("unit", least=1, most=64),
        imei=forms.text("imei", most=20),
        model=forms.text("model", most=100),
        vendor=forms.text("vendor", most=100),
        device_class=forms.chosen("device_class", devices.CLASSES),
    )
    made = book.register(uow(), actor(), details)
    return done("asset_registered", "console.equipment_item", asset_id=made.id)


@console.route("/equipment.csv", actions=("mdm.asset.download",))
def equipment_export() -> Response:
    """The list as a file, at most 5,000 rows; `cursor` goes on."""
    query = _query(Filters())
    text, further = book.file.export(uow(), actor(), query, after=decode_id(cursor()))
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="equipment.csv"'
    if further is not None:
        answer.headers["Muster-Next"] = encode([further])
    return answer


@console.route("/equipment/import/<kind>", actions=("mdm.asset.list",))
def equipment_import(kind: str) -> str:
    """The form that takes a file."""
    book.listing(uow(), actor(), limit=1)
    return _import_page(kind if kind in _KINDS else _KINDS[0], None)


@console.route(
    "/equipment/import/<kind>",
    methods=["POST"],
    mode=Mode.READS,
    actions=("mdm.asset.import", "mdm.sim.import"),
    limit=_FILE,
)
@back_to(equipment_import)
def equipment_take(kind: str) -> str:
    """Take a file; the answer lists what was wrong with some of its rows."""
    part = request.files.get("file")
    data = part.read() if part is not None else b""
    if not data:
        raise forms.fault("file", _("Choose a file."))
    dry_run = bool(forms.text("dry_run"))
    take = sims.take if kind == "sims" else book.file.take
    return _import_page(kind, take(uow(), actor(), data, dry_run=dry_run))


def units() -> list[dict[str, str]]:
    """Return the units the person answers for, to choose one of."""
    below = names.units_below(uow(), chrome.posts())
    return [{"value": unit.code, "label": f"{unit.name} · {unit.code}"} for unit in below]


def classes() -> list[dict[str, str]]:
    """Return the classes of terminals, to choose one of."""
    return [{"value": one, "label": words.of(words.CLASSES, one)} for one in devices.CLASSES]


def may_register() -> bool:
    """Whether the person may put things into the book of any unit."""
    people = uow().kernel.people
    return any(
        chrome.may(
            _REGISTER, Target("Asset", "*", {"stage": "in_stock"}, people.by_code(code).path)
        )
        for code in chrome.posts()
    )


def _query(filters: Filters) -> AssetQuery:
    text = filters.search("q", _("Serial, IMEI or model"))
    unit = filters.unit()
    stages = [(stage, words.of(words.STAGES, stage)) for stage in book.STAGES]
    stage = filters.choice("stage", _("Stage"), stages)
    offered = [(one["value"], one["label"]) for one in classes()]
    device_class = filters.choice("class", _("Class"), offered)
    holder = filters.search("holder", _("Holder's number"))
    return AssetQuery(unit, stage, device_class, holder, text)


def _here() -> dict[str, Any]:
    return {name: value for name, value in request.args.items() if name != "cursor"}


def _row(item: Item) -> dict[str, Any]:
    asset = item.asset
    return {
        "id": str(asset.id),
        "url": url_for("console.equipment_item", asset_id=asset.id),
        "serial": asset.serial,
        "model": asset.model,
        "device_class": words.of(words.CLASSES, asset.device_class),
        "unit": item.unit.name,
        "stage": asset.stage,
        "stage_at": asset.stage_at,
        "holder": item.holder.name if item.holder else item.pool.name if item.pool else "",
        "holder_number": item.holder.number if item.holder else "",
    }


def _import_page(kind: str, taken: Taken | None) -> str:
    report = None
    if taken is not None:
        report = {
            "added": taken.added,
            "changed": taken.changed,
            "unchanged": taken.unchanged,
            "refused": taken.refused,
            "dry_run": taken.dry_run,
            "faults": taken.shown,
        }
    needed, optional = (
        (sims.NEEDED, sims.OPTIONAL) if kind == "sims" else (book.file.NEEDED, book.file.OPTIONAL)
    )
    return show(
        "equipment/import.html",
        "equipment",
        kind=kind,
        submit_url=url_for("console.equipment_take", kind=kind),
        needed=", ".join(needed),
        optional=", ".join(optional),
        report=report,
    )
