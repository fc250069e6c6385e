"""Certificates of terminals: how they come, what they are worth, and when that ends."""

from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select
from werkzeug.test import TestResponse

from mdm.certificates import verify_presented
from mdm.certificates.errors import (
    CertificateExpired,
    CertificateRevoked,
    CertificateSuperseded,
    UnknownCertificate,
)
from mdm.certificates.models import ScepChallenge
from mdm.certificates.scep import cms, message
from mdm.certificates.scep.cms import Recipient
from mdm.devices.errors import DeviceOutOfService
from muster.kernel.audit.models import ENTRIES
from muster.kernel.errors import DomainError
from muster.kernel.identity.actor import system
from muster.server.demo.authority import make_authority
from tests.conftest import House
from tests.factories.certificates import ScepClient, csr, ec_key, pem, rsa_key, told
from tests.factories.mdm import Console, Force, qr, wipe
from tests.factories.terminal import TestTerminal

WHY = {"reason": "left in a taxi"}


@pytest.fixture(autouse=True)
def ca(house: House) -> Any:
    return make_authority(house.kernel)


@pytest.fixture
def terminal(force: Force, admin: Console) -> TestTerminal:
    return force.enrolled(admin)


def asked(terminal: TestTerminal, **options: Any) -> TestResponse:
    return terminal.agent("POST", "/agent/v1/certificate", {"csr": pem(ec_key(), **options)})


def given(answer: TestResponse) -> x509.Certificate:
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return x509.load_pem_x509_certificate(answer.get_json()["chain"][0].encode())


def presented(house: House, certificate: x509.Certificate) -> Any:
    return verify_presented(house.kernel, certificate.public_bytes(Encoding.DER), house.clock())


def refused(house: House, certificate: x509.Certificate, why: type[DomainError]) -> None:
    with pytest.raises(why):
        presented(house, certificate)


def revoked_serials(house: House) -> set[int]:
    answer = house.client.get("/pki/issuing.crl")
    assert answer.content_type == "application/pkix-crl"
    return {one.serial_number for one in x509.load_der_x509_crl(answer.data)}


# -- at enrolment, and by the agent ------------------------------------------------------------


def test_a_terminal_comes_in_with_a_request_and_leaves_with_a_certificate(
    house: House, force: Force, admin: Console
) -> None:
    terminal = force.terminal()
    evil = (x509.BasicConstraints(ca=True, path_length=None),)
    answer = terminal.enrol(qr(admin), csr=pem(terminal.key, extensions=evil))
    told = answer.get_json()["certificate"]
    leaf, issuing = (x509.load_pem_x509_certificate(each.encode()) for each in told["chain"])
    assert leaf.subject.rfc4514_string() == f"CN={terminal.label},2.5.4.5={terminal.id}"
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    leaf.verify_directly_issued_by(issuing)
    assert told["renew_after"] < told["not_after"]
    assert presented(house, leaf) == terminal.id


def test_coming_in_does_not_depend_on_a_ca(
    house: House, force: Force, admin: Console, ca: Any
) -> None:
    from mdm.certificates import authority

    with house.kernel.writes() as uow:
        authority.retire(uow, system("cli"), ca.fingerprint)
    terminal = force.terminal()
    answer = terminal.enrol(qr(admin), csr=pem(terminal.key))
    assert (answer.status_code, answer.get_json()["certificate"]) == (201, None)
    later = asked(terminal)
    assert (later.status_code, later.get_json()["code"]) == (503, "certificate_authority_missing")


def test_a_bad_request_spends_no_token(force: Force, admin: Console) -> None:
    code, terminal = qr(admin), force.terminal()
    answer = terminal.enrol(code, csr="rubbish")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "certificate_request_refused")
    assert terminal.enrol(code).status_code == 201


def test_the_renewed_certificate_ends_a_day_after_the_next_one_came(
    house: House, terminal: TestTerminal
) -> None:
    first = given(asked(terminal))
    house.clock.advance(days=40)
    second = given(asked(terminal))
    assert presented(house, first) == presented(house, second) == terminal.id
    third = given(asked(terminal))
    refused(house, first, CertificateSuperseded)
    house.clock.advance(hours=25)
    refused(house, second, CertificateSuperseded)
    assert presented(house, third) == terminal.id
    assert revoked_serials(house) == {first.serial_number, second.serial_number}
    house.clock.advance(days=60)
    refused(house, third, CertificateExpired)


