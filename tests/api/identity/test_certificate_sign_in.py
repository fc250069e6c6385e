"""Personal certificates at console and terminal: whose, since when, from whom, and from where."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from cryptography import x509
from sqlalchemy import select
from werkzeug.test import TestResponse

from muster.kernel.identity import Officer, RoleGrant, Session, people, system
from muster.kernel.identity.oauth import CERTIFICATE_GRANT
from muster.kernel.identity.personal_certificates import bindings, lists, trust
from muster.kernel.web import COOKIE
from tests.api.identity.conftest import OFFICERS, UNITS, Force
from tests.factories.cards import Authority, Card, authority
from tests.factories.console import own_form

SECRET = "j8Jx2mVq0Zr7Lw4Tn6Yb1Kd5Hs9Gf3Pc-QvRzUa"
ACTOR = system("test")
PAGE = "/console/sign-in/certificate"


class Desk:
    """The console as nginx shows it to somebody with a card."""

    def __init__(self, force: Force, root: Authority, issuing: Authority) -> None:
        self.force, self.root, self.issuing = force, root, issuing
        self.kernel = force.house.kernel

    def settle(self, **changes: Any) -> None:
        """Change settings of the running house."""
        self.kernel.settings = replace(self.kernel.settings, **changes)

    def trust(self, pem: bytes) -> None:
        with self.kernel.writes() as uow:
            trust.add(uow, ACTOR, pem)

    def take(self, crl: bytes) -> None:
        with self.kernel.writes() as uow:
            lists.take(uow, ACTOR, crl)

    def renew_lists(self, *revoked: Card) -> None:
        now = self.kernel.clock()
        self.take(self.root.crl(at=now))
        self.take(self.issuing.crl(*revoked, at=now))

    def sign_in(self, card: Card | None, **headers: str) -> TestResponse:
        client = self.force.house.client
        return client.post(PAGE, data=own_form(client), headers={**shown(card), **headers})

    def reason(self) -> str:
        return str(json.loads(self.force.log("identity.sign_in")[-1].canonical)["reason"])


def shown(card: Card | None) -> dict[str, str]:
    """What nginx says of a connection."""
    proxy = {"X-Muster-Proxy": SECRET, "X-Muster-Address": "10.1.1.1", "X-Muster-Zone": "office"}
    return {**proxy, "X-Muster-Client-Cert": quote(card.pem)} if card else proxy


@pytest.fixture(scope="module")
def authorities() -> tuple[Authority, Authority]:
    root = authority("Force Root")
    return root, root.authority("Force Cards")


@pytest.fixture
def desk(force: Force, authorities: tuple[Authority, Authority]) -> Iterator[Desk]:
    root, issuing = authorities
    desk = Desk(force, root, issuing)
    desk.settle(proxy_secret=SECRET, certificate_origin="http://localhost:8443")
    desk.trust(root.pem + issuing.pem)
    desk.renew_lists()
    yield desk
    force.house.client.delete_cookie(COOKIE)


def test_a_card_opens_the_console_at_the_highest_assurance(desk: Desk) -> None:
    answer = desk.sign_in(desk.issuing.card("A1"))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert answer.location == "http://localhost:8000/console"
    with desk.kernel.reads() as uow:
        session = uow.session.scalars(select(Session)).one()
    assert (session.kind, session.aal, session.amr) == ("console", 3, ["sc", "hwk"])
    (row,) = desk.force.log("identity.sign_in")
    assert (row.outcome, row.actor_label) == ("done", "A1")


def test_the_page_says_whose_card_it_is(desk: Desk) -> None:
    page = desk.force.house.client.get(PAGE, headers=shown(desk.issuing.card("A1")))
    assert "Wu Jing" in page.get_data(as_text=True)
    nobody = desk.force.house.client.get(PAGE, headers=shown(None))
    assert "http://localhost:8443" + PAGE in nobody.get_data(as_text=True)


def test_a_card_opens_a_terminal(desk: Desk) -> None:
    assert grant(desk, desk.issuing.card("204001")).status_code == 200
    me = desk.force.terminal.call("GET", "/mobile/v1/me").get_json()
    assert me["officer"]["number"] == "204001"
    assert [row.outcome for row in desk.force.log("identity.sign_in")] == ["done"]
    without = grant(desk, None)
    assert (without.status_code, without.get_json()["error"]) == (400, "invalid_grant")


def grant(desk: Desk, card: Card | None) -> TestResponse:
    """Ask for a token at the listener that takes certificates; its address is what the proof names."""
    terminal, path = desk.force.terminal, "/oauth/token"
    form = {"grant_type": CERTIFICATE_GRANT, "client_id": "muster.field"}
    answer = terminal.post(path, form, htu=f"http://localhost:8443{path}", headers=shown(card))
    if answer.status_code == 200:
        terminal.access_token = answer.get_json()["access_token"]
    return answer


REFUSED = {
    "certificate_expired": {"days": 0.5},
    "certificate_names_nobody": {"number": "999999"},
    "certificate_untrusted": {"eku": (x509.ObjectIdentifier("1.3.6.1.5.5.7.3.1"),)},
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_card_that_does_not_fit_is_refused_and_recorded(desk: Desk, reason: str) -> None:
    options: dict[str, Any] = {"number": "A1", **REFUSED[reason]}
    card = desk.issuing.card(options.pop("number"), **options)
    if reason == "certificate_expired":
        desk.force.house.clock.advance(hours=13)
    answer = desk.sign_in(card)
    assert answer.status_code == 403
    assert "certificate_refused" in answer.get_data(as_text=True)
    assert desk.reason() == reason
    assert COOKIE not in answer.headers.get("Set-Cookie", "")


def test_a_card_of_another_authority_of_the_same_name_is_refused(desk: Desk) -> None:
    forged = authority("Force Root").authority("Force Cards").card("A1")
    assert desk.sign_in(forged).status_code == 403
    assert desk.reason() == "certificate_untrusted"


def test_a_revoked_card_is_refused_from_the_next_list_on(desk: Desk) -> None:
    card = desk.issuing.card("A1")
    assert desk.sign_in(card).status_code == 303
    desk.renew_lists(card)
    assert desk.sign_in(card).status_code == 403
    assert desk.reason() == "certificate_revoked"


def test_when_lists_run_out_nobody_enters_unless_the_force_says_otherwise(desk: Desk) -> None:
    revoked, card = desk.issuing.card("A1"), desk.issuing.card("A1")
    desk.renew_lists(revoked)
    desk.force.house.clock.advance(days=2)
    assert desk.sign_in(card).status_code == 403
    assert desk.reason() == "revocation_unknown"
    desk.settle(certificate_crl="if_present")
    assert desk.sign_in(card).status_code == 303
    assert desk.sign_in(revoked).status_code == 403


def test_a_renewed_card_needs_nothing_done(desk: Desk) -> None:
    desk.force.house.clock.advance(days=20)
    desk.renew_lists()
    renewed = desk.issuing.card("A1", start=desk.kernel.clock())
    assert desk.sign_in(renewed).status_code == 303


def test_an_account_made_anew_does_not_inherit_the_old_card(desk: Desk) -> None:
    """OpenTAKServer #352: the old certificate went on working."""
    card = desk.issuing.card("A1")
    assert desk.sign_in(card).status_code == 303
    desk.force.house.clock.advance(hours=1)
    account_made_anew(desk, "A1")
    assert desk.sign_in(card).status_code == 403
    assert desk.reason() == "certificate_older_than_account"
    fresh = desk.issuing.card("A1", start=desk.kernel.clock())
    assert desk.sign_in(fresh).status_code == 303


