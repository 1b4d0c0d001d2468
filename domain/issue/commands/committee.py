"""Submitted, signed, tabled, decided, answered by the county, funded and paid (L5, L7, L8, L9)."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from domain.fund.words import PaymentException
from domain.issue.commands.base import (
    IssueCommand,
)
from domain.issue.words import CountyOutcome, Outcome, Urgency
from domain.values import GivenDay, Text, UserId, ValueRefused, Yuan


class SubmitToCommittee(IssueCommand):
    """提请党委会研究 (L7)."""

    current_state: Text
    proposed_solution: Text
    total_budget: Yuan
    subsidy_asked: Yuan
    expected_completion: GivenDay
    urgency: Urgency = Urgency.ORDINARY

    @model_validator(mode="after")
    def _subsidy_within_budget(self) -> Self:
        if self.subsidy_asked > self.total_budget:
            raise ValueRefused(
                "subsidy-above-budget",
                zh="申请补贴金额不能超过项目总预算。",
                en="The subsidy asked exceeds the total budget.",
            )
        return self


class SignSubmission(IssueCommand):
    """审签 (L7, CX15)."""


class SendBackSubmission(IssueCommand):
    """审签退回."""

    reasons: Text


class TableSubmission(IssueCommand):
    """列入议题, at the cut-off (L7)."""


class DecideSubmission(IssueCommand):
    """党委会决定 (L8)."""

    meeting_id: UUID
    outcome: Outcome
    subsidy: Yuan | None = None
    reasons: Text | None = None
    abstained: Annotated[tuple[UserId, ...], Field(max_length=50)] = ()


class RecordCountyAnswer(IssueCommand):
    """县级答复 (L5)."""

    outcome: CountyOutcome
    answer: Text


class AllocateFunding(IssueCommand):
    """安排补贴 (L9)."""

    fund_id: UUID
    amount: Yuan
    reasons: Text | None = None  # where others rank ahead and wait


class PayTranche(IssueCommand):
    """拨付 (L9)."""

    tranche: Annotated[int, Field(ge=1, le=100)]
    amount: Yuan
    exception: PaymentException | None = None  # where an earlier project waits for its first payment
    reasons: Text | None = None


class ReturnUnspent(IssueCommand):
    """结余退回 (L9)."""

    amount: Yuan


class CancelGrant(IssueCommand):
    """取消安排 (L9): the unpaid part goes back to the fund."""

    reasons: Text
