"""Submitted, signed, tabled, decided, answered by the county, funded and paid (L5, L7, L8, L9)."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.fund.words import PaymentException
from domain.issue.words import CountyOutcome, Urgency
from domain.privacy import Personal
from domain.values import Moment, Responsible


class SubmissionPrepared(DomainEvent):
    TOPIC: ClassVar[str] = "issue.submission_prepared"
    current_state: Personal
    proposed_solution: Personal
    total_budget: Decimal
    subsidy_asked: Decimal
    expected_completion: date
    urgency: Urgency
    deadline: Deadline
    told: tuple[str, ...] | None = None  # whose turn it is, as it stood then


class SubmissionSigned(DomainEvent):
    TOPIC: ClassVar[str] = "issue.submission_signed"
    table_at: Moment


class SubmissionSentBack(DomainEvent):
    TOPIC: ClassVar[str] = "issue.submission_sent_back"
    reasons: Personal
    deadline: Deadline


class SubmissionTabled(DomainEvent):
    TOPIC: ClassVar[str] = "issue.submission_tabled"
    carried_over: bool
    deadline: Deadline


class SubmissionApproved(DomainEvent):
    TOPIC: ClassVar[str] = "issue.submission_approved"
    meeting_id: UUID
    subsidy: Decimal
    abstained: tuple[str, ...] = ()
    deadline: Deadline
    progress_due_at: Moment | None = None  # set when no money is needed and the works begin at once


class SubmissionDeferred(DomainEvent):
    TOPIC: ClassVar[str] = "issue.submission_deferred"
    meeting_id: UUID
    reasons: Personal
    abstained: tuple[str, ...] = ()
    table_at: Moment


class SubmissionReturned(DomainEvent):
    TOPIC: ClassVar[str] = "issue.submission_returned"
    meeting_id: UUID
    reasons: Personal
    abstained: tuple[str, ...] = ()
    deadline: Deadline


class SubmissionReferredUp(DomainEvent):
    TOPIC: ClassVar[str] = "issue.submission_referred_up"
    meeting_id: UUID
    abstained: tuple[str, ...] = ()
    responsible: Responsible
    deadline: Deadline


class SubmissionDeclined(DomainEvent):
    TOPIC: ClassVar[str] = "issue.submission_declined"
    meeting_id: UUID
    reasons: Personal
    abstained: tuple[str, ...] = ()
    deadline: Deadline


class CountyAnswered(DomainEvent):
    TOPIC: ClassVar[str] = "issue.county_answered"
    outcome: CountyOutcome
    answer: Personal
    responsible: Responsible
    deadline: Deadline


class FundingGranted(DomainEvent):
    TOPIC: ClassVar[str] = "issue.funding_granted"
    fund_id: UUID
    amount: Decimal
    reasons: Personal | None = None  # why others who rank ahead still wait


class TranchePaid(DomainEvent):
    TOPIC: ClassVar[str] = "issue.tranche_paid"
    tranche: int
    amount: Decimal
    exception: PaymentException | None = None  # an earlier project waited
    exception_reasons: Personal | None = None
    deadline: Deadline | None = None  # set by the first payment, which starts the works
    progress_due_at: Moment | None = None


class UnspentReturned(DomainEvent):
    TOPIC: ClassVar[str] = "issue.unspent_returned"
    amount: Decimal


class GrantCancelled(DomainEvent):
    TOPIC: ClassVar[str] = "issue.grant_cancelled"
    amount: Decimal  # the unpaid part, free again
    reasons: Personal
