"""Roots, inclusion and consistency of a tree of hashes: made as in RFC 6962 (2.1), checked as in RFC 9162 (2.1).

Who makes a proof has `hash_at(level, index)`: the hash over the whole subtree of 2**level leaves that begins at leaf
index * 2**level. Who checks one has the proof alone. Hashes are 32 bytes; sizes and indices are counted in leaves.
"""

from collections.abc import Callable, Sequence

from domain.proof.hashing import DIGEST_BYTES, Hashing

HashAt = Callable[[int, int], bytes]
"""(level, index) -> the hash of a subtree that is complete."""


def root_of(hashing: Hashing, size: int, hash_at: HashAt) -> bytes:
    """The root over the first `size` leaves."""
    return _over(hashing, 0, size, hash_at) if size else hashing.digest(b"")


def inclusion_proof(hashing: Hashing, index: int, size: int, hash_at: HashAt) -> list[bytes]:
    """From the leaf's neighbour up to the root's child. Raises ValueError where the tree has no such leaf."""
    if not 0 <= index < size:
        raise ValueError("the tree has no such leaf")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_over(hashing, middle, end, hash_at))
            end = middle
        else:
            path.append(_over(hashing, start, middle, hash_at))
            start = middle
    return path[::-1]


def consistency_proof(hashing: Hashing, old: int, new: int, hash_at: HashAt) -> list[bytes]:
    """That the first `old` of `new` leaves make the old root; empty for none and for all. Raises ValueError."""
    if not 0 <= old <= new:
        raise ValueError("a tree never shrinks")
    if old in (0, new):
        return []
    path, start, end = [], 0, new
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_over(hashing, middle, end, hash_at))
            end = middle
        else:
            path.append(_over(hashing, start, middle, hash_at))
            start = middle
    if start:
        path.append(_over(hashing, start, end, hash_at))
    return path[::-1]


def includes(hashing: Hashing, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that the tree of this size and root has this leaf hash at this index."""
    if not 0 <= index < size or not _all_digests(leaf, root, *proof):
        return False
    nth, last, found = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            return False
        if nth & 1 or nth == last:
            found = hashing.node(beside, found)
            while not nth & 1 and nth:
                nth, last = nth >> 1, last >> 1
        else:
            found = hashing.node(found, beside)
        nth, last = nth >> 1, last >> 1
    return last == 0 and found == root


def consistent(hashing: Hashing, old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the proof shows that the tree of size `new` begins with that of size `old`."""
    if not 0 <= old <= new or not _all_digests(old_root, new_root, *proof):
        return False
    if old == 0:
        return not proof and old_root == hashing.digest(b"")
    if old == new:
        return not proof and old_root == new_root
    return _joins(hashing, old, new, [old_root, *proof] if old & (old - 1) == 0 else list(proof), old_root, new_root)


def _joins(hashing: Hashing, old: int, new: int, path: list[bytes], old_root: bytes, new_root: bytes) -> bool:
    """RFC 9162, 2.1.4.2, from its third step on."""
    if not path:
        return False
    nth, last = old - 1, new - 1
    while nth & 1:
        nth, last = nth >> 1, last >> 1
    old_found = new_found = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if nth & 1 or nth == last:
            old_found, new_found = hashing.node(beside, old_found), hashing.node(beside, new_found)
            while not nth & 1 and nth:
                nth, last = nth >> 1, last >> 1
        else:
            new_found = hashing.node(new_found, beside)
        nth, last = nth >> 1, last >> 1
    return last == 0 and old_found == old_root and new_found == new_root


def _over(hashing: Hashing, start: int, end: int, hash_at: HashAt) -> bytes:
    """The hash over the leaves from `start` to before `end`; `start` is where a subtree as large may begin."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return hash_at(level, start >> level)
    middle = start + _split(size)
    return hashing.node(_over(hashing, start, middle, hash_at), _over(hashing, middle, end, hash_at))


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _all_digests(*hashes: bytes) -> bool:
    return all(len(each) == DIGEST_BYTES for each in hashes)
