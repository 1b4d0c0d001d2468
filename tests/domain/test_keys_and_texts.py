"""Keys, names and numbers of people and places: ASCII, bounded, without a line break at the end; texts stay bounded."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.values import Actor, Digest, HouseholdId, Key, Line, Role, Text, UserId, VillageCode

ACCEPTED: list[tuple[Any, str]] = [
    (Key, "other"),
    (Key, "a" + "-" * 63),
    (UserId, "chen.wei"),
    (UserId, "0"),
    (VillageCode, "QS"),
    (VillageCode, "Q" + "9" * 15),
    (HouseholdId, "QS-012"),
    (HouseholdId, "QS-13940917352"),  # a register may number its households as it likes
    (HouseholdId, "33010200120"),
    (HouseholdId, "350104012003"),
    (Digest, "0" * 64),
]
REFUSED: list[tuple[Any, str]] = [
    (kind, text)
    for kind, texts in {
        Key: ["", "A", "a b", "a" * 65, "a\n", "kéy", "1a", "a.b", "ａ"],
        UserId: ["", "Chen", ".a", "a" * 65, "a\n", "a@b", "用户"],
        VillageCode: ["", "qs", "1Q", "Q" * 17, "QS\n", "Q-S", "村"],
        HouseholdId: [
            "", "qs-1", "-1", "Q" * 33, "Q\n", "王", "Q_1",
            "13940917352", "139-4091-7352", "8613940917352", "059183012345", "0591-8301234",
            "350104198003071234", "35010419800307123X",
        ],
        Digest: ["0" * 63, "0" * 65, "A" * 64, "g" * 64, "0" * 64 + "\n"],
    }.items()
    for text in texts
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), ACCEPTED)
def test_given_a_proper_key_then_it_is_kept_as_it_is(kind: Any, text: str) -> None:
    assert TypeAdapter(kind).validate_python(text) == text


@pytest.mark.parametrize(("kind", "text"), REFUSED)
def test_given_anything_else_then_it_is_refused(kind: Any, text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)


@pytest.mark.parametrize("kind", [Key, UserId, VillageCode, HouseholdId, Digest, Text, Line])
@pytest.mark.parametrize("thing", [None, 1, 1.5, True, ["a"], {"a": 1}, "\ud800"], ids=ascii)
def test_given_no_text_then_it_is_refused(kind: Any, thing: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(thing)


@pytest.mark.parametrize("blank", ["\u115f", "\u1160", "\u2800", "\u180e", "\u0301", "\ufe0f", "\u2062"], ids=ascii)
def test_given_only_what_nobody_can_see_then_the_text_is_refused(blank: str) -> None:
    with pytest.raises(ValidationError, match="empty"):
        TypeAdapter(Text).validate_python(f" {blank} ")


def test_given_a_text_that_grows_when_composed_then_it_is_still_bounded() -> None:
    # U+0958 is written as two characters in NFC: 200 of them would become 400.
    with pytest.raises(ValidationError, match="200"):
        TypeAdapter(Line).validate_python("\u0958" * 200)


def test_given_rare_letters_private_to_old_systems_then_they_are_kept() -> None:
    assert TypeAdapter(Line).validate_python("\ue001\U00031350") == "\ue001\U00031350"


@pytest.mark.parametrize("kind", [Line, Text])
def test_given_the_mark_of_sealed_words_then_nobody_can_type_it(kind: Any) -> None:
    with pytest.raises(ValidationError, match="not allowed"):
        TypeAdapter(kind).validate_python("\ue0001|QS/QS-012|1|issue.logged:title:1|AAAA")


@settings(max_examples=300, derandomize=True, database=None, deadline=None)
@given(st.text(max_size=220))
def test_given_any_text_then_what_is_kept_can_be_stored_seen_and_kept_again(text: str) -> None:
    line = TypeAdapter(Line)
    try:
        kept = line.validate_python(text)
    except ValidationError:
        return
    assert 1 <= len(kept) <= 200
    assert "\0" not in kept
    assert len(kept.splitlines()) == 1
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert line.validate_python(kept) == kept


def test_given_a_role_nobody_has_then_there_is_no_such_actor() -> None:
    assert Actor(user="handler", role=Role.CASE_HANDLER).role == "case_handler"
    with pytest.raises(ValidationError, match="role"):
        Actor.model_validate({"user": "handler", "role": "emperor"})


def test_given_an_actor_then_nobody_changes_it_afterwards() -> None:
    actor = Actor(user="handler", role=Role.CASE_HANDLER)
    with pytest.raises(ValidationError, match="frozen"):
        actor.role = Role.FINANCE  # type: ignore[misc]
