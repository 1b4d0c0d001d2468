"""The household register: little is kept, consent is recorded, and erasing takes two persons, time and no open case."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid5

import pytest
from pydantic import ValidationError

from domain import errors
from domain.casework import Casework
from domain.context import Context
from domain.errors import HuiyinError
from domain.household import commands as c
from domain.household import errors as refused
from domain.household import events as e
from domain.household.commands import HOUSEHOLD_COMMANDS, HouseholdCommand, household_id_of
from domain.household.decide import DECISIONS, decide
from domain.household.state import Household, fold
from domain.household.words import ErasureReason, HouseholdField, SpokenBy, WelfareReason, phone_digits
from domain.privacy import is_sealed
from tests.support.casework import PEOPLE, START, Clock, case, office
from tests.support.vault import VAULT

AFTER_THE_WAIT = START + timedelta(days=30, hours=2)
FIELDS: dict[type[HouseholdCommand], dict[str, Any]] = {
    c.RegisterHousehold: {"name": "王某", "phone": "138 0013 8000", "address": "桥头三号"},
    c.CorrectHousehold: {"field": HouseholdField.PHONE, "value": "13900139000"},
    c.RecordPriorityConsent: {
        "reason": WelfareReason.AGE, "given_by": SpokenBy.ITSELF, "given_on": date(2026, 3, 1)
    },
    c.WithdrawConsent: {"reason": WelfareReason.AGE},
    c.ObjectToProcessing: {"request": "不要再来走访。", "spoken_by": SpokenBy.ITSELF},
    c.AnswerObjection: {"upheld": True, "answer": "已停止走访。", "by": "lead"},
    c.RequestCopy: {"spoken_by": SpokenBy.GUARDIAN},
    c.ProposeErasure: {"reason": ErasureReason.PURPOSE_MET},
    c.ConfirmErasure: {"by": "lead"},
    c.CancelErasure: {"reasons": "本人要求保留。"},
    c.EraseHousehold: {"generation": 1, "by": "process", "at": AFTER_THE_WAIT},
}  # fmt: skip
PATHS: dict[type[HouseholdCommand], tuple[type[HouseholdCommand], ...]] = {
    c.RegisterHousehold: (),
    c.CorrectHousehold: (c.RegisterHousehold,),
    c.RecordPriorityConsent: (c.RegisterHousehold,),
    c.WithdrawConsent: (c.RegisterHousehold, c.RecordPriorityConsent),
    c.ObjectToProcessing: (c.RegisterHousehold,),
    c.AnswerObjection: (c.RegisterHousehold, c.ObjectToProcessing),
    c.RequestCopy: (c.RegisterHousehold,),
    c.ProposeErasure: (c.RegisterHousehold,),
    c.ConfirmErasure: (c.RegisterHousehold, c.ProposeErasure),
    c.CancelErasure: (c.RegisterHousehold, c.ProposeErasure, c.ConfirmErasure),
    c.EraseHousehold: (c.RegisterHousehold, c.ProposeErasure, c.ConfirmErasure),
}
"""What happened before, so that each command is accepted."""


def ask(kind: type[HouseholdCommand], **given: Any) -> HouseholdCommand:
    """A command as the household's handler would send it."""
    fields = {"by": "handler", "at": START, **FIELDS[kind], **given}
    by, at = fields.pop("by"), fields.pop("at")
    command_id = uuid5(household_id_of("QS", "QS-012"), f"{kind.__name__} {given}")
    return kind.model_validate(
        {"command_id": command_id, "actor": PEOPLE[by], "occurred_at": at, "village": "QS", "household": "QS-012",
         **fields}
    )  # fmt: skip


def context(now: Any = START, open_cases: int = 0) -> Context:
    asked = office()
    return Context(now, asked.plan, asked.holidays, asked.directory, open_cases=open_cases)


def happened(*commands: HouseholdCommand) -> list[Any]:
    """The events of these commands, one after the other."""
    events: list[Any] = []
    for command in commands:
        events += decide(fold(events), command, context(max(START, command.occurred_at)))
    return events


def after(*kinds: type[HouseholdCommand]) -> Household | None:
    return fold(happened(*(ask(kind) for kind in kinds)))


def refusal(household: Household | None, command: HouseholdCommand, **given: Any) -> type[HuiyinError]:
    with pytest.raises(HuiyinError) as caught:
        decide(household, command, context(**given))
    return caught.type


@pytest.mark.parametrize("kind", HOUSEHOLD_COMMANDS, ids=lambda kind: kind.__name__)
def test_given_what_it_needs_when_asked_then_it_happens(kind: type[HouseholdCommand]) -> None:
    before = after(*PATHS[kind])
    command = ask(kind)
    (event,) = decide(before, command, context(max(START, command.occurred_at)))
    assert type(event) in e.HOUSEHOLD_EVENTS
    assert event.originator_id == household_id_of("QS", "QS-012")
    assert event.originator_version == len(PATHS[kind]) + 1


