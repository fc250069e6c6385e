"""Inspection in a child process: same answers, bounded cost."""

import pytest

from appstore.apk import ApkError, read_package
from appstore.apk.sandbox import read_in_subprocess
from muster.kernel.sandbox import Limits
from muster.server.demo.apk_extras import square
from muster.server.demo.apk_manifest import Tag, chunk


def test_the_child_gives_the_same_answer(forge, tmp_path):
    apk = forge.good(label="Notes 记录", icons={160: square(48)})
    path = forge.write(apk)
    assert read_in_subprocess(path, tmp_path) == read_package(path, tmp_path)


def test_the_child_gives_the_same_refusal(forge, parts_of, tmp_path):
    path = forge.write(parts_of(forge.good()).with_block(b""))
    with pytest.raises(ApkError) as caught:
        read_in_subprocess(path, tmp_path)
    assert caught.value.code == "v1_only"


@pytest.mark.parametrize(
    "limits",
    [Limits(wall_seconds=0.01), Limits(processor_seconds=0), Limits(memory=64 << 20)],
    ids=["time", "processor", "memory"],
)
def test_a_child_that_needs_too_much_is_ended(forge, limits, tmp_path):
    manifest = forge.manifest(Tag("application"))
    table = chunk(0x0002, bytes(4 + (60 << 20)), header_size=12)
    path = forge.write(forge.package(manifest, {"resources.arsc": table}))
    with pytest.raises(ApkError) as caught:
        read_in_subprocess(path, tmp_path, limits)
    assert caught.value.code == "apk_too_costly"


def test_a_missing_file_is_our_mistake_not_the_publishers(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_in_subprocess(tmp_path / "gone.apk", tmp_path)
