"""The visit diary: who came to whom, what was said and done; entered late it says so; corrected by a further event."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain import errors
from domain.casework import Casework
from domain.events import encode
from domain.household.commands import WithdrawConsent
from domain.household.words import WelfareReason
from domain.privacy import is_sealed
from domain.visit import commands as c
from domain.visit import errors as refused
from domain.visit import events as e
from domain.visit.commands import VISIT_COMMANDS, DiaryCommand, diary_id_of
from domain.visit.decide import DECISIONS
from domain.visit.state import Diary, fold, known_by
from domain.visit.words import OPINION_CATEGORIES, VisitKind
from tests.support.casework import PEOPLE, START, Clock
from tests.support.memory_log import MemoryLog, refusal
from tests.support.visits import ISSUE, a_log, ask, consent

HOUR = timedelta(hours=1)
DIARY = diary_id_of("QS", "2026-03")


def diary(log: MemoryLog) -> Diary:
    found = fold(log.history(DIARY))
    assert found is not None
    return found


# -- for all of them ------------------------------------------------------------------------------------------------


def test_every_command_has_its_decision() -> None:
    assert set(DECISIONS) == set(VISIT_COMMANDS)


@pytest.mark.parametrize("kind", VISIT_COMMANDS, ids=lambda kind: kind.__name__)
def test_given_what_it_needs_when_asked_then_it_happens_in_the_villages_diary(kind: type[DiaryCommand]) -> None:
    log = a_log(inspected=kind is not c.RecordVisit)
    (event,) = log.do(ask(kind, at=START + HOUR), now=START + 2 * HOUR)
    assert isinstance(event, e.DiaryEvent)
    assert event.originator_id == DIARY
    assert event.entered_at == START + 2 * HOUR
    assert event.entry == 1


@pytest.mark.parametrize("kind", VISIT_COMMANDS, ids=lambda kind: kind.__name__)
def test_given_another_role_when_asked_then_it_is_refused(kind: type[DiaryCommand]) -> None:
    for person, actor in PEOPLE.items():
        if actor.role not in kind.ROLES:
            assert refusal(a_log(inspected=True), ask(kind, by=person)) is errors.RoleNotAllowed


@pytest.mark.parametrize("kind", [it for it in VISIT_COMMANDS if it is not c.RecordVisit], ids=lambda it: it.__name__)
def test_given_no_such_entry_or_one_struck_when_asked_then_it_is_refused(kind: type[DiaryCommand]) -> None:
    log = a_log(inspected=True)
    assert refusal(log, ask(kind, entry=2)) is refused.NoSuchVisit
    assert refusal(log, ask(kind, month="2026-04")) is refused.NoSuchVisit
    log.do(ask(c.StrikeVisit))
    assert refusal(log, ask(kind, key="again")) is refused.NoSuchVisit


@pytest.mark.parametrize("kind", [c.CorrectVisit, c.StrikeVisit, c.CollectOpinions], ids=lambda it: it.__name__)
def test_given_somebody_who_was_not_there_when_asked_then_only_a_lead_may(kind: type[DiaryCommand]) -> None:
    log = a_log(inspected=True)
    assert refusal(log, ask(kind, by="handler2")) is refused.NotYourVisit
    log.do(ask(kind, by="lead"))


# -- recording ------------------------------------------------------------------------------------------------------


@pytest.mark.proves("D2", "SG2", "F7", "PC6")
def test_given_a_visit_to_a_household_when_recorded_then_the_diary_holds_what_the_form_asks() -> None:
    log = a_log()
    asked = ask(
        c.RecordVisit, companions=("lead",), left_at=START + HOUR, done="当场修好。", issues=(ISSUE,),
        next_visit=date(2026, 4, 2),
    )  # fmt: skip
    (event,) = log.do(asked)
    assert isinstance(event, e.VisitRecorded)
    assert (event.household, event.officers, event.left_at) == ("QS-012", ("handler", "lead"), START + HOUR)
    assert (event.issues, event.next_visit, event.plan) == ((ISSUE,), date(2026, 4, 2), "cx@1")
    assert (event.entry, event.month, event.late) == (1, "2026-03", False)


@pytest.mark.proves("D2")
def test_given_words_about_a_household_then_they_are_sealed_and_those_about_a_place_are_not() -> None:
    log = a_log()
    events = [
        *log.do(ask(c.RecordVisit, done="修好了。")),
        *log.do(ask(c.CorrectVisit, said="说两盏不亮。")),
        *log.do(ask(c.CollectOpinions, conduct="态度好。", suggestion="多来。")),
        *log.do(ask(c.StrikeVisit)),
    ]
    stored = b"".join(map(encode, events)).decode()
    assert not any(word in stored for word in ("路灯", "修好", "两盏", "修路", "当面", "态度", "多来", "记错", "漏记"))
    (at_a_place,) = log.do(ask(c.RecordVisit, kind=VisitKind.TALK_DAY, household=None, place="祠堂前", at=START + HOUR))
    assert isinstance(at_a_place, e.VisitRecorded)
    assert not is_sealed(at_a_place.said)


@pytest.mark.proves("SG10")
def test_given_a_hazard_of_a_household_when_registered_then_its_terms_are_sealed_under_that_household() -> None:
    log = a_log(inspected=True, household="QS-012")
    (event,) = log.do(ask(c.RegisterHazard))
    assert isinstance(event, e.HazardRegistered)
    assert is_sealed(event.requirement)


@pytest.mark.proves("L14", "D2")
@pytest.mark.parametrize(("days", "late"), [(0, False), (3, False), (4, True)])
def test_given_a_village_without_signal_when_entered_days_later_then_it_counts_for_its_day_and_shows_as_late(
    days: int, late: bool
) -> None:
    log = a_log()
    (event,) = log.do(ask(c.RecordVisit), now=START + timedelta(days=days, seconds=days > 3))
    assert isinstance(event, e.VisitRecorded)
    assert (event.late, event.late_after_days, event.occurred_at) == (late, 3, START)
    assert diary(log).visits[1].day == START.date()


def test_given_the_same_visit_twice_then_it_is_entered_once() -> None:
    log = a_log()
    log.do(ask(c.RecordVisit, companions=("lead",)))
    assert refusal(log, ask(c.RecordVisit, household="QS-013")) is refused.VisitRepeated
    assert refusal(log, ask(c.RecordVisit, by="lead")) is refused.VisitRepeated
    log.do(ask(c.RecordVisit, by="handler2"))
    log.do(ask(c.RecordVisit, at=START + HOUR))


def test_given_a_visit_that_was_struck_then_it_may_be_entered_rightly() -> None:
    log = a_log()
    log.do(ask(c.RecordVisit))
    log.do(ask(c.StrikeVisit))
    (event,) = log.do(ask(c.RecordVisit, household="QS-013"))
    assert isinstance(event, e.VisitRecorded)
    assert event.entry == 2
    assert [visit.household for visit in diary(log).standing] == ["QS-013"]


def test_given_tomorrow_or_an_unknown_village_then_no_visit_is_recorded() -> None:
    log = a_log()
    assert refusal(log, ask(c.RecordVisit, at=START + timedelta(days=1)), now=START) is errors.InTheFuture
    assert refusal(log, ask(c.RecordVisit, village="ZZ")) is errors.UnknownVillage


@pytest.mark.proves("CX9", "F6")
def test_given_a_priority_visit_then_the_household_has_agreed_to_it() -> None:
    log = a_log()
    priority = ask(c.RecordVisit, priority=WelfareReason.AGE)
    assert refusal(log, priority) is refused.PriorityNeedsConsent
    for step in consent():
        log.do(step)
    assert refusal(log, ask(c.RecordVisit, priority=WelfareReason.DISABILITY)) is refused.PriorityNeedsConsent
    (event,) = log.do(priority)
    assert isinstance(event, e.VisitRecorded)
    assert event.priority is WelfareReason.AGE
    (agreed,) = [step for step in consent() if hasattr(step, "given_on")]
    log.do(WithdrawConsent(**{**agreed.model_dump(include={"actor", "occurred_at", "village", "household"}),
                              "command_id": DIARY, "reason": WelfareReason.AGE}))  # fmt: skip
    again = ask(c.RecordVisit, priority=WelfareReason.AGE, at=START + HOUR)
    assert refusal(log, again) is refused.PriorityNeedsConsent


def test_given_issues_named_then_they_are_the_villages_own_and_no_complaint_about_whoever_names_them() -> None:
    log = a_log(concerns="lead2", by="handler")
    assert refusal(log, ask(c.RecordVisit, issues=("QS-2026-0999",))) is refused.UnknownIssue
    assert refusal(log, ask(c.RecordVisit, village="LX", issues=(ISSUE,), by="handler2")) is refused.UnknownIssue
    assert refusal(log, ask(c.RecordVisit, issues=(ISSUE,), by="lead2")) is refused.UnknownIssue
    log.do(ask(c.RecordVisit, issues=(ISSUE,)))
    assert refusal(log, ask(c.CorrectVisit, issues=("QS-2026-0999",))) is refused.UnknownIssue


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"household": None}, "visit-nowhere"),
        ({"place": "村口"}, "visit-nowhere"),
        ({"kind": VisitKind.RECEPTION, "household": None}, "visit-nowhere"),
        ({"kind": VisitKind.HOUSEHOLD, "household": None, "place": "村口"}, "visit-nowhere"),
        ({"kind": VisitKind.RECEPTION, "household": None, "place": "村委会", "priority": "age"},
         "priority-without-household"),
        ({"companions": ("handler",)}, "officers-repeated"),
        ({"companions": ("lead", "lead")}, "officers-repeated"),
        ({"left_at": START - HOUR}, "left-before-arrival"),
        ({"left_at": START + 25 * HOUR}, "left-before-arrival"),
    ],
)  # fmt: skip
def test_given_a_visit_that_cannot_be_then_it_is_no_command(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ask(c.RecordVisit, **fields)
    assert [getattr(error["ctx"]["error"], "code", "") for error in caught.value.errors()] == [code]


# -- afterwards -----------------------------------------------------------------------------------------------------


def test_given_a_correction_then_what_is_left_out_stays_and_an_empty_one_is_none() -> None:
    log = a_log()
    log.do(ask(c.RecordVisit, issues=(ISSUE,)))
    (event,) = log.do(ask(c.CorrectVisit, left_at=START + HOUR))
    assert isinstance(event, e.VisitCorrected)
    assert (event.said, event.issues) == (None, None)
    visit = diary(log).visits[1]
    assert (visit.left_at, visit.issues) == (START + HOUR, (ISSUE,))
    log.do(ask(c.CorrectVisit, issues=()))
    assert diary(log).visits[1].issues == ()
    assert refusal(log, ask(c.CorrectVisit, left_at=START - HOUR)) is errors.BeforeTheBeginning
    with pytest.raises(ValidationError, match="what to correct"):
        ask(c.CorrectVisit, done=None)


@pytest.mark.proves("SG4", "F8")
def test_given_the_opinion_form_of_a_visit_then_its_nine_categories_and_the_wish_for_a_reply_are_kept_once() -> None:
    log = a_log()
    log.do(ask(c.RecordVisit))
    (event,) = log.do(ask(c.CollectOpinions, **dict.fromkeys(OPINION_CATEGORIES, "有意见。")))
    assert isinstance(event, e.OpinionsCollected)
    assert all(is_sealed(getattr(event, name)) for name in OPINION_CATEGORIES)
    assert len(OPINION_CATEGORIES) == 9
    assert event.reply_wanted
    assert refusal(log, ask(c.CollectOpinions, key="again")) is refused.FormAlreadyIn
    for given in ({"reply_by": None}, {"reply_wanted": False}):
        with pytest.raises(ValidationError, match="how to reply"):
            ask(c.CollectOpinions, **given)


@pytest.mark.proves("SG4")
def test_given_a_form_that_complains_of_its_collector_then_somebody_else_collects_it() -> None:
    log = a_log()
    log.do(ask(c.RecordVisit, companions=("handler2",)))
    about = {"conduct": "态度差。", "concerns": "handler"}
    assert refusal(log, ask(c.CollectOpinions, **about)) is errors.OfficialConcerned
    log.do(ask(c.CollectOpinions, by="handler2", **about))


@pytest.mark.proves("SG10", "PC4", "F10")
def test_given_an_inspection_then_a_hazard_is_the_issue_logged_of_it_and_is_registered_once() -> None:
    log = a_log(inspected=True)
    (event,) = log.do(ask(c.RegisterHazard))
    assert isinstance(event, e.HazardRegistered)
    assert (event.issue, event.level.value, event.requirement) == (ISSUE, "serious", "先围挡，限期加固。")
    assert refusal(log, ask(c.RegisterHazard, key="again")) is refused.HazardAlreadyIn
    assert refusal(log, ask(c.RegisterHazard, issue="QS-2026-0999")) is refused.UnknownIssue


def test_given_another_visit_or_an_issue_of_another_channel_then_it_is_no_hazard() -> None:
    on_a_visit = a_log()
    on_a_visit.do(ask(c.RecordVisit))
    assert refusal(on_a_visit, ask(c.RegisterHazard)) is refused.NotAHazard
    assert refusal(a_log(inspected=True, channel="visit"), ask(c.RegisterHazard)) is refused.NotAHazard


@pytest.mark.proves("D2")
def test_given_a_moment_then_what_was_entered_later_is_not_known_by_it() -> None:
    log = a_log()
    log.do(ask(c.RecordVisit))
    log.do(ask(c.RecordVisit, at=START + HOUR), now=START + timedelta(days=9))
    log.do(ask(c.StrikeVisit, entry=1), now=START + timedelta(days=10))

    def known(days: int) -> list[int]:
        entries: Any = log.history(DIARY)
        return [visit.entry for visit in known_by(entries, START + timedelta(days=days))]

    assert (known(8), known(9), known(10)) == ([1], [1, 2], [2])


@pytest.mark.proves("L14")
def test_given_the_real_log_when_a_visit_is_sent_twice_then_it_is_entered_once(
    casework: Casework, clock: Clock
) -> None:
    asked = ask(c.RecordVisit)
    first, second = casework.handle(asked), casework.handle(asked)
    assert (first.version, second.version, second.repeated) == (1, 1, True)
    clock.advance(HOUR)
    casework.handle(ask(c.RecordVisit, at=START + HOUR), expected_version=1)
    with pytest.raises(errors.StaleVersion):
        casework.handle(ask(c.CorrectVisit, at=START + HOUR), expected_version=1)
    found = fold(casework.history(DIARY))
    assert found is not None
    assert list(found.visits) == [1, 2]
