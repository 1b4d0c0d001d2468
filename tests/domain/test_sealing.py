"""Whatever is typed about a household's case reaches the log sealed; nothing that decides or follows needs a key."""

from typing import Any, get_args
from uuid import UUID

import pytest
from pydantic import BaseModel

from domain.casework import Casework
from domain.commands import Command
from domain.errors import Unavailable
from domain.events import DomainEvent, decode, encode, event_class, event_classes
from domain.household.words import Phone
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue import sealing
from domain.issue.decide import DECISIONS
from domain.issue.evolve import fold
from domain.issue.sealing import sealed
from domain.issue.words import EntryField
from domain.privacy import is_sealed, personal_fields, sealed_for
from domain.values import Digest, HouseholdId, Key, Line, Role, Text, UserId
from services.privacy.vault import Vault
from tests.support.casework import Case, Clock, case, command, live_through
from tests.support.examples import example
from tests.support.free_text import free_fields, is_free, written
from tests.support.vault import VAULT, MemoryKeys

CANARY = "40917352"
CODES = frozenset(
    {
        "number", "receipt_hash", "plan", "village", "category", "household", "photos", "before", "evidence",
        "department", "abstained", "rule", "to_unit", "why", "cause", "leader", "concerns", "repeats", "campaign",
        "person", "basis",
        "notice",
    }
)  # fmt: skip
"""Texts of events that nobody types freely: keys, register numbers, account names, digests, numbers of notices."""


def with_canary(asked: Command, canary: str = CANARY) -> Command:
    """The command with the canary in every field that takes free text."""
    if isinstance(asked, c.CorrectEntry):
        asked = asked.model_copy(update={"field": EntryField.TITLE})
    return written(asked, canary)


def _issues(life: Case) -> list[Any]:
    return [fold(events) for events in life.streams.values() if isinstance(events[0], e.IssueLogged)]


def test_the_fields_in_which_somebody_writes_are_found_from_the_models_themselves() -> None:
    class Part(BaseModel):
        note: Line

    class Asked(BaseModel):
        key: Key
        words: Text | None = None
        lines: tuple[Line, ...] = ()
        parts: tuple[Part, ...] = ()
        amount: int = 1

    assert free_fields(Asked) == ["words", "lines"]
    asked = written(Asked(key="water", lines=("a", "b"), parts=(Part(note="a"), Part(note="b"))), CANARY)
    assert asked == Asked(key="water", words=CANARY, lines=(CANARY,), parts=(Part(note=CANARY), Part(note=CANARY)))
    assert [is_free(each) for each in (Phone, HouseholdId, UserId, Digest)] == [True, False, False, False]


def test_given_a_field_that_nobody_marked_then_its_words_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_but_the_place(kind: type[DomainEvent]) -> tuple[str, ...]:
        return tuple(name for name in personal_fields(kind) if (kind, name) != (e.IssueLogged, "place"))

    monkeypatch.setattr(sealing, "personal_fields", all_but_the_place)
    (logged,) = case("logged", place=CANARY, description="灯不亮。").events[:1]
    (stored,) = sealed((logged,), (), VAULT)
    assert CANARY.encode() in encode(stored)


@pytest.mark.parametrize("kind", tuple(DECISIONS), ids=lambda kind: kind.__name__)
def test_given_a_household_when_anything_is_typed_then_no_event_holds_it_readably(kind: type[Command]) -> None:
    made = example(kind)
    said_by_people = {Role.PROCESS} != kind.ROLES
    asked = with_canary(made.asked) if said_by_people else made.asked
    after = made.case.after(asked)
    new = [event for events in after.streams.values() for event in events if event.command_id == asked.command_id]
    assert new
    wrote = [encode(event) for event in new]
    stored = [encode(event) for event in sealed(new, _issues(made.case), VAULT)]
    assert not any(CANARY.encode() in state for state in stored)
    # An approval has no reasons, a deferral below does; nor has a payment in order.
    if said_by_people and free_fields(kind) and kind not in (c.DecideSubmission, c.PayTranche):
        assert any(CANARY.encode() in state for state in wrote), "the positive control: unsealed, it is found"


