"""Passwords of a demo: made once, kept to the owner, never the same in two installations."""

from pathlib import Path

import pytest

from muster.server.demo.people_secrets import FILE_NAME, DemoStateError, secrets_for

NUMBERS = ("204001", "F204003")


def test_they_are_read_back_at_the_second_start(tmp_path: Path) -> None:
    first = secrets_for(tmp_path / "state", NUMBERS)
    assert secrets_for(tmp_path / "state", NUMBERS) == first
    assert set(first) == set(NUMBERS)


def test_two_installations_and_two_people_share_none(tmp_path: Path) -> None:
    people = [*secrets_for(tmp_path / "a", NUMBERS).values()]
    people += secrets_for(tmp_path / "b", NUMBERS).values()
    assert len({person.password for person in people}) == 4
    assert all(len(person.pin) == 6 and person.pin.isdigit() for person in people)


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    secrets_for(tmp_path, NUMBERS)
    (tmp_path / FILE_NAME).chmod(0o644)
    secrets_for(tmp_path, NUMBERS)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_no_draft_is_left_behind(tmp_path: Path) -> None:
    secrets_for(tmp_path, NUMBERS)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("text", ["", "[]", '{"204001": 1}', '{"204001": {"pin": "1"}}', "\udcff"])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(DemoStateError, match="delete the state folder"):
        secrets_for(tmp_path, NUMBERS)


def test_a_file_of_another_demo_is_refused(tmp_path: Path) -> None:
    secrets_for(tmp_path, NUMBERS[:1])
    with pytest.raises(DemoStateError, match="F204003"):
        secrets_for(tmp_path, NUMBERS)


def test_a_secret_does_not_show_when_it_is_logged(tmp_path: Path) -> None:
    person = secrets_for(tmp_path, NUMBERS)["204001"]
    assert person.password not in repr(person)
