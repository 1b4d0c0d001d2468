"""What a plan asks of spot checks 抽查: `[spot_checks]` of a plan file. None: this plan asks for none."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.duty.policy import CountedAt, Measure, Quota
from domain.periods import Cycle
from domain.values import Line, Value

_Days = Annotated[int, Field(strict=True, ge=1, le=60)]


class SpotChecks(Value):
    """抽查 One station of each township a month, and some of its issues; full inspections and rounds beside."""

    basis: Line = Field(description="依据（要求的条目，如 CX11） the row of the requirements that asks for it")
    draw_day: Annotated[int, Field(strict=True, ge=1, le=31)] = Field(
        description="每月几日抽取（当月不足的为最后一日） day of the month of the draw (in shorter months the last)"
    )
    items: Annotated[int, Field(strict=True, ge=1, le=200)] = Field(
        description="抽查事项件数，不足的全查 how many of its issues; all where there are fewer"
    )
    hand_in_days: _Days = Field(
        description="抽取后多少自然日内报送台账 natural days after the draw to hand in the ledgers"
    )
    remind_before: Annotated[int, Field(strict=True, ge=0, le=59)] = Field(
        0, description="报送期限前多少自然日提醒，0 为不提醒 natural days before its end to remind; 0: not at all"
    )
    not_again_within_months: Annotated[int, Field(strict=True, ge=0, le=24)] = Field(
        0, description="抽过的驻点多少个月内不再抽 months in which a station drawn is not drawn again"
    )
    full_inspections_a_year: Annotated[int, Field(strict=True, ge=0, le=12)] = Field(
        0, description="每年全面检查次数 full inspections a year, at least"
    )
    remind_inspections_before: Annotated[int, Field(strict=True, ge=0, le=200)] = Field(
        60,
        description="年末前多少自然日提醒全面检查的缺口 natural days before the year's end to remind of those missing",
    )
    rounds_weekday: Annotated[int, Field(strict=True, ge=1, le=7)] | None = Field(
        None, description="随机巡查在星期几，不设为不定 weekday of unannounced rounds (1 Monday); left out: any"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.remind_before >= self.hand_in_days:
            raise PydanticCustomError("reminder_before_draw", "the reminder would come before the draw")
        return self

    @property
    def quota(self) -> Quota | None:
        """The full inspections of a year as a duty of the township, counted with its other duties; None: none asked."""
        if not self.full_inspections_a_year:
            return None
        return Quota(
            basis=self.basis,
            at=CountedAt.TOWNSHIP,
            per=Cycle.YEAR,
            measure=Measure.INSPECTIONS,
            least=self.full_inspections_a_year,
            remind_before_days=self.remind_inspections_before,
        )