def account_made_anew(desk: Desk, number: str) -> None:
    """The old account keeps its history under a number nobody has; a new one takes the number."""
    with desk.kernel.writes() as uow:
        old = uow.session.scalars(select(Officer).where(Officer.number == number)).one()
        old.number, old.state = f"{number}.old", "left"
        old.epoch += 1
    with desk.kernel.writes() as uow:
        people.import_units(uow, ACTOR, UNITS)
        people.import_officers(uow, ACTOR, OFFICERS)
    with desk.kernel.writes() as uow:
        new = uow.session.scalars(select(Officer).where(Officer.number == number)).one()
        new.created_at = uow.now()
        city = desk.kernel.people.by_code("CITY").id
        uow.session.add(RoleGrant(officer_id=new.id, role="security_admin", unit_id=city))


def test_whoever_left_and_came_back_needs_a_new_card(desk: Desk) -> None:
    card = desk.issuing.card("A1")
    officer_id = desk.force.officer("A1").id
    desk.force.house.clock.advance(hours=1)
    with desk.kernel.writes() as uow:
        bindings.end_for(uow, officer_id)
    assert desk.sign_in(card).status_code == 403
    assert desk.reason() == "certificate_older_than_account"


def test_cards_older_than_the_accounts_count_once_an_administrator_says_so(desk: Desk) -> None:
    old = desk.issuing.card("A1", start=desk.kernel.clock() - timedelta(days=9))
    assert desk.sign_in(old).status_code == 403
    with desk.kernel.writes() as uow:
        everybody = bindings.accept_since(uow, ACTOR, uow.now() - timedelta(days=10))
    assert everybody == 7
    assert desk.sign_in(old).status_code == 303


