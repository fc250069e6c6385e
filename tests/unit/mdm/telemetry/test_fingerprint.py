"""Crashes of one cause are one group, whatever varies between two terminals."""

from mdm.telemetry.fingerprint import fingerprint, frames, title

JAVA = """java.lang.IllegalStateException: no draft 42 for 13812345678
    at org.muster.field.Form.save(Form.kt:118)
    at org.muster.field.Form$$ExternalSyntheticLambda3.run(D8$$SyntheticClass:2)
    at android.os.Handler.handleCallback(Handler.java:958)
Caused by: java.io.IOException: disk
    at org.muster.field.Disk.write(Disk.kt:9)"""
PYTHON = """Traceback (most recent call last):
  File "/data/app/7f3a/main.py", line 7, in run
    work()
  File "/data/app/7f3a/work.py", line 3, in work
    raise ValueError("no 1")
ValueError: no 1"""


def test_line_numbers_ids_and_generated_names_make_no_other_group() -> None:
    other = JAVA.replace("42", "43").replace(":118", ":119").replace("Lambda3", "Lambda17")
    assert fingerprint(JAVA) == fingerprint(other)
    assert fingerprint(PYTHON) == fingerprint(PYTHON.replace("7f3a", "99b0").replace("line 7", "line 8"))  # fmt: skip


def test_another_fault_or_another_place_is_another_group() -> None:
    assert fingerprint(JAVA) != fingerprint(JAVA.replace("IllegalState", "IllegalArgument"))
    assert fingerprint(JAVA) != fingerprint(JAVA.replace("Form.save", "Form.load"))
    assert fingerprint("it broke 1") == fingerprint("it broke 2") != fingerprint("it fell")


def test_a_group_is_named_by_what_went_wrong_without_personal_data() -> None:
    assert title(JAVA) == "java.lang.IllegalStateException: no draft 42 for [phone]"
    assert title(PYTHON) == "ValueError: no 1"
    assert frames(PYTHON)[0] == "work.py:work"
    assert title("") == ""
