from pathlib import Path

import pytest

from muster.handheld import Vault, VaultErased


def test_nothing_of_a_value_is_in_clear_on_disk(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.put("rows", "1", {"name": "Chen Lichuan"})
    vault.put("evidence", "1", b"Chen Lichuan")
    vault.close()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Chen Lichuan" not in written


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Vault(tmp_path)
    first.put("rows", "1", {"plate": "桂ZK8B52"})
    first.close()
    again = Vault(tmp_path)
    assert again.get("rows", "1") == {"plate": "桂ZK8B52"}
    again.close()


def test_an_appended_value_is_never_replaced(vault: Vault) -> None:
    vault.append("outbox", "1", {"as": "made"})
    with pytest.raises(KeyError):
        vault.append("outbox", "1", {"as": "changed"})
    assert vault.get("outbox", "1") == {"as": "made"}


def test_a_room_keeps_the_order_in_which_things_came(vault: Vault) -> None:
    for name in ("b", "c", "a"):
        vault.put("outbox", name, name)
    vault.put("outbox", "c", "changed")
    assert list(vault.all("outbox")) == [("b", "b"), ("c", "changed"), ("a", "a")]


def test_changes_made_together_are_kept_together_or_not_at_all(vault: Vault) -> None:
    vault.put("rows", "1", "old")

    def fail_half_way() -> None:
        with vault.together():
            vault.put("rows", "1", "new")
            vault.put("checkpoints", "rows", "moved on")
            raise RuntimeError("the battery is empty")

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert vault.get("rows", "1") == "old"
    assert vault.get("checkpoints", "rows") is None


def test_a_sealed_value_opens_in_its_own_place_only(vault: Vault) -> None:
    vault.put("rows", "mine", "secret")
    with vault.together():
        vault._db.execute("UPDATE item SET name = 'yours'")
    with pytest.raises(VaultErased):
        vault.get("rows", "yours")


def test_after_a_wipe_nothing_is_left_and_the_terminal_is_as_new(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.put("rows", "1", "secret")
    vault.erase()
    assert vault.rooms() == []
    vault.close()
    again = Vault(tmp_path)
    assert again.get("rows", "1") is None
    again.close()


def test_a_vault_without_its_key_is_refused(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.put("rows", "1", "secret")
    vault.close()
    (tmp_path / "storage.key").unlink()
    with pytest.raises(VaultErased):
        Vault(tmp_path)
