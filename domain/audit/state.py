"""What a finding and a sample remember."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.audit import events as e
from domain.audit.sampling import Criteria
from domain.audit.words import FindingStanding
from domain.events import DomainEvent


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One finding. `auditors`: who recorded it or followed it up; `told`: who was asked last.

    Words are sealed as the log has them.
    """

    finding_id: UUID
    version: int
    recorded: e.AuditFindingRecorded
    answer_by: datetime
    auditors: frozenset[str]
    told: tuple[str, ...]
    standing: FindingStanding = FindingStanding.AWAITED
    rounds: int = 1
    answer: str | None = None
    opinion: str | None = None
    answered_late: bool = False
    closed: e.AuditFindingClosed | None = None

    @property
    def unit(self) -> str:
        """The unit that has to answer."""
        return self.recorded.unit

    @property
    def concerns(self) -> str | None:
        """Of whose conduct it speaks: it is kept from them, and from those below them."""
        return self.recorded.concerns

    def is_overdue(self, at: datetime) -> bool:
        """Whether an answer is awaited, and its day is over."""
        return self.standing is FindingStanding.AWAITED and self.answer_by < at


@dataclass(frozen=True, slots=True)
class AuditSample:
    """One sample; `drawn` None: asked for only."""

    sample_id: UUID
    version: int
    asked: e.AuditSampleAsked
    drawn: e.AuditSampleDrawn | None = None

    @property
    def criteria(self) -> Criteria:
        """What it is drawn from."""
        asked = self.asked
        return Criteria(self.sample_id, asked.kind, asked.village, asked.since, asked.until)


def fold_finding(history: Iterable[DomainEvent]) -> AuditFinding | None:
    """The finding, or None if there is none, or this is the history of something else."""
    found: AuditFinding | None = None
    for event in history:
        if isinstance(event, e.AuditFindingRecorded):
            auditors = frozenset({event.actor.user})
            found = AuditFinding(
                event.originator_id, event.originator_version, event, event.answer_by, auditors, event.told
            )
        elif found is None:
            return None
        else:
            found = replace(found, version=event.originator_version, **_changes(found, event))
    return found


def _changes(found: AuditFinding, event: DomainEvent) -> dict[str, Any]:
    if isinstance(event, e.AuditFindingAnswered):
        return {"standing": FindingStanding.ANSWERED, "answer": event.answer, "answered_late": event.late}
    auditors = found.auditors | {event.actor.user}
    if isinstance(event, e.AuditAnswerAccepted):
        return {"standing": FindingStanding.ACCEPTED, "opinion": event.opinion, "auditors": auditors}
    if isinstance(event, e.AuditFindingInsisted):
        again = {"standing": FindingStanding.AWAITED, "answer_by": event.answer_by, "rounds": event.round}
        return {**again, "told": event.told, "opinion": event.opinion, "auditors": auditors}
    if isinstance(event, e.AuditFindingClosed):
        return {"standing": FindingStanding.CLOSED, "closed": event, "auditors": auditors}
    raise TypeError(f"a finding knows no {type(event).__name__}")


def fold_sample(history: Iterable[DomainEvent]) -> AuditSample | None:
    """The sample, or None if there is none, or this is the history of something else."""
    found: AuditSample | None = None
    for event in history:
        if isinstance(event, e.AuditSampleAsked):
            found = AuditSample(event.originator_id, event.originator_version, event)
        elif found is None or not isinstance(event, e.AuditSampleDrawn):
            return None
        else:
            found = replace(found, version=event.originator_version, drawn=event)
    return found
