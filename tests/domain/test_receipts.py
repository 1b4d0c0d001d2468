"""Receipt codes: 80 unguessable bits, easy to read out, recognised however typed, kept as an HMAC only (L1)."""

import re
from uuid import UUID, uuid5

import pytest

from domain.receipts import Receipts

RECEIPTS = Receipts(b"a secret of the tests, 32 bytes!")
COMMAND = UUID("0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0")
CODE = re.compile("([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}")


def codes(count: int) -> list[str]:
    """As many codes, each of another command."""
    return [RECEIPTS.code_for(uuid5(COMMAND, str(n))) for n in range(count)]


def test_a_code_is_four_groups_of_four_without_letters_that_look_alike() -> None:
    for code in codes(200):
        assert CODE.fullmatch(code)


def test_a_code_holds_eighty_bits() -> None:
    letters = [code.replace("-", "") for code in codes(2_000)]
    assert len(set(letters)) == 2_000
    # Each of the 16 letters takes all 32 values: none is fixed, none follows from another's absence.
    for position in range(16):
        assert len({code[position] for code in letters}) == 32
    assert 32**16 == 2**80


def test_the_same_command_has_the_same_code_and_another_secret_another() -> None:
    assert RECEIPTS.code_for(COMMAND) == RECEIPTS.code_for(COMMAND)
    assert RECEIPTS.code_for(COMMAND) != Receipts(b"b" * 32).code_for(COMMAND)


def test_one_bit_of_the_command_changes_the_whole_code() -> None:
    other = UUID(int=COMMAND.int ^ 1)
    same = sum(a == b for a, b in zip(RECEIPTS.code_for(COMMAND), RECEIPTS.code_for(other), strict=True))
    assert same - 3 < 6  # three dashes, and a few by chance


@pytest.mark.parametrize(
    "typed",
    ["7K3M-9QPA-02XV-R8TD", "7k3m9qpa02xvr8td", " 7K3M 9QPA 02XV R8TD ", "7K3M-9QPA-O2XV-R8TD", "7k3m-9qpa-o2xv-r8td"],
)
def test_a_code_is_recognised_however_it_is_typed(typed: str) -> None:
    assert RECEIPTS.hash_of(typed) == RECEIPTS.hash_of("7K3M-9QPA-02XV-R8TD")


@pytest.mark.parametrize("typed", ["I111-1111-1111-1111", "l111-1111-1111-1111"])
def test_letters_that_look_like_one_are_one(typed: str) -> None:
    assert RECEIPTS.hash_of(typed) == RECEIPTS.hash_of("1111-1111-1111-1111")


@pytest.mark.parametrize("typed", ["7K3M-9QPA-02XV-R8TE", "7K3M-9QPA-02XV-R8T", "", "\ud800", "回音"], ids=ascii)
def test_another_code_is_another_hash_and_nothing_typed_breaks_it(typed: str) -> None:
    assert re.fullmatch("[0-9a-f]{64}", RECEIPTS.hash_of(typed))
    assert RECEIPTS.hash_of(typed) != RECEIPTS.hash_of("7K3M-9QPA-02XV-R8TD")


def test_the_hash_needs_the_secret_and_does_not_hold_the_code() -> None:
    code = RECEIPTS.code_for(COMMAND)
    assert RECEIPTS.hash_of(code) != Receipts(b"b" * 32).hash_of(code)
    assert code.replace("-", "").lower() not in RECEIPTS.hash_of(code)
