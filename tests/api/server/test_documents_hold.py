"""Every OpenAPI document is true: schemathesis asks every operation, and each answer is documented.

What is generated fits the document half of the time and misses it otherwise; no answer may be a
500, of another media type, or of a shape that the document does not give.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, SerializationContext, openapi, serializer
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from muster.kernel.web import AUDIENCES
from muster.server.demo.authority import make_authority
from tests.api.server.test_bad_input_everywhere import Everybody, harmless
from tests.conftest import House

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@serializer("application/x-pki-message")
def as_bytes(ctx: SerializationContext, value: Any) -> bytes:
    """Send a body of no text as it comes."""
    return value if isinstance(value, bytes) else str(value).encode()


QUIETLY = settings(
    max_examples=4,
    phases=[Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def operations(house: House, audience: str) -> Iterator[Any]:
    document = house.app.extensions["muster_documents"][audience].spec.to_dict()
    for found in openapi.from_dict(document).get_all_operations():
        operation = found.ok()
        if harmless(operation.method, operation.path):
            yield operation


def send(everybody: Everybody, case: Case) -> Any:
    """Send a generated case as somebody who may call it."""
    asked = case.as_transport_kwargs(base_url="http://localhost:8000")
    auth = case.operation.definition.raw.get("x-auth", ["open"])[0]
    path = asked["url"].removeprefix("http://localhost:8000")
    headers = {
        name: value
        for name, value in dict(asked.get("headers") or {}).items()
        if name.lower() not in ("authorization", "dpop", "content-length")
    }
    headers.setdefault("Idempotency-Key", uuid4().hex)
    options = {name: asked[name] for name in ("data", "json") if asked.get(name) is not None}
    return everybody.send(
        auth, case.method, path, query_string=asked.get("params"), headers=headers, **options
    )


@pytest.mark.parametrize("audience", sorted(AUDIENCES))
def test_every_answer_is_one_that_the_document_gives(house: House, audience: str) -> None:
    make_authority(house.kernel)
    everybody = Everybody(house)
    wrong: list[str] = []
    for operation in operations(house, audience):

        @QUIETLY
        @given(case=operation.as_strategy())
        def ask(case: Case) -> None:
            answer = send(everybody, case)
            try:
                case.validate_response(answer, checks=CHECKS)
            except AssertionError as error:
                wrong.append(f"{case.method} {case.path} {answer.status_code}: {error}")
            except BaseExceptionGroup as group:
                wrong.extend(
                    f"{case.method} {case.path} {answer.status_code}: {error}"
                    for error in group.exceptions
                )

        ask()
    assert wrong == [], "\n\n".join(sorted(set(wrong)))
