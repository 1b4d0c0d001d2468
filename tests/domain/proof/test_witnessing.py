"""A witness's decision by C2SP tlog-witness: each answer of the specification, and what the log makes of it."""

from dataclasses import dataclass
from typing import Final

import pytest

from domain.proof.checkpoints import Checkpoint, cosign
from domain.proof.hashing import SHA256
from domain.proof.merkle import HashAt, consistency_proof, root_of
from domain.proof.notes import LOG, WITNESS, BadNote, SigningKey, signed
from domain.proof.witnessing import (
    SIZE_TYPE,
    Asked,
    Cosigned,
    Refused,
    SawSize,
    Verdict,
    asked_for,
    decide,
    heard,
    is_evidence,
    read_asked,
)
from tests.domain.proof.test_merkle import leaves_of, tree_of

ORIGIN: Final = "huiyin/log/1"
KEY: Final = SigningKey(ORIGIN, LOG, b"k" * 32)
OTHER_KEY: Final = SigningKey(ORIGIN, LOG, b"o" * 32)
W1: Final = SigningKey("witness.example/w1", WITNESS, b"w" * 32)
TRUSTED: Final = {ORIGIN: [KEY.public]}
TREE: Final = tree_of(leaves_of(100))
FORK: Final = tree_of([*leaves_of(4), *leaves_of(100)[::-1]])
"""Another tree that begins with the same four leaves."""


def head(size: int, tree: HashAt = TREE, origin: str = ORIGIN) -> Checkpoint:
    return Checkpoint(origin, size, root_of(SHA256, size, tree))


def asked(old: int, new: int, tree: HashAt = TREE, key: SigningKey = KEY, origin: str = ORIGIN) -> Asked:
    return asked_for(
        signed(head(new, tree, origin).text, key), old, consistency_proof(SHA256, min(old, new), new, tree)
    )


@dataclass(frozen=True)
class Case:
    """A request, what the witness saw before, and what it says."""

    request: Asked
    seen: Checkpoint | None
    verdict: Verdict
    evidence: bool = False


CASES: Final = {
    "first": Case(asked(0, 7), None, Verdict.COSIGN),
    "empty log": Case(asked(0, 0), None, Verdict.COSIGN),
    "grown": Case(asked(7, 100), head(7), Verdict.COSIGN),
    "same again": Case(asked(7, 7), head(7), Verdict.COSIGN),
    "unknown log": Case(asked(0, 7, origin="huiyin/log/2"), None, Verdict.UNKNOWN_LOG),
    "another key": Case(asked(0, 7, key=OTHER_KEY), None, Verdict.NOT_SIGNED),
    "old beyond new": Case(asked(9, 7), head(9), Verdict.OLD_BEYOND_NEW),
    "first, seen before": Case(asked(0, 9), head(7), Verdict.OTHER_SIZE),
    "seen never": Case(asked(7, 9), None, Verdict.OTHER_SIZE),
    "overtaken": Case(asked(7, 9), head(20), Verdict.OTHER_SIZE),
    "another root": Case(asked(9, 9, FORK), head(9), Verdict.OTHER_ROOT, evidence=True),
    "another root, size unknown": Case(asked(0, 9, FORK), head(9), Verdict.OTHER_SIZE, evidence=True),
    "forked": Case(asked(9, 30, FORK), head(9), Verdict.INCONSISTENT, evidence=True),
    "no proof": Case(asked(9, 30)._replace(proof=()), head(9), Verdict.INCONSISTENT, evidence=True),
    "proof for nothing": Case(asked(0, 7)._replace(proof=(b"x" * 32,)), None, Verdict.INCONSISTENT, evidence=True),
    "size 0, a root": Case(
        asked_for(signed(Checkpoint(ORIGIN, 0, b"r" * 32).text, KEY), 0, ()), None, Verdict.OTHER_ROOT, evidence=True
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_given_a_request_then_the_specifications_answer(case: Case) -> None:
    assert decide(case.request, TRUSTED, case.seen) is case.verdict
    assert is_evidence(case.verdict, case.request, case.seen) is case.evidence
    assert read_asked(str(case.request).encode()) == case.request


def test_given_two_trusted_keys_and_a_strangers_line_then_one_signature_is_enough() -> None:
    note = asked(0, 7).note
    stranger = SigningKey("stranger", LOG, b"s" * 32)
    more = note._replace(lines=(*signed(note.text, stranger).lines, *note.lines))
    two = {ORIGIN: [OTHER_KEY.public, KEY.public]}
    assert decide(asked_for(more, 0, ()), two, None) is Verdict.COSIGN


GOOD: Final = str(asked(7, 100))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n\n",
        GOOD.replace("old 7", "old 07"),
        GOOD.replace("old 7", "old -7"),
        GOOD.replace("old 7", "7"),
        GOOD.replace("old 7\n", ""),
        GOOD.replace("old 7\n", "old 7\r\n"),
        GOOD.replace("old 7\n", "old 7\nAAAA\n"),
        GOOD.replace("old 7\n", "old 7\n" + f"{GOOD.splitlines()[1]}\n" * 63),
        GOOD.replace("\n\n", "\n", 1),
        GOOD.replace(f"{ORIGIN}\n100\n", f"{ORIGIN}\n0100\n"),
        GOOD.replace("\n\n—", "\nextension\n\n—"),
        GOOD[:-1],
        GOOD.partition("\n\n—")[0],
        GOOD + "x" * 70_000,
    ],
)
def test_given_what_is_no_request_then_it_is_not_read(body: str) -> None:
    with pytest.raises(BadNote):
        read_asked(body.encode())
    with pytest.raises(BadNote):
        read_asked(b"\xff" + body.encode())


def test_given_a_cosignature_then_the_log_takes_the_witnesss_own_lines_and_their_time() -> None:
    request = asked(0, 7)
    line = str(cosign(request.checkpoint, W1, 1_700_000_000))
    other = str(cosign(request.checkpoint, SigningKey("other", WITNESS, b"x" * 32), 5))
    assert heard(request, W1.public, 200, "text/plain", (other + line).encode()) == Cosigned(line, 1_700_000_000)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\n",
        b"no line\n",
        str(cosign(head(8), W1, 5)).encode(),
        str(cosign(head(7), SigningKey("other", WITNESS, b"x" * 32), 5)).encode(),
        str(cosign(head(7), W1, 5)).encode()[:-1],
    ],
)
def test_given_no_cosignature_of_this_checkpoint_then_it_counts_for_nothing(body: bytes) -> None:
    with pytest.raises(BadNote):
        heard(asked(0, 7), W1.public, 200, "text/plain", body)


def test_given_a_conflict_then_a_size_is_learned_only_from_an_answer_of_that_type() -> None:
    request = asked(0, 7)
    assert heard(request, W1.public, 409, f"{SIZE_TYPE}; charset=utf-8", b"5\n") == SawSize(5)
    assert heard(request, W1.public, 409, "text/plain", b"5\n") == Refused(409)
    assert heard(request, W1.public, 409, SIZE_TYPE, b"05\n") == Refused(409)
    assert heard(request, W1.public, 422, SIZE_TYPE, b"5\n") == Refused(422)
