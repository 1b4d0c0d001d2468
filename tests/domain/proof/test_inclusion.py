"""A proof on paper: made, read and checked again, and nothing else passes for one."""

from typing import Final

import pytest

from domain.proof.checkpoints import Checkpoint, cosign, cosigned_at
from domain.proof.hashing import SHA256
from domain.proof.inclusion import InclusionProof, proof_of, read_proof
from domain.proof.merkle import root_of
from domain.proof.notes import LOG, WITNESS, BadNote, SigningKey, signed
from tests.domain.proof.test_merkle import tree_of

KEY: Final = SigningKey("huiyin/log/1", LOG, b"k" * 32)
W1: Final = SigningKey("witness.example/w1", WITNESS, b"w" * 32)
ENTRIES: Final = [f"entry {nth}".encode() for nth in range(300)]
TREE: Final = tree_of([SHA256.leaf(entry) for entry in ENTRIES])


def made(position: int, size: int = 300) -> InclusionProof:
    checkpoint = Checkpoint(KEY.public.name, size, root_of(SHA256, size, TREE))
    note = str(signed(checkpoint.text, KEY))
    return proof_of(ENTRIES[position], position, note, [str(cosign(checkpoint, W1, 77))], TREE)


@pytest.mark.parametrize(("position", "size"), [(0, 1), (0, 2), (6, 7), (7, 8), (255, 256), (256, 257), (123, 300)])
def test_given_an_event_then_its_proof_can_be_read_and_holds(position: int, size: int) -> None:
    text = str(made(position, size))
    proof = read_proof(text)
    assert text.startswith("c2sp.org/tlog-proof@v1\nextra ")
    assert str(proof) == text
    assert proof.holds(KEY.public)
    assert cosigned_at(proof.note, W1.public) == 77


def test_given_another_entry_place_path_or_key_then_it_does_not_hold() -> None:
    proof = made(123)
    assert not proof._replace(entry=b"another").holds(KEY.public)
    assert not proof._replace(position=124).holds(KEY.public)
    assert not proof._replace(path=proof.path[:-1]).holds(KEY.public)
    assert not proof._replace(path=(*proof.path, b"x" * 32)).holds(KEY.public)
    assert not proof.holds(SigningKey(KEY.public.name, LOG, b"o" * 32).public)
    foreign = signed(Checkpoint("another log", 300, root_of(SHA256, 300, TREE)).text, KEY)
    assert not proof._replace(note=foreign).holds(KEY.public)


def test_given_a_checkpoint_before_the_event_then_there_is_no_proof() -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        made(7, 7)


GOOD: Final = str(made(123))


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD.replace("@v1", "@v2"),
        GOOD.replace("extra ", "other "),
        GOOD.replace("extra ", "extra ?"),
        GOOD.replace("index 123", "index 0123"),
        GOOD.replace("index 123\n", ""),
        GOOD.replace("index 123\n", "index 123\nAAAA\n"),
        GOOD.replace("index 123\n", "index 123\n" + GOOD.splitlines()[3] + "\n" + "A" * 43 + "=\n" * 1),
        GOOD.replace("index 123\n", "index 123\n" + f"{GOOD.splitlines()[3]}\n" * 64),
        GOOD.partition("\n\n—")[0],
        GOOD + "x",
    ],
)
def test_given_a_text_that_is_no_proof_then_it_is_not_taken(text: str) -> None:
    try:
        proof = read_proof(text)
    except BadNote:
        return
    assert not proof.holds(KEY.public)