def test_a_card_can_be_bound_whatever_it_names(desk: Desk) -> None:
    odd = desk.issuing.card("contractor 17")
    with desk.kernel.writes() as uow:
        bindings.bind(uow, ACTOR, "A1", odd.pem)
    assert desk.sign_in(odd).status_code == 303
    assert holder(desk) == desk.force.officer("A1").id


def holder(desk: Desk) -> UUID:
    with desk.kernel.reads() as uow:
        return uow.session.scalars(select(Session.officer_id)).one()


def test_a_suspended_officers_card_opens_nothing(desk: Desk) -> None:
    with desk.kernel.writes() as uow:
        officer = uow.session.merge(desk.force.officer("A1"))
        officer.state = "suspended"
    assert desk.sign_in(desk.issuing.card("A1")).status_code == 400
    assert desk.reason() == "officer_suspended"


def test_where_cards_are_marked_a_key_in_software_counts_less(desk: Desk) -> None:
    desk.settle(certificate_hardware_policy="1.2.156.10197.9.1")
    policy = x509.PolicyInformation(x509.ObjectIdentifier("1.2.156.10197.9.1"), None)
    marked = desk.issuing.card("A1", more=[(x509.CertificatePolicies([policy]), False)])
    for card, found in ((desk.issuing.card("A2"), (2, ["swk"])), (marked, (3, ["sc", "hwk"]))):
        assert desk.sign_in(card).status_code == 303
        with desk.kernel.reads() as uow:
            newest = uow.session.scalars(select(Session).order_by(Session.id.desc())).first()
        assert newest
        assert (newest.aal, newest.amr) == found


SPELLINGS = [
    "X-Muster-Client-Cert",
    "x-muster-client-cert",
    "X_Muster_Client_Cert",
    "X-SSL-Client-Cert",
    "X-SSL-Cert",
    "X-SSL-Client-Verify",
    "X-SSL-Client-S-DN",
    "X-Client-Cert",
    "X-Client-Verify",
    "X-Client-DN",
    "X-Forwarded-Client-Cert",
    "X-Forwarded-Tls-Client-Cert",
    "Client-Cert",
    "Ssl-Client-Cert",
    "X-ARR-ClientCert",
    "X-Amzn-Mtls-Clientcert",
]


@pytest.mark.parametrize("proxy", ["", SECRET[:-1], f"{SECRET},{SECRET}", f" {SECRET}x", "ü"])
def test_whoever_lacks_the_secret_shows_no_certificate(desk: Desk, proxy: str) -> None:
    """FortiClient EMS CVE-2026-35616: client-certificate headers from outside were believed."""
    card = desk.issuing.card("A1")
    spoofed = [(name, quote(card.pem)) for name in SPELLINGS]
    spoofed += [
        ("X-Muster-Zone", "office"),
        ("X-Forwarded-For", "10.1.1.1"),
        ("X-Muster-Proxy", proxy),
    ]
    client = desk.force.house.client
    answer = client.post(PAGE, data=own_form(client), headers=spoofed)
    assert answer.status_code == 403
    assert "certificate_missing" in answer.get_data(as_text=True)


def test_two_certificates_or_something_else_from_the_proxy_is_no_certificate(desk: Desk) -> None:
    card = quote(desk.issuing.card("A1").pem)
    for value in (f"{card},{card}", "SUCCESS", card.replace("CERTIFICATE", "PUBLIC%20KEY"), "%"):
        answer = desk.sign_in(None, **{"X-Muster-Client-Cert": value})
        assert answer.status_code == 400


def test_another_site_cannot_sign_somebody_in(desk: Desk) -> None:
    card = desk.issuing.card("A1")
    assert desk.sign_in(card, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert desk.force.log("identity.sign_in") == []
