"""The failures that brought down others in this field, tried at every address of ours.

Each test names what happened elsewhere; the addresses come from the application itself, so that a
new one is tried from its first day.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from muster.kernel.web import Auth, is_static, marks
from tests.conftest import House
from tests.factories.mdm import PIN, Force
from tests.factories.terminal import TestTerminal

_NOWHERE = "0190a0a0-0000-7000-8000-000000000000"
_PUBLIC = {Auth.OPEN, Auth.ENROL}
_BOUND = {Auth.FIELD, Auth.DEPOSIT}


def addresses(house: House, wanted: set[Auth]) -> Iterator[tuple[str, str]]:
    """Every method and path whose auth classes are all among the wanted ones."""
    declared = marks(house.app)
    for rule in house.app.url_map.iter_rules():
        if is_static(house.app, rule.endpoint) or not set(declared[rule.endpoint].auth) <= wanted:
            continue
        values = {name: _somewhere(rule, name) for name in rule.arguments}
        path = rule.build(values, append_unknown=False)
        assert path is not None
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, path[1].replace(" ", "%20")


def _somewhere(rule: Rule, name: str) -> str | int:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else _NOWHERE


@pytest.fixture
def signed_in(force: Force) -> TestTerminal:
    terminal = force.compliant(force.console("A1", "device_admin"))
    force.officer("P1", "officer", "supervisor")
    assert terminal.sign_in("P1", PIN).status_code == 200
    return terminal


def test_no_address_answers_somebody_without_credentials(house: House) -> None:
    """Ivanti EPMM CVE-2023-35078: paths of the API that asked nobody who they were."""
    protected = set(addresses(house, set(Auth) - _PUBLIC))
    assert len(protected) > 100
    open_doors = {
        (method, path)
        for method, path in protected
        if house.client.open(path, method=method).status_code not in (302, 303, 401, 403, 404, 411)
    }
    assert open_doors == set()


TRICKS = [
    "/{}",
    "//{}",
    "/;/{}",
    "/%2e/{}",
    "/x/%2e%2e/{}",
    "/x/../{}",
    "/{};x=1",
    "/{}%00",
    "/{}/.",
]


def test_no_trick_with_a_path_leads_past_the_gate(house: House) -> None:
    """Ivanti CVE-2023-35081 and MobileIron CVE-2020-15505: `//`, `;` and `%2e` went around it."""
    protected = sorted(addresses(house, {Auth.CONSOLE, *_BOUND}))
    let_in = [
        (method, trick, path)
        for method, path in protected[:: max(1, len(protected) // 60)]
        for trick in TRICKS
        if house.client.open(trick.format(path.lstrip("/")), method=method).status_code < 300
        or house.client.open(trick.format(path.lstrip("/")).upper(), method=method).status_code
        < 300
    ]
    assert let_in == []


def forgeries(house: House, terminal: TestTerminal) -> Iterator[tuple[str, str]]:
    """Tokens that look like ours and are not."""
    claims = jwt.decode(terminal.access_token, options={"verify_signature": False})
    ours = house.kernel.keys.signer("access_token")
    foreign = ec.generate_private_key(ec.SECP256R1())
    typed = {"typ": "at+jwt", "kid": ours.kid}
    yield "unsigned", jwt.encode(claims, None, algorithm="none", headers=typed)
    yield "symmetric", jwt.encode(claims, "k" * 32, algorithm="HS256", headers=typed)
    yield "foreign", jwt.encode(claims, foreign, algorithm="ES256", headers=typed)
    for name, changed in (
        ("another audience", {"aud": "somebody-else"}),
        ("another issuer", {"iss": "https://elsewhere.example"}),
        ("no audience", {"aud": None}),
        ("no issuer", {"iss": None}),
    ):
        kept = {key: value for key, value in (claims | changed).items() if value is not None}
        yield name, jwt.encode(kept, ours.private_key, algorithm="ES256", headers=typed)
    yield (
        "an id token",
        jwt.encode(claims, ours.private_key, algorithm="ES256", headers=typed | {"typ": "JWT"}),
    )


def test_no_address_takes_a_token_that_we_did_not_issue_for_it(
    house: House, signed_in: TestTerminal
) -> None:
    """Fleet GHSA-63m5-974w-448v and CVE-2026-24899: unsigned tokens, and no look at aud and iss."""
    bound = sorted(addresses(house, _BOUND))
    assert len(bound) > 10
    taken = []
    for name, token in forgeries(house, signed_in):
        for method, path in bound:
            headers = {
                "Authorization": f"DPoP {token}",
                "DPoP": signed_in.proof(method, path, token),
                "Idempotency-Key": uuid4().hex,
            }
            answer = house.client.open(path, method=method, headers=headers)
            if answer.status_code != 401:
                taken.append((name, method, path, answer.status_code))
    assert taken == []


CLAIMED = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Real-IP": "127.0.0.1",
    "Forwarded": "for=127.0.0.1;proto=https",
    "X-Forwarded-User": "A1",
    "X-Remote-User": "A1",
    "X-SSL-Client-Verify": "SUCCESS",
    "X-SSL-Client-S-DN": "CN=A1",
    "X-SSL-Client-Cert": "-----BEGIN CERTIFICATE-----",
    "X-Client-Cert": "-----BEGIN CERTIFICATE-----",
    "SSL-CLIENT-CERT": "-----BEGIN CERTIFICATE-----",
    "X-Muster-Address": "10.0.0.1",
    "X-Muster-Zone": "office",
    "X-Muster-Client-Cert": "-----BEGIN CERTIFICATE-----",
    "X-Muster-Proxy": "guessed",
}


def test_no_header_that_a_proxy_would_send_makes_anybody_somebody(house: House) -> None:
    """FortiClient EMS CVE-2026-35616: it believed client-certificate headers from outside."""
    let_in = [
        (method, path)
        for method, path in sorted(addresses(house, set(Auth) - _PUBLIC))
        if house.client.open(path, method=method, headers=CLAIMED).status_code
        not in (302, 303, 401, 403, 404, 411)
    ]
    assert let_in == []


def bodies(house: House) -> Iterator[tuple[str, str, list[str]]]:
    """Every documented address that takes a JSON object."""
    for api in house.app.extensions["muster_documents"].values():
        for path, item in api.spec.to_dict()["paths"].items():
            for method, operation in item.items():
                content = operation.get("requestBody", {}) if method != "parameters" else {}
                if "application/json" in content.get("content", {}):
                    yield method.upper(), path, operation["x-auth"]


SLIPPED_IN = {"is_admin": True, "roles": ["security_admin"], "officer_epoch": 99, "tier_": 3}


def test_no_body_can_slip_in_a_field_that_is_not_documented(house: House, force: Force) -> None:
    """Mass assignment: who may change their name must not thereby become an administrator."""
    admin = force.console("A1", "device_admin", unit="CITY")
    taken = []
    for method, path, auth in bodies(house):
        if "console" not in auth:
            continue
        parts = [_NOWHERE if "{" in part else part for part in path.split("/")]
        answer = admin.call(
            method, "/".join(parts), {"name": "x", **SLIPPED_IN}, headers={"If-Match": '"v1"'}
        )
        told: dict[str, Any] = answer.get_json(silent=True) or {}
        if answer.status_code < 400 or (
            answer.status_code == 422
            and not any("is_admin" in fault["pointer"] for fault in told.get("errors", ()))
            and told.get("code") == "invalid_input"
        ):
            taken.append((method, path, answer.status_code, told))
    assert taken == []


def test_nothing_is_signed_with_a_secret_of_flasks(house: House) -> None:
    """Superset CVE-2023-27524: two of three installations kept Flask's example SECRET_KEY."""
    assert house.app.secret_key is None
    assert "session" not in house.client.get("/console/sign-in").headers.get("Set-Cookie", "")