def test_every_command_has_its_decision() -> None:
    assert set(DECISIONS) | {c.RegisterHousehold} == set(HOUSEHOLD_COMMANDS) == set(PATHS)


@pytest.mark.parametrize("kind", HOUSEHOLD_COMMANDS, ids=lambda kind: kind.__name__)
def test_given_another_role_when_asked_then_it_is_refused(kind: type[HouseholdCommand]) -> None:
    for person, actor in PEOPLE.items():
        if actor.role not in kind.ROLES:
            assert refusal(after(*PATHS[kind]), ask(kind, by=person, at=START)) is errors.RoleNotAllowed


@pytest.mark.parametrize("kind", sorted(DECISIONS, key=lambda kind: kind.__name__))
def test_given_an_unknown_or_erased_household_when_asked_then_it_is_refused(kind: type[HouseholdCommand]) -> None:
    erased = after(*PATHS[c.EraseHousehold], c.EraseHousehold)
    for household in (None, erased):
        assert refusal(household, ask(kind), now=AFTER_THE_WAIT) is refused.HouseholdUnregistered


def test_the_register_holds_nothing_but_what_is_allowed() -> None:
    allowed = {"name", "phone", "address"}
    assert {field.value for field in HouseholdField} == allowed
    assert set(c.RegisterHousehold.model_fields) - set(HouseholdCommand.model_fields) == allowed
    registered = set(e.HouseholdRegistered.model_fields) - set(e.DomainEvent.model_fields)
    assert registered == allowed | {"village", "household"}
    assert {reason.value for reason in WelfareReason} == {"age", "disability", "hardship", "isolation"}


def test_given_a_household_in_the_register_when_registered_again_then_it_is_refused() -> None:
    assert refusal(after(c.RegisterHousehold), ask(c.RegisterHousehold)) is errors.AlreadyExists


def test_given_an_unknown_village_when_registered_then_it_is_refused() -> None:
    stranger = ask(c.RegisterHousehold).model_copy(update={"village": "XX"})
    assert refusal(None, stranger) is errors.UnknownVillage


def test_given_an_erased_household_when_registered_then_it_begins_anew_and_old_keys_stay_destroyed() -> None:
    erased = after(*PATHS[c.EraseHousehold], c.EraseHousehold)
    assert erased is not None
    assert (erased.is_erased, erased.erased_up_to, erased.known) == (True, 1, frozenset())
    (again,) = decide(erased, ask(c.RegisterHousehold, at=AFTER_THE_WAIT), context(AFTER_THE_WAIT))
    whole = fold([*happened(*(ask(kind) for kind in (*PATHS[c.EraseHousehold], c.EraseHousehold))), again])
    assert whole is not None
    assert (whole.version, whole.is_erased, whole.erased_up_to) == (5, False, 1)


def test_given_an_entry_that_is_not_there_when_taken_out_then_it_is_refused() -> None:
    bare = fold(happened(ask(c.RegisterHousehold, name=None)))
    assert refusal(bare, ask(c.CorrectHousehold, field="name", value=None)) is errors.NothingToCorrect


@pytest.mark.parametrize("phone", ["王某", "123", "13800138000 或 13900139000", "138a0013800"])
def test_given_no_telephone_number_then_it_is_none(phone: str) -> None:
    for kind, fields in ((c.RegisterHousehold, {"phone": phone}), (c.CorrectHousehold, {"value": phone})):
        with pytest.raises(ValidationError):
            ask(kind, **fields)


@pytest.mark.parametrize("phone", ["13800138000", "138-0013-8000", "+86 138 0013 8000", "１３８００１３８０００"])
def test_given_one_number_in_several_writings_then_it_is_the_same(phone: str) -> None:
    assert phone_digits(phone) == "13800138000"


def test_given_consent_of_tomorrow_then_it_is_refused() -> None:
    tomorrow = ask(c.RecordPriorityConsent, given_on=date(2026, 3, 3))
    assert refusal(after(c.RegisterHousehold), tomorrow) is errors.InTheFuture


def test_given_a_consent_when_recorded_again_then_it_is_refused_and_another_reason_is_not() -> None:
    consenting = after(c.RegisterHousehold, c.RecordPriorityConsent)
    assert refusal(consenting, ask(c.RecordPriorityConsent)) is errors.AlreadySaid
    assert decide(consenting, ask(c.RecordPriorityConsent, reason="hardship"), context())


def test_given_no_consent_when_withdrawn_then_it_is_refused() -> None:
    assert refusal(after(c.RegisterHousehold), ask(c.WithdrawConsent)) is refused.NoConsent