def test_another_terminals_key_gets_no_certificate(
    force: Force, admin: Console, terminal: TestTerminal
) -> None:
    stolen = pem(ec_key())
    given(terminal.agent("POST", "/agent/v1/certificate", {"csr": stolen}))
    other = force.enrolled(admin)
    answer = other.agent("POST", "/agent/v1/certificate", {"csr": stolen})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "certificate_key_known")


# -- what ends it ------------------------------------------------------------------------------

Ending = Callable[[Force, Console, Console, TestTerminal], None]


def lose(force: Force, admin: Console, second: Console, terminal: TestTerminal) -> None:
    assert admin.post(f"/admin/v1/devices/{terminal.id}/lost", WHY).status_code == 200


def retire(force: Force, admin: Console, second: Console, terminal: TestTerminal) -> None:
    assert admin.post(f"/admin/v1/devices/{terminal.id}/retire", WHY).status_code == 200


def erase(force: Force, admin: Console, second: Console, terminal: TestTerminal) -> None:
    wipe(admin, second, terminal)
    (order,) = terminal.check_in().get_json()["commands"]
    done = terminal.agent("POST", f"/agent/v1/commands/{order['id']}/result", {"outcome": "done"})
    assert done.get_json()["state"] == "acknowledged"


@pytest.mark.parametrize("end", [lose, retire, erase])
def test_out_of_service_its_certificate_is_worth_nothing_at_once(
    house: House,
    force: Force,
    admin: Console,
    second: Console,
    terminal: TestTerminal,
    end: Ending,
) -> None:
    certificate = given(asked(terminal))
    end(force, admin, second, terminal)
    refused(house, certificate, DeviceOutOfService)
    assert revoked_serials(house) == {certificate.serial_number}
    assert asked(terminal).get_json()["code"] == "device_out_of_service"


def test_found_again_the_old_certificate_stays_ended_and_a_new_one_is_given(
    house: House, admin: Console, terminal: TestTerminal
) -> None:
    old = given(asked(terminal))
    admin.post(f"/admin/v1/devices/{terminal.id}/lost", WHY)
    found = admin.post(f"/admin/v1/devices/{terminal.id}/found", WHY)
    assert found.status_code == 200
    refused(house, old, CertificateSuperseded)
    assert presented(house, given(asked(terminal))) == terminal.id


def test_an_old_certificate_is_refused_after_the_terminal_was_made_anew(
    house: House, force: Force, admin: Console, terminal: TestTerminal
) -> None:
    """OpenTAKServer #352: an account made again must not honour what the earlier one held."""
    old = given(asked(terminal))
    admin.post(f"/admin/v1/devices/{terminal.id}/retire", WHY)
    again = force.terminal(serial=terminal.serial)
    assert again.enrol(qr(admin)).status_code == 201
    refused(house, old, DeviceOutOfService)
    new = given(asked(again))
    assert presented(house, new) == again.id != terminal.id


def test_a_wipe_that_waits_ends_it_and_its_cancelling_does_not_bring_it_back(
    house: House, admin: Console, second: Console, terminal: TestTerminal
) -> None:
    certificate = given(asked(terminal))
    wipe(admin, second, terminal)
    refused(house, certificate, CertificateSuperseded)


def test_a_device_admin_revokes_it(house: House, admin: Console, terminal: TestTerminal) -> None:
    certificate = given(asked(terminal))
    (listed,) = admin.get(f"/admin/v1/certificates?device_id={terminal.id}").get_json()["items"]
    assert (listed["state"], listed["serial"]) == ("live", f"{certificate.serial_number:x}")
    path = f"/admin/v1/certificates/{listed['id']}/revoke"
    ended = admin.post(path, WHY)
    assert (ended.status_code, ended.get_json()["state"]) == (200, "revoked")
    refused(house, certificate, CertificateRevoked)
    again = admin.post(path, WHY)
    assert (again.status_code, again.get_json()["code"]) == (409, "certificate_already_ended")


