"""The export: plain files that verify without us, and in which every change shows."""

import json
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.kernel.audit import Exported, ExportUnreadable, verify
from muster.kernel.errors import Conflict

shared = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def test_an_export_holds_each_entry_as_a_line_that_hashes_to_its_leaf(long_log, tmp_path):
    folder = long_log.export(tmp_path)
    entries = (folder / "entries.jsonl").read_bytes().splitlines()
    leaves = (folder / "leaves.txt").read_text().splitlines()
    assert [sha256(b"\x00" + line).hexdigest() for line in entries] == leaves
    assert json.loads(entries[0])["action"] == "test.act.0"


def test_an_export_overwrites_nothing(long_log, tmp_path):
    long_log.export(tmp_path)
    with pytest.raises(Conflict, match="not empty"):
        long_log.export(tmp_path)


@shared
@given(st.sampled_from(["entries.jsonl", "leaves.txt"]), st.integers(0), st.integers(1, 255))
def test_a_changed_byte_in_an_export_is_found_in_its_line(folder_of_long_log, name, place, flip):
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "export"
        shutil.copytree(folder_of_long_log, folder)
        data = bytearray((folder / name).read_bytes())
        place %= len(data)
        seq = bytes(data[:place]).count(b"\n")
        data[place] ^= flip
        (folder / name).write_bytes(data)
        verdict = verify(Exported(folder))
    harmless = name == "leaves.txt" and flip == 0x20  # hex digits in capitals
    assert harmless or verdict.first_bad == seq


@shared
@given(st.sampled_from(["entries.jsonl", "leaves.txt", "checkpoints.jsonl"]), st.integers(0))
def test_an_export_cut_short_is_found(folder_of_long_log, name, keep):
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "export"
        shutil.copytree(folder_of_long_log, folder)
        data = (folder / name).read_bytes()
        keep %= len(data) - 1
        (folder / name).write_bytes(data[:keep])
        verdict = verify(Exported(folder))
    assert not verdict.ok
    if name != "checkpoints.jsonl":
        whole = data[: keep + 1].count(b"\n")  # a last line may do without its newline
        assert verdict.first_bad == whole


@pytest.fixture(scope="module")
def folder_of_long_log(long_log, tmp_path_factory):
    return long_log.export(tmp_path_factory.mktemp("export"))


@pytest.mark.parametrize("name", ["log.json", "entries.jsonl", "leaves.txt", "checkpoints.jsonl"])
def test_a_folder_without_one_of_the_files_is_no_export(long_log, tmp_path, name):
    folder = long_log.export(tmp_path)
    (folder / name).unlink()
    with pytest.raises(ExportUnreadable, match=name):
        Exported(folder)


@pytest.mark.parametrize("header", ["", "[]", "{}", '{"format": "other/1", "keys": []}', "null"])
def test_a_folder_with_another_header_is_no_export(long_log, tmp_path, header):
    folder = long_log.export(tmp_path)
    (folder / "log.json").write_text(header)
    with pytest.raises(ExportUnreadable, match="muster-audit/1"):
        Exported(folder)
