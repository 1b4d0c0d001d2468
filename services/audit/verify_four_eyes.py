"""Was every approval given by somebody else than whoever proposed or did it? The domain's guards, asked again.

The two tables are the list: of an issue the state before the approval says who is barred (domain/issue/rules.py:
another_person), of another stream the latest proposal of the same matter.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from domain.adoption.events import PlanAdopted, PlanProposed
from domain.bulletin.events import BulletinCorrected, BulletinIssued, ItemNamed, ItemTakenOff
from domain.events import DomainEvent
from domain.fund.events import AdjustmentProposed, BudgetAdjusted, RoundConfirmed, RoundProposed
from domain.holidays.events import HolidaysAdopted, HolidaysProposed
from domain.household.events import ErasureConfirmed, ErasureProposed
from domain.issue import events as e
from domain.issue.rules import had_a_hand_in
from domain.issue.state import Issue
from domain.meeting.events import MeetingClosed, MinutesConfirmed
from domain.organisation.events import DeputyNamed, OfficerAppointed
from domain.spot_check.events import RectificationRechecked, RectificationReported
from projections.log_reader import SealedEvent
from services.audit.verify_faults import Faults, where
from services.audit.verify_streams import Told, walk

Barred = Callable[[Issue], frozenset[str]]


def _prepared(issue: Issue) -> frozenset[str]:
    return issue.prepared_by


def _asked(issue: Issue) -> frozenset[str]:
    return issue.extension_asked[1] if issue.extension_asked else frozenset()


_DECIDED: Final = (
    e.SubmissionApproved,
    e.SubmissionDeferred,
    e.SubmissionReturned,
    e.SubmissionReferredUp,
    e.SubmissionDeclined,
)
OF_ISSUES: Final[Mapping[type[DomainEvent], Barred]] = {
    e.SubmissionSigned: _prepared,
    e.SubmissionSentBack: _prepared,
    **dict.fromkeys(_DECIDED, _prepared),
    e.FundingGranted: _prepared,
    e.TranchePaid: lambda issue: issue.prepared_by | issue.granted_by,
    e.ExtensionGranted: _asked,
    e.ExtensionRefused: _asked,
    e.IssueAccepted: lambda issue: issue.sent_up_by,
    e.WorksAccepted: lambda issue: issue.workers,
    e.ReworkOrdered: lambda issue: issue.workers,
    e.ReviewDecided: had_a_hand_in,
    e.RecheckDecided: had_a_hand_in,
    e.LookBackPassed: had_a_hand_in,
    e.LookBackFailed: had_a_hand_in,
    e.FiledAsFinal: lambda issue: issue.final_by | had_a_hand_in(issue),
    e.FinalFilingRefused: lambda issue: issue.final_by,
}
"""Approval -> who may not have given it, by the state of the issue before it."""


class Pair(NamedTuple):
    """An approval and what it approves, in one stream. `by`: their fields that say which matter; `all`: every one."""

    approval: type[DomainEvent]
    proposals: tuple[type[DomainEvent], ...]
    by: tuple[str, str] | None = None
    all: bool = False


OF_STREAMS: Final = (
    Pair(BudgetAdjusted, (AdjustmentProposed,)),
    Pair(RoundConfirmed, (RoundProposed,), ("round", "round")),
    Pair(MinutesConfirmed, (MeetingClosed,)),
    Pair(ErasureConfirmed, (ErasureProposed,)),
    Pair(HolidaysAdopted, (HolidaysProposed,), ("proposal", "originator_version")),
    Pair(PlanAdopted, (PlanProposed,), ("proposal", "command_id")),
    Pair(RectificationRechecked, (RectificationReported,), ("finding", "finding")),
    Pair(BulletinIssued, (ItemNamed, ItemTakenOff), all=True),
    Pair(BulletinCorrected, (BulletinIssued,)),
)
OF_ONESELF: Final[Mapping[type[DomainEvent], str]] = {OfficerAppointed: "officer", DeputyNamed: "deputy"}
"""Nobody gives a post to themselves: event -> the field that says to whom it was given."""

_PAIRS: Final = {pair.approval: pair for pair in OF_STREAMS}
_PROPOSALS: Final = frozenset(kind for pair in OF_STREAMS for kind in pair.proposals)


class FourEyes:
    """Takes streams."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.approvals = 0

    def take_stream(self, stream: Sequence[Told]) -> None:
        """One stream; a history that breaks is a fault as well: the rule cannot be asked of it."""
        if isinstance(stream[0].event, e.IssueLogged):
            _, broken = walk(stream, self._of_issue)
            if broken is not None:
                self.faults.add("history-broken", where(broken))
        else:
            self._of_other(stream)

    def _of_issue(self, issue: Issue, event: DomainEvent, sealed: SealedEvent) -> None:
        barred = OF_ISSUES.get(type(event))
        abstained: tuple[str, ...] = getattr(event, "abstained", ())
        if barred is None or event.actor.user in abstained:
            return  # who abstained wrote down what the others decided
        self._look(event, barred(issue), sealed)

    def _of_other(self, stream: Sequence[Told]) -> None:
        proposed: list[DomainEvent] = []
        for sealed, event in stream:
            if event is None:
                return
            if (pair := _PAIRS.get(type(event))) is not None:
                self._look(event, _proposers(pair, event, proposed), sealed)
            elif (field := OF_ONESELF.get(type(event))) is not None:
                self._look(event, frozenset({getattr(event, field)}), sealed)
            if type(event) in _PROPOSALS:
                proposed.append(event)

    def _look(self, event: DomainEvent, barred: frozenset[str], sealed: SealedEvent) -> None:
        self.approvals += 1
        if event.actor.persons & barred:
            self.faults.add("same-person", where(sealed))


def _proposers(pair: Pair, event: DomainEvent, proposed: Sequence[DomainEvent]) -> frozenset[str]:
    """Who proposed the matter that this event approves; nobody, if it was decided by one as the plan may have it."""
    of_kind = [it for it in proposed if type(it) in pair.proposals and _same_matter(pair, event, it)]
    which = of_kind if pair.all else of_kind[-1:]
    return frozenset[str]().union(*(it.actor.persons for it in which))


def _same_matter(pair: Pair, event: DomainEvent, proposal: Any) -> bool:
    return pair.by is None or getattr(event, pair.by[0]) == getattr(proposal, pair.by[1])
