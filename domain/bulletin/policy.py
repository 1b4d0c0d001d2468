"""What a plan asks of the monthly bulletin 月通报: `[bulletin]` of a plan file. None: this plan asks for none."""

from datetime import datetime, time
from typing import Annotated, Final, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.counting import end_of_day
from domain.periods import Period
from domain.values import LOCAL_ZONE, Line, Value

_Day = Annotated[int, Field(strict=True, ge=1, le=31)]
_MORNING: Final = time(9, tzinfo=LOCAL_ZONE)


class Bulletins(Value):
    """月通报 One for each township and month, drawn up by itself and issued by the committee."""

    basis: Line = Field(description="依据（要求的条目，如 CX10） the row of the requirements that asks for it")
    draw_up_day: _Day = Field(
        description="次月几日编制（当月不足的为最后一日） day of the next month on which it is drawn up (or its last)"
    )
    issue_day: _Day = Field(description="次月几日前印发 day of the next month up to which it is issued")
    propose_at_most: Annotated[int, Field(strict=True, ge=0, le=100)] = Field(
        10, description="最多提出多少件超期事项供点名 how many late issues it proposes to name, at most"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.issue_day < self.draw_up_day:
            raise PydanticCustomError("issued_before_drawn_up", "it would be due before it is drawn up")
        return self

    def draw_up_at(self, month: Period) -> datetime:
        """When the bulletin of a month is drawn up: nine o'clock of its day."""
        return datetime.combine(month.next().day_of_month(self.draw_up_day), _MORNING)

    def issue_by(self, month: Period) -> datetime:
        """The last moment at which it is issued in time."""
        return end_of_day(month.next().day_of_month(self.issue_day))
