"""A village's liaison register: priority visits, help plans, difficulties solved, books, and the contact card."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain import errors
from domain.casework import Casework
from domain.context import Village
from domain.errors import HuiyinError
from domain.events import encode
from domain.household.words import WelfareReason
from domain.liaison import commands as c
from domain.liaison import errors as refused
from domain.liaison import events as e
from domain.liaison.commands import LIAISON_COMMANDS, LiaisonCommand, card_id_of, register_id_of
from domain.liaison.decide import DECISIONS
from domain.liaison.state import Card, Register, fold
from domain.organisation.commands import LinkOfficer
from domain.visit.commands import RecordVisit
from domain.visit.errors import PriorityNeedsConsent
from tests.support.casework import PEOPLE, START, Clock, case
from tests.support.memory_log import MemoryLog, refusal
from tests.support.organisation import ask as ask_organisation
from tests.support.visits import ask, consent

DAY = timedelta(days=1)
PATHS: dict[type[LiaisonCommand], tuple[type[LiaisonCommand], ...]] = {
    c.ListPriorityHousehold: (),
    c.StrikePriorityHousehold: (c.ListPriorityHousehold,),
    c.AgreeHelpPlan: (),
    c.PromiseMeasure: (c.AgreeHelpPlan,),
    c.RecordMeasureDone: (c.AgreeHelpPlan, c.PromiseMeasure),
    c.EndHelpPlan: (c.AgreeHelpPlan,),
    c.RecordDifficultySolved: (),
    c.EnterBook: (),
    c.IssueContactCard: (),
    c.DeliverCards: (c.IssueContactCard,),
}
"""What happened before, so that each command is accepted."""


def a_village(state: str = "feedback") -> MemoryLog:
    """A linked household that agreed to priority visits, with an issue at this stage."""
    log = MemoryLog(case(state).streams)
    log.do(ask_organisation(LinkOfficer, officer="handler", village="QS", household="QS-012"))
    for step in consent():
        log.do(step)
    return log


def before(kind: type[LiaisonCommand]) -> MemoryLog:
    log = a_village()
    for step in PATHS[kind]:
        log.do(ask(step))
    return log


def register(log: MemoryLog) -> Register:
    found = fold(log.history(register_id_of("QS", 2026)))
    assert isinstance(found, Register)
    return found


@pytest.mark.parametrize("kind", LIAISON_COMMANDS, ids=lambda kind: kind.__name__)
def test_given_what_it_needs_when_asked_then_it_happens(kind: type[LiaisonCommand]) -> None:
    log = before(kind)
    (event,) = log.do(ask(kind, at=START + DAY))
    assert type(event) in e.LIAISON_EVENTS
    assert event.originator_version == len(PATHS[kind]) + 1


def test_every_command_has_its_decision() -> None:
    assert set(DECISIONS) == set(LIAISON_COMMANDS) == set(PATHS)


@pytest.mark.parametrize("kind", LIAISON_COMMANDS, ids=lambda kind: kind.__name__)
def test_given_another_role_or_no_such_village_when_asked_then_it_is_refused(kind: type[LiaisonCommand]) -> None:
    log = before(kind)
    for person, actor in PEOPLE.items():
        if actor.role not in kind.ROLES:
            assert refusal(log, ask(kind, by=person)) is errors.RoleNotAllowed
    assert refusal(log, ask(kind, village="ZZ")) is errors.UnknownVillage


@pytest.mark.parametrize("kind", c.REGISTER_COMMANDS, ids=lambda kind: kind.__name__)
def test_given_another_year_when_asked_then_it_is_refused(kind: type[LiaisonCommand]) -> None:
    assert refusal(before(kind), ask(kind, year=2025)) is refused.OtherYear


def test_given_words_about_a_household_then_the_log_holds_none_of_them() -> None:
    log = a_village()
    kinds = (c.AgreeHelpPlan, c.PromiseMeasure, c.RecordMeasureDone, c.RecordDifficultySolved, c.EndHelpPlan)
    stored = b"".join(encode(event) for kind in kinds for event in log.do(ask(kind))).decode()
    assert not any(word in stored for word in ("屋顶", "工匠", "需要"))


# -- priority register ----------------------------------------------------------------------------------------------


@pytest.mark.proves("CX9", "F6")
def test_given_the_priority_register_then_a_household_is_on_it_by_consent_with_its_planned_visits() -> None:
    log = a_village()
    disabled = ask(c.ListPriorityHousehold, reason=WelfareReason.DISABILITY)
    assert refusal(log, disabled) is PriorityNeedsConsent
    assert refusal(log, ask(c.ListPriorityHousehold, household="QS-013")) is PriorityNeedsConsent
    log.do(ask(c.ListPriorityHousehold))
    assert refusal(log, ask(c.ListPriorityHousehold, key="again")) is errors.AlreadySaid
    log.do(ask(c.ListPriorityHousehold, planned=6))
    assert register(log).priority["QS-012"].planned == 6
    log.do(ask(c.StrikePriorityHousehold))
    assert not register(log).priority
    assert refusal(log, ask(c.StrikePriorityHousehold, key="again")) is refused.NotListed


# -- help plans -----------------------------------------------------------------------------------------------------


@pytest.mark.proves("LL13", "SG7")
def test_given_a_help_plan_then_promises_need_it_and_show_whether_they_were_kept_on_time() -> None:
    log = a_village()
    assert refusal(log, ask(c.PromiseMeasure)) is refused.NoHelpPlan
    log.do(ask(c.AgreeHelpPlan))
    log.do(ask(c.PromiseMeasure))
    log.do(ask(c.PromiseMeasure, due_on=date(2026, 3, 31)))
    log.do(ask(c.RecordMeasureDone, number=1, at=START + 90 * DAY))
    (late,) = log.do(ask(c.RecordMeasureDone, number=2, at=START + 90 * DAY))
    assert isinstance(late, e.MeasureDone)
    assert [promise.kept for promise in register(log).promises.values()] == [True, False]
    assert refusal(log, ask(c.RecordMeasureDone, number=2, at=START + 91 * DAY)) is refused.NoSuchMeasure
    assert refusal(log, ask(c.RecordMeasureDone, number=3)) is refused.NoSuchMeasure
    log.do(ask(c.EndHelpPlan))
    assert refusal(log, ask(c.PromiseMeasure, key="again")) is refused.NoHelpPlan


def test_given_an_agreement_of_tomorrow_then_there_is_none() -> None:
    assert refusal(a_village(), ask(c.AgreeHelpPlan, given_on=date(2026, 3, 3))) is errors.InTheFuture


# -- difficulties ---------------------------------------------------------------------------------------------------


@pytest.mark.proves("LL3", "D4")
def test_given_an_answered_issue_of_a_linked_household_then_a_difficulty_is_solved_once() -> None:
    log = a_village()
    log.do(ask(c.RecordDifficultySolved))
    assert refusal(log, ask(c.RecordDifficultySolved, key="again")) is refused.DifficultyCounted
    assert [(it.household, it.officer) for it in register(log).solved] == [("QS-012", "handler")]


@pytest.mark.proves("LL3", "D4")
@pytest.mark.parametrize(
    ("state", "fields", "reason"),
    [
        ("handling", {}, refused.DifficultyNotShown),
        ("feedback", {"issue": "QS-2026-0999"}, refused.DifficultyNotShown),
        ("feedback", {"officer": "handler2"}, refused.NotLinkedThere),
        ("feedback", {"household": "QS-013"}, refused.NotLinkedThere),
        ("feedback", {"household": None}, refused.NotLinkedThere),
        ("feedback", {"issue": None, "month": "2026-03", "entry": 1}, refused.DifficultyNotShown),
    ],
)
def test_given_nothing_that_shows_it_then_no_difficulty_is_counted(
    state: str, fields: dict[str, Any], reason: type[HuiyinError]
) -> None:
    assert refusal(a_village(state), ask(c.RecordDifficultySolved, **fields)) is reason


@pytest.mark.proves("LL3")
def test_given_a_visit_to_the_household_then_it_shows_a_difficulty_and_one_to_another_does_not() -> None:
    log = a_village()
    log.do(ask(RecordVisit, at=START))
    log.do(ask(RecordVisit, at=START + timedelta(hours=1), household="QS-013"))
    shown = {"issue": None, "month": "2026-03"}
    assert refusal(log, ask(c.RecordDifficultySolved, entry=2, **shown)) is refused.DifficultyNotShown
    log.do(ask(c.RecordDifficultySolved, entry=1, **shown))
    for fields in ({"issue": None}, {"month": "2026-03", "entry": 1}, {**shown, "entry": None}):
        with pytest.raises(ValidationError, match="one of them"):
            ask(c.RecordDifficultySolved, **fields)


@pytest.mark.proves("MZ4", "F9")
def test_given_the_four_books_then_entries_are_numbered_and_name_who_answers() -> None:
    log = a_village()
    numbers = []
    for book in c.Book:
        (event,) = log.do(ask(c.EnterBook, book=book))
        assert isinstance(event, e.BookEntered)
        numbers.append((event.number, event.book, event.officer))
    assert numbers == [(nth, book, "handler") for nth, book in enumerate(c.Book, 1)]


# -- contact cards --------------------------------------------------------------------------------------------------


def card(log: MemoryLog) -> Card:
    found = fold(log.history(card_id_of("QS")))
    assert isinstance(found, Card)
    return found


@pytest.mark.proves("CX1", "SG3", "F13")
def test_given_a_contact_card_then_it_names_who_is_in_charge_and_is_due_anew_when_they_change() -> None:
    log = a_village()
    officials = ask(c.IssueContactCard).officials
    assert refusal(log, ask(c.IssueContactCard, officials=officials[:1])) is refused.InChargeMissing
    stranger = officials[0].model_copy(update={"officer": "nobody"})
    assert refusal(log, ask(c.IssueContactCard, officials=(*officials, stranger))) is refused.InChargeMissing
    log.do(ask(c.IssueContactCard))
    held = card(log)
    assert [(it.name, it.duty, it.phone) for it in held.officials] == [
        ("张某", "驻点干部", "0599-1234567"), ("李某", "驻点组长", "0599-1234567")
    ]  # fmt: skip
    village = Village(code="QS", name="青石村", township="云岭镇", handler="handler", lead="lead")
    assert not held.is_outdated(village)
    assert held.is_outdated(village.model_copy(update={"handler": "handler2"}))


@pytest.mark.proves("CX1", "F13")
def test_given_a_new_edition_then_every_household_is_due_for_it_once() -> None:
    log = a_village()
    assert refusal(log, ask(c.DeliverCards)) is refused.OldEdition
    log.do(ask(c.IssueContactCard))
    log.do(ask(c.DeliverCards))
    assert refusal(log, ask(c.DeliverCards, households=("QS-013", "QS-014"))) is refused.CardDelivered
    log.do(ask(c.IssueContactCard, promise="随时来访。"))
    assert refusal(log, ask(c.DeliverCards, key="old")) is refused.OldEdition
    log.do(ask(c.DeliverCards, edition=2, households=("QS-012",)))
    assert card(log).holders == {"QS-012": 2, "QS-013": 1}


def test_given_the_real_log_when_sent_twice_then_it_counts_once(casework: Casework, clock: Clock) -> None:
    asked = ask(c.EnterBook)
    first, second = casework.handle(asked), casework.handle(asked)
    assert (first.version, second.version, second.repeated) == (1, 1, True)
    casework.handle(ask(c.AgreeHelpPlan), expected_version=1)
    with pytest.raises(errors.StaleVersion):
        casework.handle(ask(c.PromiseMeasure), expected_version=1)
