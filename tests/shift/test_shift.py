"""The main job: one whole shift, played as anybody would who has just cloned the house."""

import json
import socket
from pathlib import Path

from tests.shift.conftest import demo


def test_one_whole_shift_passes(own_database: str, port: int, tmp_path: Path) -> None:
    played = demo("--once", "--port", str(port), database=own_database, state=tmp_path)
    assert played.returncode == 0, played.stdout + played.stderr
    assert " 12. The auditor verifies the log" in played.stdout
    manifest = json.loads((tmp_path / "demo.json").read_text(encoding="utf-8"))
    assert manifest["base_url"] == f"http://localhost:{port}"
    assert {"agent", "hmdm", "sync", "publisher", "uploads"} <= manifest["clients"].keys()
    assert (tmp_path / "demo.json").stat().st_mode & 0o077 == 0


def test_the_same_city_plays_a_second_shift(port: int, tmp_path: Path) -> None:
    for _ in range(2):
        played = demo("--once", "--port", str(port), state=tmp_path)
        assert played.returncode == 0, played.stdout + played.stderr


def test_a_port_in_use_is_told_in_one_sentence(port: int, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        played = demo("--once", "--port", str(port), state=tmp_path)
    assert played.returncode == 1
    assert "is the port in use?" in played.stderr
    assert "Traceback" not in played.stderr


def test_a_damaged_state_folder_is_told_in_one_sentence(port: int, tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("not a key", encoding="utf-8")
    played = demo("--once", "--port", str(port), state=tmp_path)
    assert played.returncode == 1
    assert "delete the state folder" in played.stderr
    assert "Traceback" not in played.stderr
