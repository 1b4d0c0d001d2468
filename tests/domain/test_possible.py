"""What somebody may ask now: nothing listed is refused for role, stage or person, and everything left out is."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from domain.commands import Command
from domain.errors import HuiyinError
from domain.issue import commands as c
from domain.issue.decide import DECISIONS
from domain.issue.possible import WRITTEN, possible
from domain.issue.probes import Asker
from domain.issue.words import Channel, CopyFor, NoticeAbout
from domain.pausing import PauseReason
from domain.values import Role
from tests.support.casework import PEOPLE
from tests.support.office import TOWNSHIP
from tests.support.states import STATES, Case, a_new_case
from tests.support.transitions import AT_HAND, VARIANTS, prepared

_ASKERS: Final = ("handler", "lead", "lead2", "committee", "member6", "finance", "department", "auditor", "household")
_ALSO: Final[dict[type[Command], list[dict[str, Any]]]] = {
    c.EscalateIssue: [{}, {"department": "construction"}, {"department": "environment"}],
    c.AssignIssue: [{"person": "handler2"}, {"person": "lead2"}],
    c.DeliverReply: [{"copy_for": copy} for copy in CopyFor],
    c.NotifyHousehold: [{"about": about} for about in NoticeAbout],
    c.PauseClock: [{"reason": reason} for reason in PauseReason],
    c.RequestExtension: [{"days": 1}],
    c.ReturnUnspent: [{"amount": "0.01"}],
    c.PayTranche: [{"amount": "0.01"}],
    c.AllocateFunding: [{"amount": "0.01"}],
    c.MergeIssue: [{"into": AT_HAND.issue_id}],
    c.AssignLeader: [{"leader": "committee"}, {"leader": "member2"}],
}
"""Bodies of which one at least would be accepted, if any would."""


def _proper(life: Case, kind: type[c.IssueCommand], by: str) -> Iterator[Command]:
    for fields in _ALSO.get(kind) or VARIANTS.get(kind, [{}]):
        if kind in (c.ReportProgress, c.CompleteWorks):
            fields = {
                "spent": life.issue.spent,
                **({"percent": life.issue.percent} if kind is c.ReportProgress else {}),
            }
        yield life.command(kind, by=by, at=life.now, **fields)


def _refusal(life: Case, asked: Command) -> HuiyinError | None:
    try:
        life.decide(asked)
    except HuiyinError as refusal:
        return refusal
    return None


def _listed(life: Case, by: str) -> set[type[c.IssueCommand]]:
    first = life.command(c.CorrectEntry, by=by, at=life.now)
    asker = Asker(PEOPLE[by], life.now, life.context(first).plan, TOWNSHIP)
    return set(possible(life.issue, asker, life.context))


def _life(state: str) -> Case:
    life = prepared(state, {"key": "possible"})
    assert life is not None
    return life


def _agrees(life: Case) -> None:
    for by in _ASKERS:
        listed = _listed(life, by)
        for kind in DECISIONS:
            if Role.PROCESS in kind.ROLES:
                continue
            refusals = [_refusal(life, asked) for asked in _proper(life, kind, by)]
            accepted = any(refusal is None or isinstance(refusal, WRITTEN) for refusal in refusals)
            assert (kind in listed) is accepted, (by, kind.__name__, refusals)


_A_FEW: Final = ("logged", "escalated", "submission", "works", "feedback", "closed")


@pytest.mark.parametrize("state", _A_FEW)
def test_given_one_of_a_few_states_then_exactly_what_would_be_accepted_is_listed(state: str) -> None:
    _agrees(_life(state))


@pytest.mark.slow
@pytest.mark.parametrize("state", sorted(set(STATES) - set(_A_FEW)))
def test_given_any_state_then_exactly_what_would_be_accepted_is_listed_for_everybody(state: str) -> None:
    _agrees(_life(state))


@pytest.mark.slow
@pytest.mark.parametrize("state", ["logged", "closed", "rechecked"])
def test_given_a_petition_or_no_household_then_the_same_holds(state: str) -> None:
    for log_fields in ({"channel": Channel.PETITION}, {"household": None, "source": "old-system"}):
        life = prepared(state, log_fields)
        if life is not None:
            _agrees(life)


def test_given_a_complaint_about_somebody_then_nothing_is_theirs_to_do() -> None:
    life = a_new_case(concerns="handler", by="lead")
    assert _listed(life, "handler") == set()
    assert c.FixOnSite in _listed(life, "lead")


def test_given_nothing_was_asked_then_nothing_is_written() -> None:
    life = _life("logged")
    before = life.events
    _listed(life, "handler")
    assert life.events == before
