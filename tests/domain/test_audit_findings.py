"""What auditors find, who answers, and what comes of it; what may never be told to whom (requirements §1, auditor)."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain import errors as general
from domain.audit import commands as c
from domain.audit import errors as refused
from domain.audit.words import FindingOutcome, FindingStanding, FindingSubject
from domain.events import encode
from domain.organisation.commands import AppointOfficer
from domain.privacy import is_sealed
from domain.values import Actor, Role
from tests.support.audits import a_finding, a_sample, ask, finding_of
from tests.support.memory_log import refusal
from tests.support.organisation import ask as ask_organisation
from tests.support.spot_checks import AUDITOR, DRAW, HANDLER, LATER, LEAD, MEMBER, TOWNSHIP_LEAD, a_township, logged

DAY = timedelta(days=1)
CONDUCT: dict[str, Any] = {"about": FindingSubject.CONDUCT, "number": None, "concerns": "lead", "problem": "事后补签。"}


def test_given_a_finding_then_the_units_lead_is_told_and_answers_and_it_is_followed_up_to_the_end() -> None:
    log, of = a_finding()
    assert finding_of(log, of).recorded.told == ("lead",)
    log.do(ask(c.AnswerAuditFinding, of=of))
    log.do(ask(c.InsistOnAuditFinding, of=of))
    again = finding_of(log, of)
    assert (again.standing, again.rounds, again.answer_by.date()) == (FindingStanding.AWAITED, 2, date(2026, 4, 20))
    log.do(ask(c.AnswerAuditFinding, of=of, answer="已重新送达。", at=DRAW + DAY))
    log.do(ask(c.AcceptAuditAnswer, of=of))
    assert refusal(log, ask(c.InsistOnAuditFinding, of=of, key="late")) is refused.FindingElsewhere
    log.do(ask(c.CloseAuditFinding, of=of))
    assert finding_of(log, of).standing is FindingStanding.CLOSED
    assert refusal(log, ask(c.CloseAuditFinding, of=of, key="again")) is refused.FindingElsewhere


def test_given_a_finding_in_an_issue_then_all_its_words_are_sealed_under_the_households_key() -> None:
    log = a_township(logged("QS-2026-0101", household="QS-012"))
    log, of = a_finding(log, number="QS-2026-0101")
    for wish in (c.AnswerAuditFinding, c.AcceptAuditAnswer, c.CloseAuditFinding):
        log.do(ask(wish, of=of))
    words = [getattr(it, name) for it in log.history(of) for name in ("problem", "answer", "opinion", "summary")
             if hasattr(it, name)]  # fmt: skip
    assert len(words) == 4
    assert all(map(is_sealed, words))
    assert "凭据".encode() not in b"".join(map(encode, log.history(of)))


@pytest.mark.parametrize("by", [HANDLER, TOWNSHIP_LEAD, MEMBER], ids=lambda it: it.user)
def test_given_somebody_who_is_not_in_charge_of_the_unit_then_they_do_not_answer(by: Actor) -> None:
    log, of = a_finding()
    wanted = general.RoleNotAllowed if by is HANDLER else refused.NotAddressed
    assert refusal(log, ask(c.AnswerAuditFinding, of=of, by=by)) is wanted


def test_given_a_deputy_of_whoever_is_in_charge_then_they_answer() -> None:
    log, of = a_finding()
    deputy = Actor(user="handler2", role=Role.STATION_LEAD, on_behalf_of="lead")
    log.do(ask(c.AnswerAuditFinding, of=of, by=deputy))
    assert finding_of(log, of).standing is FindingStanding.ANSWERED


def test_given_an_answer_after_its_day_then_it_is_late_and_until_then_it_is_overdue() -> None:
    log, of = a_finding()
    assert not finding_of(log, of).is_overdue(DRAW)
    assert finding_of(log, of).is_overdue(LATER)
    log.do(ask(c.AnswerAuditFinding, of=of, at=LATER))
    assert finding_of(log, of).answered_late


def test_given_a_finding_about_somebodys_conduct_then_who_is_above_them_is_told_and_they_learn_nothing() -> None:
    log, of = a_finding(**CONDUCT)
    told = finding_of(log, of).recorded.told
    assert "lead" not in told
    assert told
    assert refusal(log, ask(c.AnswerAuditFinding, of=of, by=LEAD)) is general.NotFound
    above = Actor(user=told[0], role=Role.STATION_LEAD)
    log.do(ask(c.AnswerAuditFinding, of=of, by=above))


def test_given_a_complaint_about_another_official_then_a_finding_does_not_speak_of_two() -> None:
    log = a_township(logged("QS-2026-0102", concerns="handler"))
    two = ask(c.RecordAuditFinding, **{**CONDUCT, "number": "QS-2026-0102"})
    assert refusal(log, two) is refused.AboutAnother
    log, of = a_finding(log, number="QS-2026-0102")
    assert finding_of(log, of).concerns == "handler"


def test_given_an_auditor_who_serves_there_in_another_post_then_they_audit_somebody_else() -> None:
    log, of = a_finding()
    log.do(ask_organisation(AppointOfficer, officer="auditor", role=Role.CASE_HANDLER, place="LX"))
    assert refusal(log, ask(c.RecordAuditFinding, key="own")) is general.SamePerson
    log.do(ask(c.AnswerAuditFinding, of=of))
    assert refusal(log, ask(c.AcceptAuditAnswer, of=of)) is general.SamePerson


def test_given_no_such_unit_issue_or_day_then_nothing_is_recorded() -> None:
    log = a_township()
    assert refusal(log, ask(c.RecordAuditFinding, unit="XX")) is refused.NoSuchUnit
    assert refusal(log, ask(c.RecordAuditFinding, number="QS-2026-0999")) is general.NotFound
    assert refusal(log, ask(c.RecordAuditFinding, answer_by=date(2026, 3, 1))) is general.PromiseInThePast


def test_given_an_auditor_who_was_mistaken_then_the_finding_is_closed_as_unfounded_at_any_time() -> None:
    log, of = a_finding()
    assert refusal(log, ask(c.CloseAuditFinding, of=of)) is refused.FindingElsewhere
    log.do(ask(c.CloseAuditFinding, of=of, outcome=FindingOutcome.UNFOUNDED))
    assert finding_of(log, of).standing is FindingStanding.CLOSED


def test_given_a_finding_that_refers_to_a_sample_then_its_issue_was_drawn_there() -> None:
    log = a_township()
    log.head = None
    asked = ask(c.AskAuditSample)
    log.do(asked)
    early = ask(c.RecordAuditFinding, sample_id=asked.stream_id)
    assert refusal(log, early) is refused.NotInSample
    log = a_township()
    sample = a_sample(log)
    assert sample.drawn is not None
    a_finding(log, number=sample.drawn.items[0], sample_id=sample.sample_id)
    other = next(f"QS-2026-{n:04d}" for n in range(1, 10) if f"QS-2026-{n:04d}" not in sample.drawn.items)
    assert refusal(log, ask(c.RecordAuditFinding, number=other, sample_id=sample.sample_id)) is refused.NotInSample


@pytest.mark.parametrize(
    "fields",
    [
        {"about": FindingSubject.ISSUE, "number": None},
        {"about": FindingSubject.LEDGER},
        {"about": FindingSubject.LEDGER, "ledger": "issues", "concerns": "lead"},
        {"about": FindingSubject.PROOF, "fund_id": "5f0f2c1a-43a4-4bb0-9a3e-6f7f4b7d9c11"},
    ],
)
def test_given_a_subject_that_is_not_named_or_another_ones_then_the_form_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="Name the issue"):
        ask(c.RecordAuditFinding, **fields)


def test_given_anybody_but_an_auditor_then_they_record_no_finding() -> None:
    for role in set(Role) - {Role.AUDITOR}:
        asked = ask(c.RecordAuditFinding, by=Actor(user=AUDITOR.user, role=role))
        assert refusal(a_township(), asked) is general.RoleNotAllowed
