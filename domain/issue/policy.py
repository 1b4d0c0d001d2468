"""What a plan sets about the end of a case: copies first, final filing, backlog, campaign, plans for works found.

Read through `Plan.ending`; a plan without it asks for none of this.
"""

from calendar import monthrange
from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StrictBool

from domain.counting import end_of_day
from domain.issue.words import Channel, CopyFor
from domain.values import Line, Value


class FinalFiling(Value):
    """终结备案 When a case may be filed as final, after which it is not opened again."""

    basis: Line = Field(description="依据 the row or article that asks for it")
    after_recheck: StrictBool = Field(description="复核之后 after the re-check upheld the answer")
    of_backlog: StrictBool = Field(description="积案，申请复查期满 a backlog case, the time to ask for a review over")


class Campaign(Value):
    """集中行动 What runs until one day of the year; what it closed is looked back on when it is over."""

    basis: Line = Field(description="依据 the row or article that asks for it")
    month: Annotated[int, Field(strict=True, ge=1, le=12)] = Field(description="结束于几月 the month it ends in")
    day: Annotated[int, Field(strict=True, ge=1, le=31)] = Field(
        description="几日，当月无此日的为月末 the day; in shorter months the last"
    )

    def ends_at(self, year: int) -> datetime:
        """The end of its last day of that year."""
        last = date(year, self.month, min(self.day, monthrange(year, self.month)[1]))
        return end_of_day(last)


class Ending(Value):
    """办结 How a case ends, beyond what every plan asks for."""

    copies_first: tuple[CopyFor, ...] = Field(
        (), description="销号前须送达的书面答复各联 copies of the reply to be delivered before it is struck off"
    )
    plan_works_of: tuple[Channel, ...] = Field(
        (), description="须有整改方案的来源渠道 channels whose works need a rectification plan"
    )
    final_filing: FinalFiling | None = None
    backlog_percent: Annotated[int, Field(strict=True, ge=1, le=100)] | None = Field(
        None, description="积案化解率，百分比 how many percent of backlog cases are to be resolved"
    )
    campaign: Campaign | None = Field(
        None, description="集中行动，不设则自销号起回头看 a campaign; left out: looked back on from the strike-off"
    )
