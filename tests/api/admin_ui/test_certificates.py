"""A device admin's work with certificates: seeing who holds one, ending it, a challenge for SCEP."""

import re

from mdm.certificates import authority
from muster.kernel.identity.actor import system
from muster.server.demo.authority import make_authority
from tests.conftest import House
from tests.factories.certificates import ScepClient, ec_key, pem, told
from tests.factories.console import Reader
from tests.factories.terminal import TestTerminal

PAGE = "/console/certificates"


def test_without_a_ca_the_page_says_which_three_steps_are_left(
    house: House, admin: Reader, auditor: Reader
) -> None:
    assert admin.get(PAGE).status_code == 200
    for step in ("ca request", "ca sign-offline", "ca install"):
        assert f"muster {step}" in admin.page
    assert "Make a challenge" not in admin.page
    with house.kernel.writes() as uow:
        authority.request(uow, system("cli"), "City CA")
    auditor.get(PAGE)
    assert "City CA waits for the signature" in auditor.page
    make_authority(house.kernel)
    admin.get(PAGE)
    assert "muster ca request" not in admin.page


def test_a_certificate_is_found_and_ended_with_a_reason(
    house: House, admin: Reader, auditor: Reader, terminal: TestTerminal
) -> None:
    make_authority(house.kernel)
    given = terminal.agent("POST", "/agent/v1/certificate", {"csr": pem(ec_key())})
    assert given.status_code == 201
    admin.get(f"{PAGE}?holds=yes&q={terminal.label}")
    assert given.get_json()["fingerprint"] in admin.page
    (path,) = (action for action in admin.forms() if action.endswith("/revoke"))
    auditor.get(PAGE)
    assert given.get_json()["fingerprint"] in auditor.page
    assert path not in auditor.page
    assert admin.post(path, reason="").status_code == 422
    assert admin.post(path, reason="The key was copied").status_code == 303
    admin.get(PAGE)
    assert "worth nothing any more" in admin.page
    assert path not in admin.page
    admin.get(f"{PAGE}?holds=yes")
    assert given.get_json()["fingerprint"] not in admin.page


def test_a_challenge_from_the_page_enrols_its_terminal(
    house: House, admin: Reader, terminal: TestTerminal
) -> None:
    make_authority(house.kernel)
    admin.get(PAGE)
    wrong = admin.post(f"{PAGE}/challenge", terminal="T-NOBODY")
    assert wrong.status_code == 422
    assert "No terminal in service has this number." in admin.page
    assert admin.post(f"{PAGE}/challenge", terminal=terminal.label.lower()).status_code == 200
    secret = re.search(r'id="challenge"[^>]*>(msc_[\w-]+)<', admin.page)
    assert secret
    client = ScepClient(house.client.get("/scep?operation=GetCACert").data)
    answer = house.client.post("/scep?operation=PKIOperation", data=client.enrol(secret.group(1)))
    assert told(answer.data)["status"] == "0"
    admin.get(PAGE)
    assert terminal.label in admin.page
    assert secret.group(1) not in admin.page
