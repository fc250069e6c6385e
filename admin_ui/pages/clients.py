"""Registered apps: whose they are, what they may do in an officer's name, and stopping one."""

from typing import Any, Final
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, scopes
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.showing import back_to, done, show
from muster.kernel.guard import SCOPES
from muster.kernel.identity import Client, names, registrations
from muster.kernel.web import actor, decode_id, page, uow

_READ: Final = "identity.client.list"


@console.route("/clients", endpoint="clients", actions=(_READ,))
def clients_list() -> str:
    """Registered clients, newest first."""
    filters = Filters()
    offered = [
        ("requested", _("Waits for scopes")),
        ("active", _("Active")),
        ("blocked", _("Blocked")),
    ]
    state = filters.choice("state", _("State"), offered)
    found = registrations.service.listing(
        uow(), actor(), state=state, after=decode_id(cursor()), limit=LIMIT
    )
    shown = page(found, LIMIT, lambda client: [client.id])
    owners = names.officers(uow(), [client.owner_id for client in shown.items])
    return show(
        "clients/list.html",
        "clients",
        filters=filters.drawn,
        page=pager(shown),
        sandbox_url=url_for("console.client_sandbox") if _may_make_sandboxes() else "",
        rows=[{**_facts(client), **_owner(client, owners)} for client in shown.items],
    )


@console.route("/clients/<uuid:client_id>", endpoint="client", actions=(_READ,))
def client_detail(client_id: UUID) -> str:
    """One client: its facts, its scopes, and what may be done with it."""
    client = registrations.service.read(uow(), actor(), client_id)
    people = names.officers(uow(), [client.owner_id, client.requested_by])
    asked = people.get(client.requested_by) if client.requested_by else None
    return show(
        "clients/detail.html",
        "clients",
        client={**_facts(client), **_owner(client, people)},
        redirects=list(client.redirect_uris),
        signer=client.signer,
        requested_by=asked.name if asked else "",
        requested=scopes.words(client.requested_scopes),
        choices=_choices(client),
        actions=_actions(client),
    )


@console.route(
    "/clients/<uuid:client_id>/scopes", methods=["POST"], actions=("identity.client.grant",)
)
@back_to(client_detail, "grant")
def client_grant(client_id: UUID) -> Response:
    """Say what the app may do from now on."""
    registrations.service.grant(uow(), actor(), client_id, _ticked(), forms.reason())
    return done("scopes_granted", "console.client", client_id=client_id)


@console.route(
    "/clients/<uuid:client_id>/ask", methods=["POST"], actions=("identity.client.change", _READ)
)
@back_to(client_detail, "ask")
def client_ask(client_id: UUID) -> Response:
    """Ask for more scopes, as the publisher."""
    version = registrations.service.read(uow(), actor(), client_id).version
    registrations.service.change(uow(), actor(), client_id, version, scopes=_ticked())
    return done("scopes_requested", "console.client", client_id=client_id)


@console.route(
    "/clients/<uuid:client_id>/block", methods=["POST"], actions=("identity.client.block",)
)
@back_to(client_detail, "block")
def client_block(client_id: UUID) -> Response:
    """End every session that the app carries."""
    registrations.service.block(uow(), actor(), client_id, forms.reason())
    return done("client_blocked", "console.client", client_id=client_id)


@console.route(
    "/clients/<uuid:client_id>/unblock", methods=["POST"], actions=("identity.client.unblock",)
)
@back_to(client_detail, "unblock")
def client_unblock(client_id: UUID) -> Response:
    """Let officers sign in with it again."""
    registrations.service.unblock(uow(), actor(), client_id, forms.reason())
    return done("client_unblocked", "console.client", client_id=client_id)


@console.route("/clients/sandbox", endpoint="client_sandbox", actions=(_READ,))
def sandbox_form() -> str:
    """The form for a developer's sandbox."""
    registrations.service.listing(uow(), actor(), limit=1)
    places = [uow().kernel.people.by_code(code) for code in _training_units()]
    return show(
        "clients/sandbox.html",
        "clients",
        submit_url=url_for("console.client_make_sandbox"),
        units=[{"value": unit.code, "label": f"{unit.name} · {unit.code}"} for unit in places],
        scopes=scopes.words(SCOPES),
        ticked=set(request.form.getlist("scope")),
        most_days=registrations.sandbox.LONGEST_DAYS,
    )


@console.route("/clients/sandbox", methods=["POST"], actions=("identity.client.make_sandbox",))
@back_to(sandbox_form)
def client_make_sandbox() -> Response:
    """Make a sandbox of one's own."""
    client = registrations.sandbox.make(
        uow(),
        actor(),
        name=forms.text("name", least=1, most=90),
        package=forms.text("package", least=3, most=200),
        unit=forms.text("unit", least=1, most=64),
        redirect_uris=forms.text("redirect_uris", most=2000).split(),
        scopes=_ticked(),
        days=forms.whole("days", 1, registrations.sandbox.LONGEST_DAYS),
    )
    uow().session.flush()
    return done("sandbox_made", "console.client", client_id=client.id)


def _facts(client: Client) -> dict[str, Any]:
    unit = uow().kernel.people.unit(client.unit_id) if client.unit_id else None
    return {
        "url": url_for("console.client", client_id=client.id),
        "name": client.name,
        "package": client.package,
        "kind": "sandbox" if client.sandbox_unit_id else client.kind,
        "state": _state(client),
        "unit": unit.name if unit else "",
        "scopes": scopes.words(client.scopes),
        "waiting": len(client.requested_scopes),
        "expires_at": client.expires_at,
    }


def _state(client: Client) -> str:
    if client.state == "active" and client.expires_at and client.expires_at <= uow().now():
        return "expired"
    return client.state


def _owner(client: Client, people: dict[UUID, names.Named]) -> dict[str, str]:
    owner = people.get(client.owner_id) if client.owner_id else None
    return {"owner": owner.name if owner else ""}


def _choices(client: Client) -> list[dict[str, Any]]:
    """Every scope: whether the app has it, and whether somebody asks for it."""
    return [
        {
            **word,
            "held": word["name"] in client.scopes,
            "asked": word["name"] in client.requested_scopes,
        }
        for word in scopes.words(SCOPES)
    ]


def _actions(client: Client) -> dict[str, str]:
    target = registrations.service.target_of(uow(), actor(), client)
    field = client.kind == "field" and client.sandbox_unit_id is None
    wanted = {
        "grant": ("identity.client.grant", field),
        "ask": ("identity.client.change", field),
        "block": ("identity.client.block", client.state == "active"),
        "unblock": ("identity.client.unblock", client.state == "blocked"),
    }
    return {
        act: url_for(f"console.client_{act}", client_id=client.id)
        if fits and chrome.may(action, target)
        else ""
        for act, (action, fits) in wanted.items()
    }


def _ticked() -> list[str]:
    return [name for name in request.form.getlist("scope") if name in SCOPES]


def _training_units() -> tuple[str, ...]:
    return uow().kernel.settings.training_units


def _may_make_sandboxes() -> bool:
    return bool(_training_units()) and chrome.may("identity.client.make_sandbox")
