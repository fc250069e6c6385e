"""One OpenAPI document per audience, valid, complete, and committed as the server makes it."""

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from muster.kernel.web import AUDIENCES, Auth
from muster.server import openapi

COMMITTED = Path(__file__).parents[3] / "docs" / "openapi"
METHODS = {"get", "put", "post", "patch", "delete", "head", "options"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What `muster openapi` writes, by audience."""
    paths = openapi.write(tmp_path_factory.mktemp("openapi") / "new")
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    ]


def test_there_is_a_valid_document_for_each_audience(written: dict[str, dict[str, Any]]) -> None:
    assert set(written) == set(AUDIENCES)
    for document in written.values():
        validate(document)
        assert operations(document)


def test_every_operation_has_a_name_a_sentence_and_an_auth_class(
    written: dict[str, dict[str, Any]],
) -> None:
    names: list[str] = []
    for document in written.values():
        for operation in operations(document):
            names.append(operation["operationId"])
            assert operation["summary"], operation["operationId"]
            assert set(operation["x-auth"]) <= {auth.value for auth in Auth}
    assert len(names) == len(set(names))


def test_refusals_are_documented_as_problems(written: dict[str, dict[str, Any]]) -> None:
    for document in written.values():
        default = document["components"]["responses"]["DEFAULT_ERROR"]
        assert list(default["content"]) == ["application/problem+json"]


def test_the_committed_documents_are_current(written: dict[str, dict[str, Any]]) -> None:
    """Run `make openapi` and commit what it writes."""
    for name, document in written.items():
        committed = json.loads((COMMITTED / f"{name}.json").read_text(encoding="utf-8"))
        assert committed == document, f"docs/openapi/{name}.json is old: run make openapi"