def test_given_a_household_when_logged_then_every_free_field_is_sealed_under_its_key() -> None:
    log = command(c.LogIssue, title=CANARY, description=CANARY, place=CANARY, source=CANARY)
    (logged,) = case("logged").events[:1]
    logged = logged.model_copy(update=dict.fromkeys(("title", "description", "place", "source"), CANARY))
    (stored,) = sealed((logged,), (), VAULT)
    assert isinstance(stored, e.IssueLogged)
    for words in (stored.title, stored.description, stored.place, stored.source):
        assert words is not None
        assert is_sealed(words)
        assert f"|{log.village}/{log.household}|" in words
    assert VAULT.open_all([stored.description]) == [CANARY]


@pytest.mark.parametrize("state", ["deferred", "declined", "returned"])
def test_given_the_committees_reasons_then_they_are_sealed(state: str) -> None:
    life = case(state)
    told = [event for event in life.events if "reasons" in type(event).model_fields]
    assert told
    for event in sealed(told, (life.issue,), VAULT):
        assert is_sealed(event.reasons)  # type: ignore[attr-defined]


def test_given_no_household_then_the_words_stay_as_they_are() -> None:
    events = case("fixed", household=None).events
    assert sealed(events, (), VAULT) == events


def test_given_a_part_of_a_split_issue_then_its_place_is_not_sealed_twice() -> None:
    logged = case("logged", place="村口").events[:1]
    once = sealed(logged, (), VAULT)
    assert sealed(once, (), VAULT) == once


@pytest.mark.parametrize(
    ("field", "value", "stays"),
    [
        (EntryField.HOUSEHOLD, "QS-077", True),
        (EntryField.CATEGORY, "water", True),
        (EntryField.TITLE, CANARY, False),
        (EntryField.DESCRIPTION, CANARY, False),
        (EntryField.PLACE, CANARY, False),
    ],
)
def test_given_a_correction_then_only_keys_and_register_numbers_stay_readable(
    field: EntryField, value: str, stays: bool
) -> None:
    life = case("logged")
    stamped = life.do(c.CorrectEntry, field=EntryField.TITLE, value="新题").events[-1]
    corrected = stamped.model_copy(update={"field": field, "value": value, "reason": CANARY})
    (stored,) = sealed((corrected,), (life.issue,), VAULT)
    assert isinstance(stored, e.EntryCorrected)
    assert (stored.value == value) is stays
    assert is_sealed(stored.reason)
    assert ("|QS/QS-077|" in stored.reason) is (field is EntryField.HOUSEHOLD), "from then on it is the new one's"


def test_given_an_answer_to_a_merged_issue_then_each_household_has_it_under_its_own_key() -> None:
    life = example(c.MergeIssue).case
    other = next(stream for stream in life.streams if stream != life.issue.issue_id and life.streams[stream])
    shared = e.AnswerShared.model_construct(
        **{**life.events[-1].model_dump(include=set(DomainEvent.model_fields)), "originator_id": other},
        answered_in=UUID(int=1), findings=CANARY, opinion=CANARY,
    )  # fmt: skip
    stored = sealed((shared,), _issues(life), VAULT)[0]
    assert isinstance(stored, e.AnswerShared)
    assert "|QS/QS-030|" in stored.opinion


def test_every_text_of_an_issue_event_is_marked_personal_or_known_to_be_a_code() -> None:
    for topic in event_classes():
        kind = event_class(topic)
        if topic.startswith("issue.") and kind.__module__.startswith("domain."):
            texts = {name for name, field in kind.model_fields.items() if _is_text(field.annotation)}
            assert texts - set(personal_fields(kind)) <= CODES, topic


def _is_text(annotation: Any) -> bool:
    return annotation is str or str in get_args(annotation)


def test_given_sealed_words_when_stored_then_they_are_read_back_without_a_key() -> None:
    for event in case("settled").events:
        stored = sealed_for("QS/QS-012", event, VAULT)
        assert decode(event.TOPIC, event.originator_id, event.originator_version, encode(stored)) == stored


def test_given_the_keys_are_away_when_something_happens_then_it_is_refused_whole() -> None:
    keys = MemoryKeys()
    keys.away = True
    with pytest.raises(Unavailable):
        sealed(case("logged").events, (), Vault(keys))


def test_given_a_whole_life_lived_for_real_then_the_log_holds_no_word_of_it(casework: Casework, clock: Clock) -> None:
    life = case("settled", title=CANARY, description=CANARY, place=CANARY)
    live_through(casework, clock, life)
    states = [encode(event) for event in casework.history(life.issue_id)]
    assert len(states) == len(life.events)
    assert not any(CANARY.encode() in state for state in states)
    issue = casework.issue(life.issue_id)
    assert issue is not None
    assert issue.stage == life.issue.stage
