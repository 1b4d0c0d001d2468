"""With which bodies is a command tried, to learn whether it could be accepted at all? Called by possible.py alone.

Each is made so that only role, stage, person or the state of the case can stand against it: the least money, the
progress reported last, somebody other than the present holder. Where a closed list decides, each value is tried.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.fund.commands import fund_id_of
from domain.fund.words import PaymentException
from domain.issue import commands as c
from domain.issue.state import Issue
from domain.issue.words import CopyFor, CountyOutcome, EntryField, NoticeAbout, Outcome, Rating
from domain.pausing import PauseReason
from domain.plan import Plan
from domain.values import LOCAL_ZONE, Actor

_NOBODYS: Final = UUID(int=0)
_SAID: Final = "试"
_SOMEBODY: Final = ("somebody", "somebody-else")
_LEAST: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, when, and under which plan; `township`: the issue's, by name."""

    actor: Actor
    now: datetime
    plan: Plan
    township: str


Bodies = Callable[[Issue, Asker], Iterator[Mapping[str, Any]]]


def probes_of(kind: type[c.IssueCommand], issue: Issue, asker: Asker) -> Iterator[c.IssueCommand]:
    """The commands to try; nothing of a kind that only the process asks for."""
    envelope = {
        "command_id": _NOBODYS,
        "actor": asker.actor,
        "occurred_at": asker.now,
        "issue_id": issue.issue_id,
    }
    for body in _BODIES.get(kind, _no_bodies)(issue, asker):
        yield kind(**envelope, **body)


def _no_bodies(_issue: Issue, _asker: Asker) -> Iterator[Mapping[str, Any]]:
    return iter(())


def _one(**body: Any) -> Bodies:
    return lambda _issue, _asker: iter((body,))


def _each(name: str, values: Any, **body: Any) -> Bodies:
    return lambda _issue, _asker: ({name: value, **body} for value in values)


def _escalations(issue: Issue, asker: Asker) -> Iterator[Mapping[str, Any]]:
    yield {"reason": _SAID}
    for department in asker.plan.departments:
        yield {"reason": _SAID, "department": department}


def _another_than(name: str, present: Callable[[Issue], str | None]) -> Bodies:
    def bodies(issue: Issue, asker: Asker) -> Iterator[Mapping[str, Any]]:
        yield {name: next(each for each in _SOMEBODY if each != present(issue))}

    return bodies


def _parts(issue: Issue, asker: Asker) -> Iterator[Mapping[str, Any]]:
    part = c.Part(category=next(iter(asker.plan.categories)), description=_SAID)
    yield {"reasons": _SAID, "parts": (part, part)}


def _submission(issue: Issue, asker: Asker) -> Iterator[Mapping[str, Any]]:
    money = {"total_budget": _LEAST, "subsidy_asked": _LEAST}
    day = asker.now.astimezone(LOCAL_ZONE).date()
    yield {"current_state": _SAID, "proposed_solution": _SAID, **money, "expected_completion": day}


def _allocation(issue: Issue, asker: Asker) -> Iterator[Mapping[str, Any]]:
    year = asker.now.astimezone(LOCAL_ZONE).year
    yield {"fund_id": issue.fund_id or fund_id_of(asker.township, year), "amount": _LEAST, "reasons": _SAID}


def _tranche(issue: Issue, asker: Asker) -> Iterator[Mapping[str, Any]]:
    passed_over = {"exception": PaymentException.PAYEE_NOT_READY, "reasons": _SAID}
    yield {"tranche": issue.tranches + 1, "amount": _LEAST, **passed_over}


def _progress(issue: Issue, asker: Asker) -> Iterator[Mapping[str, Any]]:
    yield {"percent": issue.percent, "spent": issue.spent}


def _completion(issue: Issue, asker: Asker) -> Iterator[Mapping[str, Any]]:
    yield {"summary": _SAID, "spent": issue.spent}


def _plan(issue: Issue, asker: Asker) -> Iterator[Mapping[str, Any]]:
    day = asker.now.astimezone(LOCAL_ZONE).date()
    yield {"measures": _SAID, "unit": _SAID, "person": asker.actor.user, "due_on": day}


_BODIES: Final[Mapping[type[c.IssueCommand], Bodies]] = {
    c.FixOnSite: _one(measures=_SAID),
    c.EscalateIssue: _escalations,
    c.AcceptIssue: lambda _, asker: iter(({"person": asker.actor.user},)),
    c.ReturnEscalation: _one(reasons=_SAID),
    c.AssignIssue: _another_than("person", lambda issue: issue.responsible.person),
    c.ResolveIssue: _one(measures=_SAID),
    c.SubmitToCommittee: _submission,
    c.SignSubmission: _one(),
    c.SendBackSubmission: _one(reasons=_SAID),
    c.DecideSubmission: _one(meeting_id=_NOBODYS, outcome=Outcome.DEFERRED, reasons=_SAID),
    c.RecordCountyAnswer: _one(outcome=CountyOutcome.RESOLVED, answer=_SAID),
    c.AllocateFunding: _allocation,
    c.PayTranche: _tranche,
    c.ReturnUnspent: _one(amount=_LEAST),
    c.CancelGrant: _one(reasons=_SAID),
    c.ReportProgress: _progress,
    c.CompleteWorks: _completion,
    c.AcceptWorks: _one(findings=_SAID),
    c.OrderRework: _one(reasons=_SAID),
    c.GiveReply: _one(findings=_SAID, opinion=_SAID),
    c.DeliverReply: _each("copy_for", CopyFor, method=_SAID),
    c.RateAnswer: _one(rating=Rating.SATISFIED),
    c.RequestReview: _one(grounds=_SAID),
    c.DecideReview: _one(upheld=True, opinion=_SAID),
    c.RequestRecheck: _one(grounds=_SAID),
    c.DecideRecheck: _one(upheld=True, opinion=_SAID),
    c.CloseIssue: _one(),
    c.RecordLookBack: _each("holds", (True, False), findings=_SAID),
    c.PlanRectification: _plan,
    c.MarkBacklog: _one(campaign="campaign"),
    c.ProposeFinalFiling: _one(grounds=_SAID),
    c.FileAsFinal: _one(),
    c.RefuseFinalFiling: _one(reasons=_SAID),
    c.RequestExtension: _one(days=1, reason=_SAID),
    c.GrantExtension: _one(),
    c.RefuseExtension: _one(reasons=_SAID),
    c.PauseClock: _each("reason", PauseReason, note=_SAID),
    c.ResumeClock: _one(),
    c.NotifyHousehold: _each("about", NoticeAbout, content=_SAID, method=_SAID),
    c.WithdrawIssue: _one(reasons=_SAID),
    c.MergeIssue: _one(into=_NOBODYS, reasons=_SAID),
    c.SplitIssue: _parts,
    c.LinkCommonCause: _another_than("cause", lambda issue: issue.cause),
    c.AssignLeader: _another_than("leader", lambda issue: issue.leader),
    c.CorrectEntry: _one(field=EntryField.DESCRIPTION, value=_SAID, reason=_SAID),
}
"""Of every command that people ask for."""
