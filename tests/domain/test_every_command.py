"""What holds for all commands alike: who may ask, when it may have happened, at which stage; none is forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from domain.adoption.commands import ADOPTION_COMMANDS, AdoptionCommand
from domain.audit.commands import AuditCommand
from domain.commands import Command
from domain.duty.commands import DutyCommand
from domain.errors import (
    AlreadyExists,
    BeforeTheBeginning,
    HuiyinError,
    InTheFuture,
    NotFound,
    Refusal,
    RoleNotAllowed,
    WrongStage,
)
from domain.fund.commands import CloseFiscalYear, FundCommand, ProposeRound
from domain.holidays.commands import HolidaysCommand
from domain.household.commands import HouseholdCommand
from domain.issue import commands as c
from domain.issue.decide import DECISIONS
from domain.issue.evolve import evolve
from domain.liaison.commands import LiaisonCommand
from domain.meeting.commands import MeetingCommand, RecordMeeting
from domain.organisation.commands import OrganisationCommand
from domain.spot_check.commands import SpotCheckCommand
from domain.values import Actor, Role
from domain.visit.commands import DiaryCommand
from tests.support.casework import COMMANDS, PEOPLE, START, STATES, Case, case, command, given
from tests.support.examples import example
from tests.support.stages import MAY_HAPPEN_AT

ISSUE_COMMANDS = tuple(DECISIONS)
SECRET = b"of this office"


def _descendants(kind: type[Command]) -> Iterator[type[Command]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


BY_CALENDAR_OR_BY_HAND = (ProposeRound, CloseFiscalYear)
"""People may be earlier than the calendar."""


def _name(kind: type[Command]) -> str:
    return kind.__name__


def test_every_command_is_decided_exported_and_has_an_example() -> None:
    to_issues = set(_descendants(c.IssueCommand))
    assert to_issues == set(DECISIONS)
    assert to_issues == set(MAY_HAPPEN_AT)
    assert {kind.__name__ for kind in to_issues} < set(c.__all__)
    to_organisation = set(_descendants(OrganisationCommand))
    to_households = set(_descendants(HouseholdCommand))
    elsewhere = to_organisation | to_households | set(_descendants(DiaryCommand)) | set(_descendants(LiaisonCommand))
    elsewhere |= set(_descendants(DutyCommand)) | set(_descendants(SpotCheckCommand))
    elsewhere |= set(_descendants(HolidaysCommand)) | set(_descendants(MeetingCommand)) - {RecordMeeting}
    bases = {c.IssueCommand, OrganisationCommand, HouseholdCommand, DiaryCommand, HolidaysCommand, MeetingCommand}
    elsewhere |= set(ADOPTION_COMMANDS) | set(_descendants(AuditCommand))
    bases |= {LiaisonCommand, FundCommand, AdoptionCommand, DutyCommand, SpotCheckCommand, AuditCommand}
    assert set(COMMANDS) == set(_descendants(Command)) - elsewhere - bases


@pytest.mark.parametrize("kind", COMMANDS, ids=_name)
def test_every_command_names_the_roles_that_may_ask_for_it(kind: type[Command]) -> None:
    assert kind.ROLES
    assert set(Role) >= kind.ROLES
    assert Role.ADMINISTRATOR not in kind.ROLES


def test_only_the_process_acts_for_the_process_and_for_nobody_else() -> None:
    for kind in COMMANDS:
        assert Role.PROCESS not in kind.ROLES or len(kind.ROLES) == 1 or kind in BY_CALENDAR_OR_BY_HAND


@pytest.mark.parametrize("kind", ISSUE_COMMANDS, ids=_name)
def test_given_its_example_then_the_command_is_accepted_and_decided_alike_each_time(kind: type[Command]) -> None:
    shown = example(kind)
    first, second = shown.case.decide(shown.asked), shown.case.decide(shown.asked)
    assert first
    assert first == second
    versions = [event.originator_version for event in first if event.originator_id == shown.case.issue_id]
    assert versions == list(range(shown.case.issue.version + 1, shown.case.issue.version + 1 + len(versions)))


@pytest.mark.parametrize("kind", ISSUE_COMMANDS, ids=_name)
def test_given_a_decision_then_the_state_it_looked_at_is_as_before(kind: type[Command]) -> None:
    shown = example(kind)
    issue = shown.case.issue
    before = repr(issue)
    events = DECISIONS[kind](issue, shown.asked, shown.case.context(shown.asked))
    for event in events:
        if event.originator_id == issue.issue_id and event.originator_version == issue.version + 1:
            evolve(issue, event)
    assert repr(issue) == before


@pytest.mark.parametrize("kind", ISSUE_COMMANDS, ids=_name)
def test_given_any_other_role_then_it_is_refused(kind: type[Command]) -> None:
    shown = example(kind)
    for role in set(Role) - kind.ROLES:
        actor = Actor(user="somebody", role=role)
        given(shown.case).when(shown.asked.model_copy(update={"actor": actor})).refused(RoleNotAllowed)


@pytest.mark.parametrize("role", sorted(set(Role) - c.LogIssue.ROLES))
def test_given_any_other_role_then_nothing_is_logged(role: Role) -> None:
    with pytest.raises(RoleNotAllowed):
        case("logged", by=Actor(user="somebody", role=role))


@pytest.mark.parametrize("kind", ISSUE_COMMANDS, ids=_name)
def test_given_a_time_still_to_come_then_it_is_refused(kind: type[Command]) -> None:
    shown = example(kind)
    future = shown.asked.model_copy(update={"occurred_at": shown.asked.occurred_at + timedelta(minutes=6)})
    given(shown.case).when(future, now=shown.asked.occurred_at).refused(InTheFuture)


def test_given_a_clock_that_is_ahead_by_minutes_then_it_is_accepted() -> None:
    ahead = case("logged").command(c.FixOnSite, at=START + timedelta(minutes=5))
    assert case("logged").decide(ahead, now=START)


@pytest.mark.parametrize("kind", ISSUE_COMMANDS, ids=_name)
def test_given_a_time_before_the_issue_was_logged_then_it_is_refused(kind: type[Command]) -> None:
    shown = example(kind)
    earlier = shown.asked.model_copy(update={"occurred_at": START - timedelta(seconds=1)})
    given(shown.case).when(earlier, now=shown.asked.occurred_at).refused(BeforeTheBeginning)


def test_given_a_time_before_1949_then_nothing_is_logged() -> None:
    with pytest.raises(BeforeTheBeginning):
        case("logged", at=datetime(1949, 9, 30, 23, 59, tzinfo=UTC))


def test_given_an_old_paper_then_it_is_logged_at_its_own_time() -> None:
    for year, month, day in ((1949, 10, 1), (1950, 1, 5)):
        old = datetime(year, month, day, tzinfo=UTC)
        assert case("logged", at=old).issue.logged_at == old


@pytest.mark.parametrize("kind", ISSUE_COMMANDS, ids=_name)
def test_given_no_such_issue_then_it_is_not_found(kind: type[Command]) -> None:
    asked = example(kind).asked
    with pytest.raises(NotFound):
        case("logged", key="somewhere else").decide(asked)


def test_given_an_issue_that_exists_then_it_is_not_logged_again() -> None:
    life = case("logged")
    with pytest.raises(AlreadyExists):
        life.decide(life.commands[0])


def _refusal(life: Case, kind: type[Command]) -> HuiyinError | None:
    """Why the command, as it is usually built, is refused in this case; None if it is accepted."""
    fields = {"into": command(c.LogIssue, key="nobody knows it").issue_id} if kind is c.MergeIssue else {}
    try:
        assert life.decide(life.command(kind, **fields))
    except HuiyinError as refusal:
        return refusal
    return None


@pytest.mark.parametrize("state", STATES)
def test_given_each_state_then_only_what_its_stage_allows_can_happen(state: str) -> None:
    life = case(state)
    for kind, stages in MAY_HAPPEN_AT.items():
        refusal = _refusal(life, kind)
        if life.issue.stage not in stages:
            assert isinstance(refusal, Refusal), f"{kind.__name__} was accepted"
        # Two depend on more than the stage: money bound keeps an issue from being withdrawn, none granted from payment.
        elif kind not in (c.WithdrawIssue, c.PayTranche):
            assert not isinstance(refusal, WrongStage), f"{kind.__name__} was refused"


def test_given_a_command_then_its_digest_is_what_it_asks_not_when() -> None:
    life = case("logged")
    asked = life.command(c.FixOnSite)
    assert asked.digest(SECRET) == asked.model_copy(update={"occurred_at": START}).digest(SECRET)
    assert asked.digest(SECRET) != asked.model_copy(update={"measures": "别的办法。"}).digest(SECRET)
    assert asked.digest(SECRET) != asked.model_copy(update={"actor": PEOPLE["handler2"]}).digest(SECRET)
    assert asked.digest(SECRET) != asked.digest(b"of another")
    assert len(asked.digest(SECRET)) == 32


def test_given_two_kinds_of_command_with_the_same_fields_then_their_digests_differ() -> None:
    life = case("submission")
    signed = life.command(c.SignSubmission)
    granted = life.command(c.GrantExtension, command_id=signed.command_id)
    assert signed.digest(SECRET) != granted.digest(SECRET)


def test_given_a_meeting_then_its_stream_is_its_own() -> None:
    meeting = command(RecordMeeting)
    assert meeting.stream_id == meeting.meeting_id
    assert meeting.stream_id != command(RecordMeeting, key="another").stream_id
