"""What a plan is made of: clocks, committee, categories, limits. Each part describes itself in both languages.

Joined by domain/plan.py; a subject with rules of its own keeps its part in `domain/<subject>/policy.py`.
"""

from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from domain.pausing import PauseReason, PauseTerms
from domain.values import Key, Line, Value
from domain.workdays import Unit

MAX_AMOUNT: Final = 3660
"""No clock runs longer: ten years in days; also the longest clock in hours."""
MOST_NOTICES: Final = 100
"""More supervision notices than that about one missed deadline are noise."""

Natural = Annotated[int, Field(strict=True, ge=0, le=MAX_AMOUNT)]
Positive = Annotated[int, Field(strict=True, ge=1, le=MAX_AMOUNT)]


class Rule(StrEnum):
    """The clocks of a plan; a deadline names one of them. Every plan sets all but the OPTIONAL_RULES."""

    ON_SITE = "on_site"  # 现场办理窗口
    ACCEPTANCE = "acceptance"  # 受理
    HANDLING = "handling"  # 办理
    SIGNING = "signing"  # 审签
    DECISION = "decision"  # 党委会研究: counted from tabling
    COUNTY = "county"  # 报县答复
    FUNDING = "funding"  # 拨付
    COMPLETION = "completion"  # 实施
    INSPECTION = "inspection"  # 验收
    REPLY = "reply"  # 答复
    FEEDBACK = "feedback"  # 群众评价: silence until then closes the issue
    CLOSING = "closing"  # 销号
    LOOK_BACK = "look_back"  # 回头看
    REVIEW = "review"  # 复查
    RECHECK = "recheck"  # 复核
    NOTICE = "notice"  # 书面告知: receipt, route and procedure, from when it reached the unit
    OBJECTION = "objection"  # 异议: not our remit, from when it reached the unit


OPTIONAL_RULES: Final = frozenset({Rule.NOTICE, Rule.OBJECTION})
"""A plan without one of these clocks does not ask for what it counts."""


class Title(Value):
    """名称 A name in both languages."""

    zh: Line = Field(description="中文名称 in Chinese")
    en: Line = Field(description="英文名称 in English")


class Clock(Value):
    """期限 How long one step may take, in `unit`; the reminder before and the escalation after are in the same unit."""

    amount: Positive = Field(description="期限长度 how long")
    unit: Unit = Field(description="计算单位：自然日、工作日或小时 natural days, working days or hours")
    basis: Line = Field(description="依据（要求的条目，如 CX5） the row of the requirements that asks for it")
    article: Line | None = Field(None, description="法条，如有 the article of the law, where there is one")
    roll: StrictBool = Field(
        False,
        description="自然日期限届满遇休息日的，顺延至次一工作日（民法典第二百零三条） "
        "a natural-day period that would end on a rest day ends on the next working day (Civil Code art. 203)",
    )
    remind_before: Natural = Field(0, description="提前多久提醒，0 为不提醒 the reminder before the end; 0: none")
    escalate_after: Positive | None = Field(
        None, description="超期多久自动上报，不设为不上报 automatic escalation after the end; left out: none"
    )
    pauses: dict[PauseReason, PauseTerms] = Field(
        {}, description="可以暂停的事由，不设则不得暂停 for what the clock may stand still; left out: for nothing"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.remind_before >= self.amount:
            raise PydanticCustomError("reminder_before_start", "the reminder would come before the clock starts")
        if self.roll and self.unit is not Unit.NATURAL:
            raise PydanticCustomError("only_natural_days_roll", "only natural days roll past a rest day")
        return self


class Supervision(Value):
    """督办 What follows a missed deadline."""

    notice_every_days: Positive | None = Field(
        None, description="每隔多少自然日督办一次 natural days between notices; left out: none"
    )
    max_notices: Annotated[int, Field(strict=True, ge=0, le=MOST_NOTICES)] = Field(
        description="最多督办次数，0 为不督办 how many notices in all; 0: none"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.notice_every_days is None) != (self.max_notices == 0):
            raise PydanticCustomError("notices_half_set", "set both the interval and the number of notices, or neither")
        return self


class Feedback(Value):
    """群众评价 What a household may do that is not content with the answer."""

    max_reopenings: Natural = Field(description="不满意时最多重新办理次数 how often dissatisfaction reopens the issue")
    review_within_days: Positive = Field(
        description="收到答复后多少自然日内可申请复查、复核 natural days to ask for a review, and for a re-check"
    )
    final_after_recheck: StrictBool = Field(
        False, description="复核后同一事实和理由不再受理 after a re-check the same facts are not accepted again"
    )


class Committee(Value):
    """党委会（或同类会议） The meeting that decides on submissions."""

    cut_off_day: Annotated[int, Field(strict=True, ge=1, le=31)] = Field(
        description="每月提请截止日（当月不足的为最后一日） day of the month up to which submissions are tabled (in "
        "shorter months the last)"
    )
    members: Positive = Field(description="成员人数 how many members it has")
    quorum: Positive = Field(description="法定人数 how many must be present and vote")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.quorum > self.members:
            raise PydanticCustomError("quorum_above_members", "the quorum is larger than the committee")
        return self


class Works(Value):
    """项目实施 Works in progress."""

    progress_every_days: Positive = Field(description="每隔多少自然日报一次进度 natural days between progress reports")


class Approver(StrEnum):
    """Who may be named as the one who approves extensions; each is a role that may grant them at all."""

    STATION_LEAD = "station_lead"  # 驻点组长 / 分管领导
    COMMITTEE_MEMBER = "committee_member"  # 党委会成员: the head of the office, for the statutory profile


class Extensions(Value):
    """延期 How often, how long and by whom a deadline may be extended."""

    max_count: Natural = Field(description="每个期限最多延期次数 how often each deadline may be extended")
    max_days: Natural = Field(
        description="每次最多延长天数（按该期限的单位） days at most each time, in the clock's unit"
    )
    approver: Approver | None = Field(
        None,
        description="由谁批准；不设则由有权批准的人批准 whose approval it takes; left out: whoever may grant at all",
    )


class Households(Value):
    """群众资料 What is kept about households."""

    erasure_after_days: Natural = Field(
        30, description="确认清除后等待的自然日 natural days that a confirmed erasure still waits"
    )


class Recording(Value):
    """补录 Entries made later than what they record."""

    late_after_days: Natural = Field(
        description="晚于发生多少天录入的标为补录 days after which an entry counts as recorded late"
    )


class Category(Title):
    """问题类别 What an issue is about."""

    department: Key | None = Field(
        None, description="归口部门，不设则由驻点办理 the department that owns it; left out: the station keeps it"
    )
