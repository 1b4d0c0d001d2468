"""Four eyes: nobody signs, grants, accepts, reviews or looks back on what they proposed or did; nor does a deputy."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, run_state_machine_as_test

from domain.commands import Command
from domain.errors import SamePerson
from domain.events import DomainEvent
from domain.fund.events import PaymentMade
from domain.issue import commands as c
from domain.issue import events as e
from domain.meeting.commands import RecordMeeting
from domain.values import Actor, Role
from tests.domain.test_any_life import Township
from tests.support.casework import Case, case, given
from tests.support.office import COMMITTEE

TWO_HATS: Final = ("an", "bo", "cai")
"""People who hold every office at once, and stand in for each other."""


def actor(user: str, role: Role, on_behalf_of: str | None = None) -> Actor:
    return Actor(user=user, role=role, on_behalf_of=on_behalf_of)


# -- each rule ------------------------------------------------------------------------------------------------------

RULES: Final[dict[type[Command], tuple[str, type[Command], Role]]] = {
    c.SignSubmission: ("handling", c.SubmitToCommittee, Role.STATION_LEAD),
    c.SendBackSubmission: ("handling", c.SubmitToCommittee, Role.STATION_LEAD),
    c.GrantExtension: ("handling", c.RequestExtension, Role.STATION_LEAD),
    c.RefuseExtension: ("handling", c.RequestExtension, Role.STATION_LEAD),
    c.AcceptIssue: ("logged", c.EscalateIssue, Role.STATION_LEAD),
    c.AcceptWorks: ("works", c.CompleteWorks, Role.STATION_LEAD),
    c.OrderRework: ("works", c.CompleteWorks, Role.STATION_LEAD),
    c.DecideReview: ("answered", c.RequestReview, Role.STATION_LEAD),
    c.DecideRecheck: ("reviewed", c.RequestRecheck, Role.STATION_LEAD),
    c.RecordLookBack: ("answered", c.CloseIssue, Role.STATION_LEAD),
}
"""Approval -> the state before, what is proposed or done there, and the role in which both can be asked for."""

BOTH: Final = [
    (("an", None), ("an", None)),
    (("an", None), ("bo", "an")),  # the deputy of whoever proposed it
    (("bo", "an"), ("an", None)),  # whom the proposer stood in for
    (("bo", "an"), ("bo", None)),
    (("bo", "an"), ("cai", "an")),
]


def proposed(kind: type[Command], who: tuple[str, str | None]) -> Case:
    state, proposal, role = RULES[kind]
    return case(state).do(proposal, by=actor(who[0], role, who[1]))


@pytest.mark.parametrize("kind", RULES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(("proposer", "approver"), BOTH)
def test_given_the_same_person_or_a_deputy_then_it_is_refused(
    kind: type[Command], proposer: tuple[str, str | None], approver: tuple[str, str | None]
) -> None:
    by = actor(approver[0], RULES[kind][2], approver[1])
    given(proposed(kind, proposer)).when(kind, by=by).refused(SamePerson)


@pytest.mark.parametrize("kind", RULES, ids=lambda kind: kind.__name__)
def test_given_another_person_then_it_is_accepted_and_the_repeat_is_the_same(kind: type[Command]) -> None:
    life = proposed(kind, ("bo", "an"))
    asked = life.command(kind, by=actor("cai", RULES[kind][2]))
    assert life.decide(asked) == life.decide(asked) != ()


@pytest.mark.parametrize(("user", "behalf"), [("handler", None), ("an", "handler")])
def test_given_who_prepared_the_submission_then_they_allocate_and_pay_nothing(user: str, behalf: str | None) -> None:
    given("funding").when(c.AllocateFunding, by=actor(user, Role.COMMITTEE_MEMBER, behalf)).refused(SamePerson)
    given("granted").when(c.PayTranche, by=actor(user, Role.FINANCE, behalf)).refused(SamePerson)


@pytest.mark.parametrize(("user", "behalf"), [("committee", None), ("an", "committee")])
def test_given_who_allocated_the_money_then_they_do_not_pay_it(user: str, behalf: str | None) -> None:
    given("granted").when(c.PayTranche, by=actor(user, Role.FINANCE, behalf)).refused(SamePerson)
    given("granted").when(c.PayTranche, by="finance").then(e.TranchePaid, PaymentMade)


@pytest.mark.parametrize("behalf", [None, "handler"])
def test_given_a_voter_who_stands_in_for_the_proposer_then_nothing_is_decided(behalf: str | None) -> None:
    tabled = case("tabled")
    met = tabled.do(RecordMeeting, at=tabled.now + timedelta(hours=1))
    when = given(met).when(
        c.DecideSubmission, at=met.now + timedelta(minutes=1), by=actor("committee", Role.COMMITTEE_MEMBER, behalf)
    )
    if behalf is None:
        assert when.case.decide(when.asked)
    else:
        when.refused(SamePerson)


@pytest.mark.parametrize("field", ["person", "leader"])
def test_given_who_answers_for_the_case_or_leads_it_then_they_do_not_look_back(field: str) -> None:
    kind = c.AssignIssue if field == "person" else c.AssignLeader
    named = case("answered").do(kind, **{field: "lead2"}).do(c.CloseIssue)
    given(named).when(c.RecordLookBack, by="lead2").refused(SamePerson)
    given(named).when(c.RecordLookBack, by="auditor").then(e.LookBackPassed)


def test_given_who_decided_the_review_against_the_reply_then_they_do_not_look_back() -> None:
    again = case("review").do(c.DecideReview, by="lead2", upheld=False).do(c.AcceptIssue).do(c.ResolveIssue)
    closed = again.do(c.GiveReply).do(c.RateAnswer).do(c.CloseIssue)
    given(closed).when(c.RecordLookBack, by="lead2").refused(SamePerson)


# -- any life of people with two hats -------------------------------------------------------------------------------

_PREPARED: Final = (e.SubmissionPrepared,)
APPROVALS: Final[dict[type[DomainEvent], tuple[type[DomainEvent], ...]]] = {
    e.SubmissionSigned: _PREPARED,
    e.SubmissionSentBack: _PREPARED,
    e.SubmissionApproved: _PREPARED,
    e.SubmissionDeclined: _PREPARED,
    e.FundingGranted: _PREPARED,
    e.TranchePaid: (e.SubmissionPrepared, e.FundingGranted),
    e.ExtensionGranted: (e.ExtensionRequested,),
    e.ExtensionRefused: (e.ExtensionRequested,),
    e.IssueAccepted: (e.IssueEscalated,),
    e.ReviewDecided: (e.IssueLogged, e.IssueResolved, e.IssueFixedOnSite, e.ReplyGiven),
    e.RecheckDecided: (e.IssueLogged, e.IssueResolved, e.IssueFixedOnSite, e.ReplyGiven, e.ReviewDecided),
    e.LookBackPassed: (e.IssueLogged, e.IssueResolved, e.IssueFixedOnSite, e.ReplyGiven, e.ReviewDecided),
}
"""Approval -> what comes before it in a case, the latest of each kind, by whom it may not be."""


def own_approvals(history: Iterable[DomainEvent]) -> list[str]:
    """The approvals of this history that somebody gave to themselves."""
    latest: dict[type[DomainEvent], frozenset[str]] = {}
    found = []
    for event in history:
        for proposal in APPROVALS.get(type(event), ()):
            if event.actor.persons & latest.get(proposal, frozenset()):
                found.append(f"{event.TOPIC} after {proposal.TOPIC}")
        latest[type(event)] = event.actor.persons
        if isinstance(event, e.IssueReopened):
            latest.pop(e.IssueEscalated, None)
    return found


class TwoHats(Township):
    """The same township, where three people hold every office and stand in for each other."""

    def _try(self, life: Case, kind: type[Command], data: st.DataObject, *, pause: timedelta, by: Any = None) -> None:
        roles = sorted(kind.ROLES - {Role.PROCESS, Role.HOUSEHOLD})
        if roles:
            user = data.draw(st.sampled_from(TWO_HATS), label="user")
            behalf = data.draw(st.none() | st.sampled_from([it for it in TWO_HATS if it != user]), label="behalf")
            by = actor(user, data.draw(st.sampled_from(roles), label="role"), behalf)
        super()._try(life, kind, data, pause=pause, by=by)

    def _meet(self, life: Case, present: tuple[str, ...]) -> None:
        if life.issue.table_at is not None:
            self._ask(life, life.command(c.TableSubmission, at=max(life.issue.table_at, self.case.now)))
        morning = (self.case.now + timedelta(days=1)).replace(hour=9)
        there = ("an", *COMMITTEE[:5]) if len(present) > 4 else (*TWO_HATS, *COMMITTEE[:4])
        chaired = self.case.command(
            RecordMeeting, at=morning, by=actor("an", Role.COMMITTEE_MEMBER), chair="an", present=there, absent=()
        )
        self._ask(self.case, chaired)

    @invariant()
    def nobody_approved_their_own(self) -> None:
        for issue_id in self._issue_ids():
            assert own_approvals(self.case.streams[issue_id]) == []


SETTINGS: Final = settings(
    max_examples=6, stateful_step_count=25, derandomize=True, deadline=None, database=None, phases=[Phase.generate]
)


@pytest.mark.parametrize("state", ["logged", "submission", "tabled", "funding", "review", "closed", "extension_asked"])
def test_given_people_with_two_hats_when_anything_is_asked_then_nobody_approves_their_own(state: str) -> None:
    run_state_machine_as_test(lambda: TwoHats(state), settings=SETTINGS)


def test_given_a_forged_history_then_the_own_approval_is_seen() -> None:
    events = list(case("awaiting_committee").events)
    (prepared,) = [event for event in events if isinstance(event, e.SubmissionPrepared)]
    deputy = actor("somebody", Role.STATION_LEAD, prepared.actor.user)
    forged = [
        event.model_copy(update={"actor": deputy}) if isinstance(event, e.SubmissionSigned) else event
        for event in events
    ]
    assert own_approvals(events) == []
    assert own_approvals(forged) == ["issue.submission_signed after issue.submission_prepared"]
