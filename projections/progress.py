"""How an event moves an issue on: the stage it enters, the clock it starts or stops, who answers for it from then on.

Shared by the read models, so that a stage in a ledger and one on the dashboard cannot differ.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Protocol

from domain.deadlines import Deadline
from domain.events import DomainEvent, event_classes
from domain.issue import events as e
from domain.issue.words import UNANSWERED_STAGES, CountyOutcome, Stage

_STAGES: Final[dict[type[DomainEvent], Stage]] = {
    e.IssueLogged: Stage.LOGGED,
    e.IssueFixedOnSite: Stage.REPLY,
    e.IssueEscalated: Stage.ESCALATED,
    e.IssueAccepted: Stage.HANDLING,
    e.EscalationReturned: Stage.HANDLING,
    e.IssueResolved: Stage.REPLY,
    e.SubmissionPrepared: Stage.SUBMISSION,
    e.SubmissionSigned: Stage.COMMITTEE,
    e.SubmissionSentBack: Stage.HANDLING,
    e.SubmissionDeferred: Stage.COMMITTEE,
    e.SubmissionReturned: Stage.HANDLING,
    e.SubmissionReferredUp: Stage.WITH_COUNTY,
    e.SubmissionDeclined: Stage.REPLY,
    e.WorksCompleted: Stage.INSPECTION,
    e.WorksAccepted: Stage.REPLY,
    e.ReworkOrdered: Stage.WORKS,
    e.HouseholdSilent: Stage.ANSWERED,
    e.IssueReopened: Stage.ESCALATED,
    e.ReviewRequested: Stage.REVIEW,
    e.RecheckRequested: Stage.RECHECK,
    e.LookBackPassed: Stage.SETTLED,
    e.FiledAsFinal: Stage.SETTLED,
    e.IssueWithdrawn: Stage.WITHDRAWN,
    e.IssueMerged: Stage.MERGED,
    e.IssueSplit: Stage.SPLIT,
}
"""Events that always enter the same stage."""

_DEPENDS: Final[dict[type[DomainEvent], Callable[[Any], Stage | None]]] = {
    e.SubmissionApproved: lambda event: Stage.FUNDING if event.subsidy else Stage.WORKS,
    e.CountyAnswered: lambda event: Stage.HANDLING if event.outcome is CountyOutcome.SENT_BACK else Stage.REPLY,
    e.TranchePaid: lambda event: Stage.WORKS if event.deadline else None,
    e.ReplyGiven: lambda event: Stage.FEEDBACK if event.asks_household else Stage.ANSWERED,
    e.AnswerRated: lambda event: Stage.ANSWERED if event.deadline else None,
    e.ReviewDecided: lambda event: Stage.ANSWERED if event.deadline else None,
    e.RecheckDecided: lambda event: Stage.ANSWERED if event.deadline else None,
    e.IssueClosed: lambda event: Stage.CLOSED if event.look_back else Stage.SETTLED,
}
"""Events whose own content says which stage they enter; None: the issue stays where it is."""

_STOP_THE_CLOCK: Final = frozenset(
    {
        e.SubmissionSigned, e.SubmissionDeferred, e.HouseholdSilent,
        e.LookBackPassed, e.FiledAsFinal, e.IssueWithdrawn, e.IssueMerged, e.IssueSplit,
    }
)  # fmt: skip
"""Nothing is due until the next event starts a clock."""

_CLOCK_FIELD: Final[dict[type[DomainEvent], str]] = {
    e.IssueClosed: "look_back",
    **{kind: "deadline" for kind in event_classes().values() if "deadline" in kind.model_fields},
}
"""Where an event keeps the clock that it starts."""

BETWEEN_DEPARTMENTS: Final[frozenset[type[DomainEvent]]] = frozenset(
    {e.IssueEscalated, e.EscalationReturned, e.IssueReopened}
)
"""Events after which a case is with the department that they name (`department_entered`), or with none."""


OWNED_ANEW: Final[frozenset[type[DomainEvent]]] = frozenset(
    kind for kind in e.ISSUE_EVENTS if "responsible" in kind.model_fields
)
"""Events that name who answers for the case from then on (`responsible`)."""

SAME_STEP: Final = frozenset({e.ExtensionGranted, e.ClockPaused, e.ClockResumed, e.DeadlineRedated, e.IssueAssigned})
"""The clock gets another end, or its holder another clock; the step goes on."""


class Standing(Protocol):
    """The part of a row that says where an issue stands."""

    stage: str
    due_at: datetime | None


def stage_entered(event: DomainEvent) -> Stage | None:
    """The stage that `event` enters; None if the issue stays where it is."""
    kind = type(event)
    depends = _DEPENDS.get(kind)
    return depends(event) if depends else _STAGES.get(kind)


def clock_started(event: DomainEvent) -> Deadline | None:
    """The clock that runs from `event` on, if it starts one."""
    name = _CLOCK_FIELD.get(type(event))
    deadline: Deadline | None = getattr(event, name) if name else None
    return deadline


def moves_the_clock(event: DomainEvent) -> bool:
    """Whether `event` starts or stops a clock."""
    kind = type(event)
    return kind in _STOP_THE_CLOCK or kind is e.IssueClosed or clock_started(event) is not None


Moved = tuple[Stage | None, bool, Deadline | None]
"""What the three questions above answer of an event: the stage entered, whether the clock moves, the clock started."""


def moves_of(kind: type[DomainEvent]) -> Callable[[DomainEvent], Moved]:
    """The three questions in one, for events of this kind only: whoever folds millions asks three times as quickly."""
    always, depends, field = _STAGES.get(kind), _DEPENDS.get(kind), _CLOCK_FIELD.get(kind)
    stops = kind in _STOP_THE_CLOCK or kind is e.IssueClosed

    def moves(event: DomainEvent) -> Moved:
        deadline = getattr(event, field) if field else None
        return depends(event) if depends else always, stops or deadline is not None, deadline

    return moves


def department_entered(event: DomainEvent) -> str | None:
    """Where such an event brings a case; None: back to the office."""
    department: str | None = getattr(event, "department", None)
    return department


def step_ended(row: Standing, event: DomainEvent) -> bool:
    """Whether `event` ends a step that the household waits for and that has a due time."""
    waited_for = row.due_at is not None and row.stage in UNANSWERED_STAGES
    return waited_for and type(event) not in SAME_STEP and moves_the_clock(event)


def was_late(row: Standing, event: DomainEvent) -> bool:
    """Whether such a step ended with `event`, after its due time."""
    return step_ended(row, event) and row.due_at is not None and event.occurred_at > row.due_at