def test_only_those_over_the_terminal_see_or_end_its_certificates(
    force: Force, admin: Console, terminal: TestTerminal
) -> None:
    given(asked(terminal))
    (listed,) = admin.get("/admin/v1/certificates?holds=true").get_json()["items"]
    south = force.console("B1", "device_admin", unit="SOUTH")
    assert south.get("/admin/v1/certificates").get_json()["items"] == []
    path = f"/admin/v1/certificates/{listed['id']}/revoke"
    assert south.post(path, WHY).status_code == 403
    auditor = force.console("B2", "auditor")
    assert len(auditor.get("/admin/v1/certificates").get_json()["items"]) == 1
    assert auditor.post(path, WHY).status_code == 403
    assert force.console("B3", "supervisor").get("/admin/v1/certificates").status_code == 403


def test_a_certificate_we_never_issued_is_unknown_whatever_it_says(
    house: House, terminal: TestTerminal
) -> None:
    ours = given(asked(terminal))
    key = ec_key()
    twin = (
        x509.CertificateBuilder()
        .subject_name(ours.subject)
        .issuer_name(ours.issuer)
        .serial_number(ours.serial_number)
        .public_key(key.public_key())
        .not_valid_before(ours.not_valid_before_utc)
        .not_valid_after(ours.not_valid_after_utc)
        .sign(key, ours.signature_hash_algorithm)
    )
    refused(house, twin, UnknownCertificate)
    with pytest.raises(UnknownCertificate):
        verify_presented(house.kernel, b"\x30\x00", house.clock())


def test_two_cas_live_side_by_side_until_the_old_one_is_retired(
    house: House, force: Force, admin: Console, terminal: TestTerminal, ca: Any
) -> None:
    from mdm.certificates import authority

    old = given(asked(terminal))
    make_authority(house.kernel, "The next one")
    new = given(asked(force.enrolled(admin)))
    assert new.issuer != old.issuer
    presented(house, old)
    presented(house, new)
    with house.kernel.writes() as uow:
        authority.retire(uow, system("cli"), ca.fingerprint)
    refused(house, old, UnknownCertificate)
    presented(house, new)
    point = old.extensions.get_extension_for_class(x509.CRLDistributionPoints).value[0]
    path = point.full_name[0].value.removeprefix(house.kernel.settings.origin)
    listed = x509.load_der_x509_crl(house.client.get(path).data)
    assert listed.get_revoked_certificate_by_serial_number(old.serial_number) is not None


def test_a_revocation_list_is_kept_until_something_ends(
    house: House, admin: Console, terminal: TestTerminal
) -> None:
    given(asked(terminal))
    first = house.client.get("/pki/issuing.crl").data
    assert house.client.get("/pki/issuing.crl").data == first
    admin.post(f"/admin/v1/devices/{terminal.id}/lost", WHY)
    crl = x509.load_der_x509_crl(house.client.get("/pki/issuing.crl").data)
    issuing = x509.load_der_x509_certificate(house.client.get("/pki/issuing.cer").data)
    assert crl.is_signature_valid(issuing.public_key())
    assert crl.next_update_utc is not None
    assert len(list(crl)) == 1
    assert house.client.get("/pki/0123456789abcdef.crl").status_code == 404


# -- SCEP --------------------------------------------------------------------------------------


@pytest.fixture
def client(house: House) -> ScepClient:
    return ScepClient(house.client.get("/scep?operation=GetCACert").data)


def challenge(admin: Console, terminal: TestTerminal) -> str:
    answer = admin.post(f"/admin/v1/devices/{terminal.id}/certificate-challenges")
    assert answer.status_code == 201, answer.get_data(as_text=True)
    secret: str = answer.get_json()["challenge"]
    return secret


def send(house: House, data: bytes) -> bytes:
    answer = house.client.post("/scep?operation=PKIOperation", data=data)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.content_type == "application/x-pki-message"
    return answer.data


