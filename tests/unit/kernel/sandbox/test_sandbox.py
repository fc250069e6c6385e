"""A child process that may neither grow nor linger, and knows nothing of us."""

from pathlib import Path

import pytest

from muster.kernel.sandbox import ChildFailed, Limits, TooCostly, answer_of

PROGRAMS = {
    "echoes": "import sys\ndef main(a): return {'a': a, 'data': sys.stdin.buffer.read().decode()}",
    "tells": "import os\ndef main(): return dict(os.environ)",
    "waits": "import sys, time\ndef main(): time.sleep(60)",
    "turns": "def main():\n    while True: pass",
    "grows": "def main(): return {'n': len(bytes(1 << 30))}",
    "fails": "def main(): raise ValueError('the reason')",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, program in PROGRAMS.items():
        (tmp_path / f"{name}.py").write_text(program, encoding="utf-8")
    return tmp_path


def test_it_answers_from_its_arguments_and_its_input(folder):
    answer = answer_of(folder, "echoes", "盘查", limits=Limits(), data="记录".encode())
    assert answer == {"a": "盘查", "data": "记录"}


def test_it_sees_none_of_our_environment(folder, monkeypatch):
    monkeypatch.setenv("MUSTER_SECRET", "not for children")
    assert "MUSTER_SECRET" not in answer_of(folder, "tells", limits=Limits())


@pytest.mark.parametrize(
    ("program", "limits", "resource"),
    [
        ("waits", Limits(wall_seconds=1.0), "time"),
        ("turns", Limits(processor_seconds=1), "processor time or memory"),
        ("grows", Limits(), "memory"),
    ],
)
def test_one_that_takes_too_much_is_ended(folder, program, limits, resource):
    with pytest.raises(TooCostly, match=f"^{resource}$"):
        answer_of(folder, program, limits=limits)


def test_one_that_breaks_off_leaves_its_last_words(folder):
    with pytest.raises(ChildFailed, match="ValueError: the reason"):
        answer_of(folder, "fails", limits=Limits())
