"""A plan 实施方案: everything a scheme sets, as one validated document (clocks, committee, categories, limits).

Read by decide and by the workflows; `huiyin plan check` prints what PlanInvalid lists.
"""

import tomllib
from calendar import monthrange
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Any, Final, Self

from pydantic import Field, StrictBool, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from domain.errors import NotFound, Refusal
from domain.plan_faults import PlanFault, cross_faults, field_faults, syntax_fault
from domain.values import LOCAL_ZONE, Key, Line, Value
from domain.workdays import Unit

MAX_AMOUNT: Final = 3660
"""No clock runs longer: ten years in days; also the longest clock in hours."""
MOST_NOTICES: Final = 100
"""More supervision notices than that about one missed deadline are noise."""
_MAX_CHARACTERS: Final = 200_000

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


class PlanInvalid(Refusal):
    """The file is not a plan. `faults` lists everything that is wrong, by path."""

    code = "plan-invalid"
    zh = "实施方案文件不合要求，未予采用。请按所列各项逐一更正。"
    en = "The plan file is not valid and was not adopted. Correct each entry listed."

    def __init__(self, faults: tuple[PlanFault, ...]) -> None:
        super().__init__()
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"{each.path}: {each.zh} {each.en}" for each in self.faults)])


class PlanUnknown(NotFound):
    """No plan of that key comes with this version."""

    code = "plan-unknown"
    zh = "没有这个实施方案。请用 huiyin plan list 查看可用方案。"
    en = "There is no such plan. `huiyin plan list` shows those there are."


class Title(Value):
    """A name in both languages."""

    zh: Line
    en: Line


class Clock(Value):
    """How long one step may take, in `unit`; the reminder before and the escalation after are in the same unit.

    `roll`: a natural-day period that would end on a rest day ends on the next working day (民法典 203).
    `remind_before` 0 means no reminder, `escalate_after` None no automatic escalation. `basis` (a row of the
    requirements) and `article` (of the law, where there is one) are printed by the date.
    """

    amount: Positive
    unit: Unit
    basis: Line
    article: Line | None = None
    roll: StrictBool = False
    remind_before: Natural = 0
    escalate_after: Positive | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.remind_before >= self.amount:
            raise PydanticCustomError("reminder_before_start", "the reminder would come before the clock starts")
        if self.roll and self.unit is not Unit.NATURAL:
            raise PydanticCustomError("only_natural_days_roll", "only natural days roll past a rest day")
        return self


class Supervision(Value):
    """督办: a notice every so many natural days after a missed deadline, `max_notices` in all (0 and None: none)."""

    notice_every_days: Positive | None = None
    max_notices: Annotated[int, Field(strict=True, ge=0, le=MOST_NOTICES)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.notice_every_days is None) != (self.max_notices == 0):
            raise PydanticCustomError("notices_half_set", "set both the interval and the number of notices, or neither")
        return self


class Feedback(Value):
    """How often a household may reopen its issue, and how long it may ask for a review."""

    max_reopenings: Natural
    review_within_days: Positive


class Committee(Value):
    """党委会: the day of the month up to which submissions are tabled (in shorter months the last), and its size."""

    cut_off_day: Annotated[int, Field(strict=True, ge=1, le=31)]
    members: Positive
    quorum: Positive

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.quorum > self.members:
            raise PydanticCustomError("quorum_above_members", "the quorum is larger than the committee")
        return self


class Approver(StrEnum):
    """Who may be named as the one who approves extensions; each is a role that may grant them at all."""

    STATION_LEAD = "station_lead"  # 驻点组长 / 分管领导
    COMMITTEE_MEMBER = "committee_member"  # 党委会成员: the head of the office, for the statutory profile


class Works(Value):
    """How often works in progress are reported, in natural days."""

    progress_every_days: Positive


class Extensions(Value):
    """延期: how often, and by how many days each time, a deadline may be extended, and who approves it.

    `approver` None: whoever may grant at all (domain/permissions.py).
    """

    max_count: Natural
    max_days: Natural
    approver: Approver | None = None


class Households(Value):
    """How long a confirmed erasure of a household's data still waits, in natural days."""

    erasure_after_days: Natural = 30


class Recording(Value):
    """An entry recorded more than `late_after_days` after it happened is marked as late."""

    late_after_days: Natural


class Category(Title):
    """What an issue is about, and the department that owns it (None: the station keeps it)."""

    department: Key | None = None


class Plan(Value):
    """One version of one scheme."""

    key: Key
    version: Annotated[int, Field(strict=True, ge=1)]
    title: Title
    clocks: dict[Rule, Clock]
    supervision: Supervision
    feedback: Feedback
    committee: Committee
    works: Works
    extensions: Extensions
    recording: Recording
    households: Households = Households()
    categories: dict[Key, Category]
    departments: dict[Key, Title]

    @property
    def id(self) -> str:
        """The name under which events keep it, such as `cx@1`."""
        return f"{self.key}@{self.version}"

    def clock(self, rule: str) -> Clock:
        """The clock of `rule`. Raises ValueError for a rule that does not exist, KeyError if this plan sets none."""
        return self.clocks[Rule(rule)]

    def asks_for(self, rule: Rule) -> bool:
        """Whether this plan has the clock of `rule`; only OPTIONAL_RULES may be left out."""
        return rule in self.clocks


def parse_plan(text: str) -> Plan:
    """The plan written in `text` (TOML). Raises PlanInvalid with everything that is wrong at once."""
    raw = _table(text)
    faults = cross_faults(raw, [str(rule) for rule in Rule if rule not in OPTIONAL_RULES])
    try:
        plan = Plan.model_validate(raw)
    except ValidationError as error:
        raise PlanInvalid((*field_faults(error), *faults)) from None
    if faults:
        raise PlanInvalid(faults)
    return plan


def _table(text: str) -> dict[str, Any]:
    if len(text) > _MAX_CHARACTERS:
        raise PlanInvalid((syntax_fault(""),))
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise PlanInvalid((syntax_fault(str(error)),)) from None


def plan_keys() -> tuple[str, ...]:
    """The keys of the plans that come with this version, sorted."""
    names = (entry.name for entry in files("domain.plans").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@lru_cache(maxsize=32)
def load_plan(key: str) -> Plan:
    """The plan that comes with this version under `key`. Raises PlanUnknown, or PlanInvalid for a damaged file."""
    if key not in plan_keys():
        raise PlanUnknown
    return parse_plan(files("domain.plans").joinpath(f"{key}.toml").read_text("utf-8"))


def cut_off_after(moment: datetime, plan: Plan) -> datetime:
    """The end of the committee's cut-off day at or after `moment`, in Asia/Shanghai."""
    local = moment.astimezone(LOCAL_ZONE)
    this_month = _cut_off(local.year, local.month, plan.committee.cut_off_day)
    if local <= this_month:
        return this_month
    following = local.replace(day=1) + timedelta(days=31)
    return _cut_off(following.year, following.month, plan.committee.cut_off_day)


def _cut_off(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, min(day, monthrange(year, month)[1]), 23, 59, 59, tzinfo=LOCAL_ZONE)
