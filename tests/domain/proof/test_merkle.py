"""Trees and proofs against the definitions of RFC 6962 written down once more, and against what is no proof."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.proof.hashing import SHA256, SM3, Hashing
from domain.proof.merkle import HashAt, consistency_proof, consistent, includes, inclusion_proof, root_of
from domain.proof.tiles import MissingHashes, grown, hashes_of, tile_path


def defined(leaves: list[bytes], hashing: Hashing = SHA256) -> bytes:
    """MTH of RFC 6962, 2.1, word for word, over leaf hashes."""
    if not leaves:
        return hashing.digest(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashing.node(defined(leaves[:split], hashing), defined(leaves[split:], hashing))


def leaves_of(number: int, hashing: Hashing = SHA256) -> list[bytes]:
    return [hashing.leaf(nth.to_bytes(4, "big")) for nth in range(number)]


def tree_of(leaves: list[bytes], hashing: Hashing = SHA256) -> HashAt:
    tiles: dict[tuple[int, int], bytes] = {}
    for at in range(0, len(leaves), 100):
        tiles.update(grown(hashing, at, leaves[at : at + 100], lambda level, number: tiles.get((level, number), b"")))
    return hashes_of(hashing, lambda level, number: tiles.get((level, number), b""))


def test_given_the_published_leaves_then_the_published_roots() -> None:
    """The inputs of RFC 6962's first implementations; their roots were made with coreutils' sha256sum."""
    entries = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"]
    leaves = [SHA256.leaf(entry) for entry in entries]
    assert leaves[0].hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root_of(SHA256, 0, tree_of([])) == sha256(b"").digest()
    assert root_of(SHA256, 8, tree_of(leaves)).hex() == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


@pytest.mark.parametrize("hashing", [SHA256, SM3], ids=lambda it: it.name)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 255, 256, 257, 700])
def test_given_a_size_then_tiles_make_the_defined_root(size: int, hashing: Hashing) -> None:
    leaves = leaves_of(size, hashing)
    assert root_of(hashing, size, tree_of(leaves, hashing)) == defined(leaves, hashing)


def test_given_three_levels_then_the_root_is_that_of_the_definition() -> None:
    leaves = leaves_of(66_000)
    tree = tree_of(leaves)
    assert root_of(SHA256, 66_000, tree) == defined(leaves)
    assert includes(
        SHA256, leaves[65_790], 65_790, 66_000, inclusion_proof(SHA256, 65_790, 66_000, tree), defined(leaves)
    )


def test_given_every_small_tree_then_its_proofs_hold_and_no_other() -> None:
    leaves = leaves_of(40)
    tree = tree_of(leaves)
    for size in range(1, 41):
        root = defined(leaves[:size])
        for index in range(size):
            proof = inclusion_proof(SHA256, index, size, tree)
            assert includes(SHA256, leaves[index], index, size, proof, root)
            assert not includes(SHA256, leaves[index - 1], index, size, proof, root) or size == 1
            assert not includes(SHA256, leaves[index], index, size, [*proof, root], root)
            assert not proof or not includes(SHA256, leaves[index], index, size, proof[:-1], root)
        for old in range(size + 1):
            steps = consistency_proof(SHA256, old, size, tree)
            before = defined(leaves[:old])
            assert consistent(SHA256, old, size, steps, before, root)
            assert not consistent(SHA256, old, size, [*steps, root], before, root)
            assert not consistent(SHA256, old, size, steps, leaves[0] if old != 1 else leaves[1], root)


@given(st.data())
def test_given_any_flipped_bit_then_no_proof_holds(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 600))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size - 1))
    leaves = leaves_of(size)
    tree, root, before = tree_of(leaves), defined(leaves), defined(leaves[:old])
    proof, steps = inclusion_proof(SHA256, index, size, tree), consistency_proof(SHA256, old, size, tree)
    for path in (proof, steps):
        nth = data.draw(st.integers(0, len(path) - 1))
        bit = data.draw(st.integers(0, 255))
        broken = bytearray(path[nth])
        broken[bit // 8] ^= 1 << bit % 8
        path[nth] = bytes(broken)
    assert not includes(SHA256, leaves[index], index, size, proof, root)
    assert not consistent(SHA256, old, size, steps, before, root)


def test_given_hashes_of_another_length_or_sizes_that_cannot_be_then_no_proof_holds() -> None:
    leaves = leaves_of(3)
    root = defined(leaves)
    proof = inclusion_proof(SHA256, 1, 3, tree_of(leaves))
    assert not includes(SHA256, leaves[1], 1, 3, [proof[0][:31], proof[1]], root)
    assert not includes(SHA256, leaves[1], 3, 3, proof, root)
    assert not includes(SHA256, leaves[1], -1, 3, proof, root)
    assert not consistent(SHA256, 3, 2, [], root, defined(leaves[:2]))
    assert not consistent(SHA256, 0, 3, [], b"", root)
    assert not consistent(SHA256, 2, 3, [], defined(leaves[:2]), root)
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(SHA256, 3, 3, tree_of(leaves))
    with pytest.raises(ValueError, match="never shrinks"):
        consistency_proof(SHA256, 3, 2, tree_of(leaves))


def test_given_a_tile_that_lacks_hashes_then_it_is_told() -> None:
    with pytest.raises(MissingHashes):
        grown(SHA256, 5, leaves_of(1), lambda level, number: b"")
    with pytest.raises(MissingHashes):
        root_of(SHA256, 4, tree_of(leaves_of(3)))


def test_given_tiles_then_their_paths_are_those_of_tlog_tiles() -> None:
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path(1, 0, 17) == "tile/1/000.p/17"
    assert tile_path("entries", 999, 256) == "tile/entries/999"
