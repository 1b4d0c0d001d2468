"""What a plan sets about money (L9, CX7, SG9): rounds, partial funding, tranches, order, the year's end.

Read through `Plan.funding`; a plan without it asks for none of this.
"""

from typing import Annotated, Self

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from domain.fund.words import Rest
from domain.values import Line, Value

Share = Annotated[int, Field(strict=True, ge=1, le=100)]
"""Whole percents."""
Few = Annotated[int, Field(strict=True, ge=1, le=100)]
Month = Annotated[int, Field(strict=True, ge=1, le=12)]
DayOfMonth = Annotated[int, Field(strict=True, ge=1, le=31)]


class Tranche(Value):
    """拨付批次 A part of the grant, and how far the works must stand for it."""

    share: Share = Field(description="占补贴的百分比 percent of the grant")
    from_percent: Annotated[int, Field(strict=True, ge=0, le=100)] = Field(
        0, description="形象进度达到百分之几方可拨付 payable from this progress on"
    )
    accepted: StrictBool = Field(False, description="验收后方可拨付 payable only when the works were accepted")


class Rounds(Value):
    """安排批次 When the pool is ranked, and by when the committee confirms."""

    months: Annotated[tuple[Month, ...], Field(min_length=1, max_length=12)] = Field(
        description="安排月份，依次各写一次 the months, each once, in order"
    )
    day: DayOfMonth = Field(description="安排日；当月无此日的为月末 the day; in shorter months the last")
    confirm_within_days: Few = Field(description="几日内由党委会确认 natural days until the committee confirms")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if list(self.months) != sorted(set(self.months)):
            raise PydanticCustomError("months_unordered", "name each month once, in order")
        return self


class YearEnd(Value):
    """年终结账 In the year after: when, and what becomes of money that nobody is promised."""

    month: Month = Field(description="次年几月 the month of the year after")
    day: DayOfMonth = Field(description="几日 the day")
    rest: Rest = Field(description="余额：lapses 收回财政，moves 结转下年 what becomes of the rest")


class PerVillage(Value):
    """每村年度项目数 What a village should get in a year, and what it gets at most without reasons."""

    least: Annotated[int, Field(strict=True, ge=0, le=100)] = Field(description="至少几个 at least")
    most: Few = Field(description="至多几个 at most")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.least > self.most:
            raise PydanticCustomError("least_above_most", "the least is larger than the most")
        return self


class Funding(Value):
    """专项经费 The fund of a township and year: ranked rounds, tranches by progress, order, the year's end."""

    basis: Line = Field(description="依据 the row or article that asks for it")
    rounds: Rounds
    least_share: Share = Field(
        description="部分安排至少占补贴的百分比；100 为不作部分安排 percent of its subsidy, at least, or it waits"
    )
    tranches: Annotated[tuple[Tranche, ...], Field(min_length=1, max_length=10)] = Field(
        description="拨付批次，合计 100 the tranches; their shares make 100"
    )
    in_order: StrictBool = Field(description="首批按安排顺序拨付 first payments in the order of the grants")
    adjusted_by_two: StrictBool = Field(description="预算调整须另一人确认 an adjustment needs a second person")
    year_end: YearEnd
    per_village: PerVillage | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if sum(each.share for each in self.tranches) != 100:
            raise PydanticCustomError("shares_not_whole", "the tranches' shares make 100 together")
        steps = [(each.accepted, each.from_percent) for each in self.tranches]
        if steps != sorted(steps) or steps[0] != (False, 0):
            raise PydanticCustomError("tranches_unordered", "the first tranche starts the works, each next comes later")
        return self

    def payable_share(self, percent: int, *, accepted: bool) -> int:
        """How many percent of a grant may be paid by now, all tranches together."""
        due = (it for it in self.tranches if accepted or (not it.accepted and percent >= it.from_percent))
        return sum(it.share for it in due)