def denied(house: House) -> list[str]:
    """Every refusal at the SCEP door that is on the log, oldest first."""
    query = select(ENTRIES.c.canonical).where(
        ENTRIES.c.action == "mdm.certificate.enrol", ENTRIES.c.outcome == "denied"
    )
    with house.kernel.db.connect() as connection:
        rows = connection.execute(query.order_by(ENTRIES.c.n)).scalars().all()
    return [bytes(row).decode() for row in rows]


def test_capabilities_name_nothing_weak(house: House) -> None:
    answer = house.client.get("/scep?operation=GetCACaps")
    lines = answer.get_data(as_text=True).split()
    assert {"AES", "SHA-256", "POSTPKIOperation", "Renewal", "SCEPStandard"} <= set(lines)
    assert not {"SHA-1", "DES3", "DES"} & set(lines)


def test_a_challenge_brings_one_certificate_and_then_nothing(
    house: House, admin: Console, terminal: TestTerminal, client: ScepClient
) -> None:
    secret = challenge(admin, terminal)
    data = client.enrol(secret)
    answer = send(house, data)
    assert told(answer) == {"type": "3", "status": "0", "transaction": "t-1"}
    (certificate,) = client.certificates(answer)
    assert certificate.public_key() == client.key.public_key()
    assert presented(house, certificate) == terminal.id
    replayed = send(house, data)
    assert told(replayed) == {"type": "3", "status": "2", "fail": "2", "transaction": "t-1"}
    other = ScepClient(house.client.get("/scep?operation=GetCACert").data, rsa_key())
    assert told(send(house, other.enrol(secret)))["fail"] == "2"
    assert len(denied(house)) == 2
    assert secret not in "".join(denied(house))


def test_a_challenge_makes_a_certificate_of_its_own_terminal_whatever_the_request_says(
    house: House, force: Force, admin: Console, terminal: TestTerminal, client: ScepClient
) -> None:
    other = force.enrolled(admin)
    names = (
        x509.SubjectAlternativeName([x509.DNSName(other.label)]),
        x509.BasicConstraints(ca=True, path_length=None),
    )
    request = csr(client.key, challenge=challenge(admin, terminal), extensions=names)
    (certificate,) = client.certificates(send(house, client.message(request)))
    read = certificate.extensions.get_extension_for_class
    assert [name.value for name in read(x509.SubjectAlternativeName).value] == [
        f"urn:uuid:{terminal.id}"
    ]
    assert not read(x509.BasicConstraints).value.ca
    assert presented(house, certificate) == terminal.id


def test_a_wrong_or_missing_challenge_is_a_bad_request(house: House, client: ScepClient) -> None:
    for secret in (None, "", "msc_wrong", "secret"):
        assert told(send(house, client.enrol(secret)))["fail"] == "2"
    assert len(denied(house)) == 4


def test_a_challenge_ends_after_fifteen_minutes_and_with_the_next_one(
    house: House, admin: Console, terminal: TestTerminal, client: ScepClient
) -> None:
    replaced = challenge(admin, terminal)
    expiring = challenge(admin, terminal)
    assert told(send(house, client.enrol(replaced)))["fail"] == "2"
    house.clock.advance(minutes=15)
    assert told(send(house, client.enrol(expiring)))["fail"] == "2"


def test_a_challenge_ends_with_its_terminal(
    house: House, admin: Console, terminal: TestTerminal, client: ScepClient
) -> None:
    orphaned = challenge(admin, terminal)
    admin.post(f"/admin/v1/devices/{terminal.id}/lost", WHY)
    assert told(send(house, client.enrol(orphaned)))["fail"] == "2"
    none = admin.post(f"/admin/v1/devices/{terminal.id}/certificate-challenges")
    assert none.get_json()["code"] == "certificate_device_not_in_service"


def test_only_the_hash_of_a_challenge_is_kept(
    house: House, admin: Console, terminal: TestTerminal
) -> None:
    secret = challenge(admin, terminal)
    with house.kernel.reads() as uow:
        row = uow.session.scalars(select(ScepChallenge)).one()
    assert secret not in repr(vars(row))


