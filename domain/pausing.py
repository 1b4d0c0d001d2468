"""Why a clock may stand still, and what a plan allows: which reasons, how long, by whom; the next holder's least."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from domain.errors import Refusal
from domain.values import Line, Moment, Role, Value
from domain.workdays import Unit

LONGEST_PAUSE: Final = 366
"""Natural days. What stands still longer is no pause."""


class PauseReason(StrEnum):
    """For what a clock waits without running."""

    HEARING = "hearing"  # 听证
    HOUSEHOLD = "household"  # 待群众补充材料
    THIRD_PARTY = "third_party"  # 第三方鉴定、评估


class PauseApprover(StrEnum):
    """Who pauses a clock where the holder may not do so alone."""

    STATION_LEAD = "station_lead"
    COMMITTEE_MEMBER = "committee_member"

    @property
    def role(self) -> Role:
        """The same as a role."""
        return Role(self.value)


class PauseTerms(Value):
    """暂停 For one reason: how long a clock may stand still in all, and who has to say so."""

    longest_days: Annotated[int, Field(strict=True, ge=1, le=LONGEST_PAUSE)] = Field(
        description="累计最长暂停自然日 natural days at most, all pauses for this reason together"
    )
    approver: PauseApprover | None = Field(
        None, description="由谁决定，不设则责任人可自行暂停 who decides; left out: whoever holds the case"
    )
    basis: Line | None = Field(None, description="依据 the row or the article that allows it")


class HolderTerms(Value):
    """改派 The least that the next holder of a case gets, beside the household's date, which stays."""

    amount: Annotated[int, Field(strict=True, ge=1, le=366)] = Field(description="最少时间 at least so much")
    unit: Unit = Field(description="计算单位 natural days, working days or hours")
    basis: Line = Field(description="依据 the row of the requirements that asks for it")


class Pause(Value):
    """One time in which a clock stood still, as the event keeps it; `until`: when it goes on at the latest, or did."""

    reason: PauseReason
    since: Moment
    until: Moment


class PauseNotAllowed(Refusal):
    code = "pause-not-allowed"
    zh = "不能暂停计时：方案未规定此事由、须由指定的人决定、已超期，或累计暂停已到上限。"
    en = "The clock cannot be paused: not for that reason, not by you, too late, or as long as the plan allows already."


class NotPaused(Refusal):
    code = "clock-not-paused"
    zh = "计时没有暂停，无需恢复。"
    en = "The clock is not paused, so it cannot go on."
