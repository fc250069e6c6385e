import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from muster.handheld.cli import main


def run(folder: Path, *words: str, **options: Any) -> Result:
    return CliRunner().invoke(main, ["--folder", str(folder), *words], **options)


def test_a_new_terminal_tells_that_it_is_nobody(tmp_path: Path) -> None:
    shown = json.loads(run(tmp_path, "status").output)
    assert shown["signed_in"] is None
    assert shown["waiting"] == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["check-in"], "not enrolled"),
        (["search", "Rongpu Road 9"], "Nobody is signed in"),
        (["check", "plate", "桂A12345", "--offline"], "Nobody is signed in"),
        (["collect", "stop_check", "-"], "must be one JSON object"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    words: list[str], sentence: str, tmp_path: Path
) -> None:
    result = run(tmp_path, *words, input="[]")
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"token": "met_1", "audience": 5}'])
def test_a_code_that_is_none_is_refused_in_one_sentence(content: str, tmp_path: Path) -> None:
    code = tmp_path / "code.json"
    code.write_text(content, encoding="utf-8")
    result = run(tmp_path / "terminal", "enrol", str(code), "--serial", "S1")
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")


def test_a_server_that_is_away_is_told_in_one_sentence(tmp_path: Path) -> None:
    code = {"token": "met_x", "audience": "http://127.0.0.1:9", "manifest_keys": []}
    path = tmp_path / "code.json"
    path.write_text(json.dumps(code), encoding="utf-8")
    result = run(tmp_path / "terminal", "enrol", str(path), "--serial", "S1")
    assert result.exit_code == 1
    assert "does not answer" in result.output
