"""The tree: the same as an independent implementation's, and its proofs prove only what is so."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from muster.kernel.audit import merkle

unhurried = settings(deadline=None)  # shared machines stall
sizes = st.integers(1, 700)


def leaves(size: int) -> list[bytes]:
    return [merkle.leaf_hash(b"entry %d" % number) for number in range(size)]


def grown(size: int) -> merkle.CompactRange:
    tree = merkle.CompactRange()
    for leaf in leaves(size):
        tree.append(leaf)
    return tree


def peer(size: int) -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    tree.append_entries([b"entry %d" % number for number in range(size)])
    return tree


def node_of(size: int):
    known = leaves(size)

    def node(named: merkle.Node) -> bytes:
        level, index = named
        tree = merkle.CompactRange()
        for leaf in known[index << level : (index + 1) << level]:
            tree.append(leaf)
        assert tree.size == 1 << level, "a complete subtree lies inside the tree"
        return tree.root()

    return node


def inclusion(index: int, size: int) -> list[bytes]:
    return merkle.path(merkle.inclusion_spans(index, size), node_of(size))


def consistency(old: int, new: int) -> list[bytes]:
    return merkle.path(merkle.consistency_spans(old, new), node_of(new))


def altered(proof: list[bytes], place: int) -> list[list[bytes]]:
    """The proof with one hash changed, lost, doubled or moved."""
    place %= len(proof)
    changed = bytes([proof[place][0] ^ 1]) + proof[place][1:]
    return [
        [*proof[:place], changed, *proof[place + 1 :]],
        [*proof[:place], *proof[place + 1 :]],
        [*proof[: place + 1], *proof[place:]],
        [*proof, bytes(32)],
    ]


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert merkle.CompactRange().root() == sha256().digest()


@unhurried
@given(sizes)
def test_the_root_equals_that_of_an_independent_implementation(size):
    assert grown(size).root() == peer(size).get_root()


@unhurried
@given(sizes, sizes)
def test_a_tree_goes_on_from_its_frontier(size, more):
    first = grown(size)
    resumed = merkle.CompactRange(first.size, first.frontier())
    for leaf in leaves(size + more)[size:]:
        resumed.append(leaf)
    assert resumed.root() == grown(size + more).root()


def test_a_frontier_of_another_size_is_refused():
    with pytest.raises(ValueError, match="a tree of 4 leaves has 1 hashes"):
        merkle.CompactRange(4, grown(3).frontier())


def test_tiles_are_the_complete_subtrees_of_256_and_65536_leaves():
    tree, node = merkle.CompactRange(), node_of(1024)
    for leaf in leaves(1024):
        tree.append(leaf)
    assert tree.tiles == [(1, index, node((8, index))) for index in range(4)]
    last = merkle.CompactRange(65_535, b"\x07" * 32 * 16)
    last.append(bytes(32))
    assert [(level, index) for level, index, _ in last.tiles] == [(1, 255), (2, 0)]


@unhurried
@given(sizes, st.data())
def test_an_inclusion_proof_is_the_independent_one_and_verifies(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof, tree = inclusion(index, size), peer(size)
    assert proof == tree.prove_inclusion(index + 1, size).path[1:]
    assert merkle.verify_inclusion(leaves(size)[index], index, size, proof, tree.get_root())


@unhurried
@given(st.integers(2, 300), st.data())
def test_an_altered_inclusion_proof_fails(size, data):
    index = data.draw(st.integers(0, size - 1))
    leaf, root, proof = leaves(size)[index], grown(size).root(), inclusion(index, size)
    for wrong in altered(proof, data.draw(st.integers(0, 20))):
        assert not merkle.verify_inclusion(leaf, index, size, wrong, root)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"other"), index, size, proof, root)
    assert not merkle.verify_inclusion(leaf, (index + 1) % size, size, proof, root)
    assert not merkle.verify_inclusion(leaf, index, size, proof, bytes(32))
    assert not merkle.verify_inclusion(leaf, size, size, proof, root)
    assert not merkle.verify_inclusion(leaf, -1, size, proof, root)


@unhurried
@given(st.integers(1, 300), st.integers(0, 300))
def test_a_consistency_proof_verifies(old, more):
    new = old + more
    proof = consistency(old, new)
    assert merkle.verify_consistency(old, new, grown(old).root(), grown(new).root(), proof)
    assert len(proof) <= 2 * new.bit_length()


@unhurried
@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 20))
def test_an_altered_consistency_proof_fails(old, more, place):
    new = old + more
    older, newer, proof = grown(old).root(), grown(new).root(), consistency(old, new)
    for wrong in altered(proof, place):
        assert not merkle.verify_consistency(old, new, older, newer, wrong)
    assert not merkle.verify_consistency(old, new, bytes(32), newer, proof)
    assert not merkle.verify_consistency(old, new, older, bytes(32), proof)
    assert not merkle.verify_consistency(old, new, older, newer, [])


def test_what_cannot_be_proved_is_refused():
    with pytest.raises(ValueError, match="no leaf 5 in a tree of 5"):
        merkle.inclusion_spans(5, 5)
    with pytest.raises(ValueError, match="does not extend"):
        merkle.consistency_spans(6, 5)
    assert not merkle.verify_consistency(6, 5, bytes(32), bytes(32), [])
    assert merkle.verify_consistency(5, 5, bytes(32), bytes(32), [])
