"""Commands to findings 督查发现 and samples 抽样. Each begins a stream of its own, named by its command's id."""

from typing import Annotated, Final, Self
from uuid import UUID, uuid5

from pydantic import Field, model_validator

from domain.audit.words import FindingOutcome, FindingSubject, SampleKind
from domain.commands import Command
from domain.organisation.words import PlaceCode
from domain.spot_check.words import ItemNumber
from domain.values import GivenDay, Key, Text, UserId, ValueRefused, VillageCode

_NAMESPACE: Final = UUID("3c2b7f0e-51b9-4f43-8d0e-6a1c93b8f2d4")
_NAMED_BY: Final = {
    FindingSubject.ISSUE: "number",
    FindingSubject.EVENT: "position",
    FindingSubject.LEDGER: "ledger",
    FindingSubject.FUND: "fund_id",
    FindingSubject.CONDUCT: "concerns",
}


class AuditCommand(Command):
    """A command to a finding or a sample."""


class RecordAuditFinding(AuditCommand):
    """登记督查发现: what is amiss, in what, and which unit answers for it until when."""

    about: FindingSubject
    number: ItemNumber | None = None
    position: Annotated[int, Field(ge=0, le=2**53)] | None = None
    ledger: Key | None = None
    fund_id: UUID | None = None
    concerns: UserId | None = None
    sample_id: UUID | None = None
    unit: PlaceCode
    problem: Text
    answer_by: GivenDay

    @property
    def stream_id(self) -> UUID:
        return uuid5(_NAMESPACE, f"finding/{self.command_id}")

    @model_validator(mode="after")
    def _names_what_it_is_about(self) -> Self:
        """Its own subject, and no other one's; any finding may name the issue in which it was found."""
        wanted = _NAMED_BY.get(self.about)
        others = set(_NAMED_BY.values()) - {wanted, "number", "position"}
        if (wanted and getattr(self, wanted) is None) or any(getattr(self, name) is not None for name in others):
            raise ValueRefused(
                "finding-subject",
                zh="须写明所指的事项编号、日志位置、台账、经费或人员，且只写一项。",
                en="Name the issue, position, ledger, fund or person it is about, and no other.",
            )
        return self


class OnAuditFinding(AuditCommand):
    """A command to a finding that there is."""

    finding_id: UUID

    @property
    def stream_id(self) -> UUID:
        return self.finding_id


class AnswerAuditFinding(OnAuditFinding):
    """答复督查发现: by whoever is in charge of the unit addressed."""

    answer: Text


class AcceptAuditAnswer(OnAuditFinding):
    """认可答复: what was answered will do; the finding stays until it is closed."""

    opinion: Text


class InsistOnAuditFinding(OnAuditFinding):
    """坚持督查意见: the answer will not do; another one until this day."""

    opinion: Text
    answer_by: GivenDay


class CloseAuditFinding(OnAuditFinding):
    """办结督查发现: put right, explained, or the auditor was mistaken."""

    outcome: FindingOutcome
    summary: Text


class AskAuditSample(AuditCommand):
    """提出抽样: how many, of which issues. It fixes the criteria before anybody can know the seed."""

    number: Annotated[int, Field(ge=1, le=500)]
    kind: SampleKind = SampleKind.LOGGED
    village: VillageCode | None = None
    since: GivenDay | None = None
    until: GivenDay | None = None

    @property
    def stream_id(self) -> UUID:
        return uuid5(_NAMESPACE, f"sample/{self.command_id}")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueRefused(
                "days-out-of-order", zh="截止日早于起始日。", en="The last day lies before the first one."
            )
        return self


class DrawAuditSample(AuditCommand):
    """抽取样本: by the seed that the log itself gives. It says nothing that could be chosen."""

    sample_id: UUID

    @property
    def stream_id(self) -> UUID:
        return self.sample_id


FINDING_COMMANDS: Final[tuple[type[AuditCommand], ...]] = (
    RecordAuditFinding, AnswerAuditFinding, AcceptAuditAnswer, InsistOnAuditFinding, CloseAuditFinding,
)  # fmt: skip
SAMPLE_COMMANDS: Final[tuple[type[AuditCommand], ...]] = (AskAuditSample, DrawAuditSample)