def test_given_an_objection_upheld_then_priority_visits_end() -> None:
    path = (c.RegisterHousehold, c.RecordPriorityConsent, c.ObjectToProcessing)
    objecting = after(*path)
    assert refusal(objecting, ask(c.ObjectToProcessing, request="再说一次。")) is errors.AlreadySaid
    settled = after(*path, c.AnswerObjection)
    assert settled is not None
    assert settled.consents == frozenset()
    assert refusal(settled, ask(c.AnswerObjection)) is refused.NoObjection


def test_given_an_objection_refused_then_consent_stays() -> None:
    path = (ask(c.RegisterHousehold), ask(c.RecordPriorityConsent), ask(c.ObjectToProcessing))
    settled = fold(happened(*path, ask(c.AnswerObjection, upheld=False)))
    assert settled is not None
    assert settled.consents == {WelfareReason.AGE}


# -- erasing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [c.ProposeErasure, c.ConfirmErasure, c.EraseHousehold])
def test_given_an_open_case_then_no_step_towards_erasing_is_taken(kind: type[HouseholdCommand]) -> None:
    now = AFTER_THE_WAIT
    assert refusal(after(*PATHS[kind]), ask(kind), now=now, open_cases=1) is refused.CaseStillOpen


def test_given_the_same_person_when_confirmed_then_it_is_refused() -> None:
    proposed = fold(happened(ask(c.RegisterHousehold), ask(c.ProposeErasure, by="lead")))
    assert refusal(proposed, ask(c.ConfirmErasure)) is errors.SamePerson
    assert decide(proposed, ask(c.ConfirmErasure, by="lead2"), context())


def test_given_nothing_proposed_then_nothing_is_confirmed_cancelled_or_erased() -> None:
    for kind in (c.ConfirmErasure, c.CancelErasure, c.EraseHousehold):
        assert refusal(after(c.RegisterHousehold), ask(kind), now=AFTER_THE_WAIT) is refused.NoErasure


def test_given_an_erasure_under_way_then_it_is_neither_proposed_nor_confirmed_twice() -> None:
    assert refusal(after(*PATHS[c.ConfirmErasure]), ask(c.ProposeErasure)) is refused.AlreadyUnderWay
    assert refusal(after(*PATHS[c.EraseHousehold]), ask(c.ConfirmErasure, by="lead2")) is errors.AlreadySaid


def test_given_a_proposal_alone_or_time_too_short_then_nothing_is_erased() -> None:
    assert refusal(after(*PATHS[c.ConfirmErasure]), ask(c.EraseHousehold), now=AFTER_THE_WAIT) is refused.NoErasure
    early = ask(c.EraseHousehold, at=START)
    just_before = START + timedelta(days=30) - timedelta(seconds=1)
    assert refusal(after(*PATHS[c.EraseHousehold]), early, now=just_before) is errors.NotDueYet


def test_given_a_confirmation_dated_back_then_the_waiting_period_counts_from_now() -> None:
    proposed = after(*PATHS[c.ConfirmErasure])
    now = START + timedelta(days=10)
    (confirmed,) = decide(proposed, ask(c.ConfirmErasure), context(now))
    assert isinstance(confirmed, e.ErasureConfirmed)
    assert confirmed.erase_at == now + timedelta(days=30)


def test_given_a_cancelled_erasure_then_nothing_is_erased() -> None:
    cancelled = after(*PATHS[c.CancelErasure], c.CancelErasure)
    assert refusal(cancelled, ask(c.EraseHousehold), now=AFTER_THE_WAIT) is refused.NoErasure


def test_given_another_stream_then_it_is_no_household() -> None:
    assert fold(case("logged").events) is None
    assert fold(()) is None


# -- through the door for writes ------------------------------------------------------------------------------------


def test_given_a_household_registered_for_real_then_its_words_are_sealed_and_a_repeat_changes_nothing(
    casework: Casework,
) -> None:
    asked = ask(c.RegisterHousehold)
    first, second = casework.handle(asked), casework.handle(asked)
    assert (first.version, second.version, second.repeated) == (1, 1, True)
    (event,) = casework.history(first.stream_id)
    assert isinstance(event, e.HouseholdRegistered)
    assert event.phone is not None
    assert is_sealed(event.phone)
    assert VAULT.open_all([event.phone]) == ["138 0013 8000"]
    household = casework.household("QS", "QS-012")
    assert household is not None
    assert household.known == set(HouseholdField)


def test_given_a_stale_version_then_it_is_refused(casework: Casework) -> None:
    casework.handle(ask(c.RegisterHousehold))
    casework.handle(ask(c.RequestCopy), expected_version=1)
    with pytest.raises(errors.StaleVersion):
        casework.handle(ask(c.RecordPriorityConsent), expected_version=1)


def test_given_a_case_that_is_not_settled_then_casework_finds_it(casework: Casework, clock: Clock) -> None:
    casework._office = replace(office(clock), open_cases=lambda village, household: int(household == "QS-012"))
    casework.handle(ask(c.RegisterHousehold))
    with pytest.raises(refused.CaseStillOpen):
        casework.handle(ask(c.ProposeErasure))