def test_the_key_that_signs_must_be_the_key_to_be_certified(
    house: House, admin: Console, terminal: TestTerminal, client: ScepClient
) -> None:
    request = csr(rsa_key(), challenge=challenge(admin, terminal))
    assert told(send(house, client.message(request)))["fail"] == "2"


def test_a_certificate_that_holds_renews_itself_and_one_that_does_not_cannot(
    house: House, force: Force, admin: Console, terminal: TestTerminal, client: ScepClient
) -> None:
    (first,) = client.certificates(send(house, client.enrol(challenge(admin, terminal))))
    holder = Recipient(first, client.key)
    house.clock.advance(days=40)
    renewing = client.message(csr(client.key), kind="17", signer=holder)
    (second,) = client.certificates(send(house, renewing), holder)
    assert second.serial_number != first.serial_number
    assert presented(house, second) == terminal.id
    stranger = client.message(csr(client.key), kind="17")
    assert told(send(house, stranger))["fail"] == "4"
    later = force.console("A7", "device_admin")
    later.post(f"/admin/v1/devices/{terminal.id}/retire", WHY)
    assert told(send(house, renewing))["fail"] == "4"


def test_a_message_that_was_changed_on_its_way_fails_its_check(
    house: House, admin: Console, terminal: TestTerminal, client: ScepClient
) -> None:
    data = client.enrol(challenge(admin, terminal))
    at = data.index(b"t-1")
    swapped = data[:at] + b"t-2" + data[at + 3 :]
    assert told(send(house, swapped)) == {
        "type": "3",
        "status": "2",
        "fail": "1",
        "transaction": "t-2",
    }
    assert told(send(house, data))["status"] == "0", "the challenge was not spent on it"


def test_an_envelope_tells_a_stranger_nothing_of_what_it_holds(
    house: House, client: ScepClient
) -> None:
    """A padding oracle would open what was overheard: every way not to open it looks the same."""
    overheard = cms.envelope(csr(client.key, challenge="x").public_bytes(Encoding.DER), client.ra)
    answers = [send(house, client.message(b"no request"))]
    for place in (-1, -17, -40, -200):
        spoilt = bytearray(overheard)
        spoilt[place] ^= 1
        answers.append(send(house, client.message(b"", sealed=bytes(spoilt))))
    said = {
        (told(answer)["fail"], cms.read_signed(answer).attributes[message.FAIL_INFO_TEXT])
        for answer in answers
    }
    assert len(said) == 1
    assert told(answers[0])["fail"] == "1"


def test_a_revoked_key_gets_no_other_certificate(admin: Console, terminal: TestTerminal) -> None:
    request = {"csr": pem(ec_key())}
    given(terminal.agent("POST", "/agent/v1/certificate", request))
    (listed,) = admin.get("/admin/v1/certificates").get_json()["items"]
    admin.post(f"/admin/v1/certificates/{listed['id']}/revoke", WHY)
    again = terminal.agent("POST", "/agent/v1/certificate", request)
    assert (again.status_code, again.get_json()["code"]) == (409, "certificate_key_known")
    given(asked(terminal))


def test_other_messages_and_other_recipients_are_told_so(house: House, client: ScepClient) -> None:
    assert told(send(house, client.message(csr(client.key), kind="20")))["fail"] == "2"
    assert told(send(house, client.enrol("x", to=client.own.certificate)))["fail"] == "4"


def test_what_is_no_message_is_refused_without_a_stumble(house: House) -> None:
    wrong = [(b"", 400), (b"hello", 400), (b"\x30\x80" * 9000, 400), (bytes(70_000), 413)]
    for data, status in wrong:
        answer = house.client.post("/scep?operation=PKIOperation", data=data)
        assert answer.status_code == status
    for query in ("operation=PKIOperation&message=%%%", "operation=Reboot", ""):
        assert house.client.get(f"/scep?{query}").status_code == 400


def test_guessing_is_slowed_down(house: House, client: ScepClient) -> None:
    answers = {
        house.client.post("/scep?operation=PKIOperation", data=b"x").status_code for _ in range(40)
    }
    assert answers == {400, 429}
