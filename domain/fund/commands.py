"""What may be asked of a fund. One stream per township and fiscal year; whoever asks names both."""

from typing import Annotated, Final
from uuid import UUID, uuid5

from pydantic import Field

from domain.commands import Command
from domain.fund.words import Direction
from domain.values import Line, Text, Value, Yuan

_NAMESPACE = UUID("c1b5c9b2-7b0f-4a7e-9e55-3f3a2a0f7b64")
MOST_IN_A_ROUND: Final = 90
"""Each writes two events, and one transaction takes at most 200."""

Round = Annotated[int, Field(ge=1, le=10_000)]
FiscalYear = Annotated[int, Field(ge=1949, le=2200)]
_NOT_SEALED: Final = (
    "存于经费台账，不加密：不得写群众姓名、户号、住址等个人信息，也不写某户的情况 "
    "kept in the fund's own stream, not sealed: nothing personal belongs here, no household's name, register number or "
    "address, nor what is known of one"
)
Reasons = Annotated[Text, Field(description=f"理由 why; {_NOT_SEALED}")]
Document = Annotated[Line, Field(description=f"文件 the document that orders it; {_NOT_SEALED}")]


def fund_id_of(township: str, year: int) -> UUID:
    """One fund per township and fiscal year."""
    return uuid5(_NAMESPACE, f"{township}/{year}")


class FundCommand(Command):
    """A command to the fund of a township and a fiscal year."""

    township: Line
    year: FiscalYear

    @property
    def fund_id(self) -> UUID:
        """The fund meant."""
        return fund_id_of(self.township, self.year)

    @property
    def stream_id(self) -> UUID:
        return self.fund_id


class SetBudget(FundCommand):
    """下达预算."""

    budget: Yuan


class AdjustBudget(FundCommand):
    """调整预算: up or down, with the document that orders it."""

    direction: Direction
    amount: Yuan
    reason: Reasons
    document: Document


class ConfirmAdjustment(FundCommand):
    """确认调整预算, by another person."""


class RefuseAdjustment(FundCommand):
    """不予调整预算."""

    reasons: Reasons


class ProposeRound(FundCommand):
    """拟定安排批次: the pool's ranking, within what is left."""


class Share(Value):
    """What one project is to get."""

    issue_id: UUID
    amount: Yuan


class ConfirmRound(FundCommand):
    """确认安排批次: as proposed and all of it; or these shares only, which needs reasons where they differ."""

    round: Round
    shares: Annotated[tuple[Share, ...], Field(min_length=1, max_length=MOST_IN_A_ROUND)] | None = None
    reasons: Reasons | None = None


class WithdrawRound(FundCommand):
    """撤回安排批次: nothing of it was granted; another can be proposed."""

    round: Round
    reasons: Reasons


class RecordRoundOverdue(FundCommand):
    """安排批次逾期未定."""

    round: Round


class CloseFiscalYear(FundCommand):
    """年终结账: what is promised goes into the next year, the rest as the plan says."""


FUND_COMMANDS: Final[tuple[type[FundCommand], ...]] = (
    SetBudget, AdjustBudget, ConfirmAdjustment, RefuseAdjustment, ProposeRound, ConfirmRound, WithdrawRound,
    RecordRoundOverdue, CloseFiscalYear,
)  # fmt: skip
