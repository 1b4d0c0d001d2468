"""A plan 实施方案: everything a scheme sets, as one validated document (clocks, committee, categories, limits).

Read by decide and by the workflows; `huiyin plan check` prints what PlanInvalid lists.
"""

import tomllib
from calendar import monthrange
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Any, Final

from pydantic import Field, ValidationError

from domain.appraisal.policy import Appraisal
from domain.bulletin.policy import Bulletins
from domain.duty.policy import Duties
from domain.errors import NotFound, Refusal
from domain.fund.policy import Funding
from domain.issue.policy import Ending
from domain.meeting.policy import Meetings
from domain.pausing import HolderTerms
from domain.plan_faults import PlanFault, cross_faults, field_faults, syntax_fault
from domain.plan_parts import (
    OPTIONAL_RULES,
    Category,
    Clock,
    Committee,
    Extensions,
    Feedback,
    Households,
    Recording,
    Rule,
    Supervision,
    Title,
    Works,
)
from domain.spot_check.policy import SpotChecks
from domain.submission.policy import Submission
from domain.values import LOCAL_ZONE, Key, Value

_MAX_CHARACTERS: Final = 200_000

FULL_INSPECTIONS: Final = "full_inspections"
"""Under what name the full inspections are counted among the duties."""


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


class Plan(Value):
    """实施方案 One version of one scheme."""

    key: Key = Field(description="方案代码，如 cx the scheme's key")
    version: Annotated[int, Field(strict=True, ge=1)] = Field(
        description="版本号，改动后加一 one more with each change; a number is adopted once"
    )
    title: Title = Field(description="方案名称 what it is called")
    clocks: dict[Rule, Clock] = Field(description="各环节期限 the time limit of each step")
    supervision: Supervision
    feedback: Feedback
    committee: Committee
    works: Works
    extensions: Extensions
    recording: Recording
    households: Households = Households()
    holder: HolderTerms | None = Field(None, description="改派后的最少办理时间，不设则随原期限 the next holder's least")
    spot_checks: SpotChecks | None = Field(None, description="抽查，不设为不要求 spot checks; left out: none asked for")
    bulletin: Bulletins | None = Field(None, description="月通报，不设为不要求 the monthly bulletin; left out: none")
    appraisal: Appraisal | None = Field(None, description="考核，不设为不要求 appraisal; left out: none asked for")
    meetings: Meetings | None = Field(None, description="会议，不设为不要求 the meetings asked for; left out: none")
    ending: Ending | None = Field(None, description="办结，不设为不另作要求 how a case ends; left out: nothing more")
    funding: Funding | None = Field(None, description="专项经费，不设为不要求 the fund's rules; left out: none")
    duties: Duties | None = None
    submissions: dict[Key, Submission] = Field(
        {}, description="报送事项，不设为不要求 what is handed in; none: nothing"
    )
    categories: dict[Key, Category] = Field(description="问题类别，须有 other（其他） categories; `other` is a must")
    departments: dict[Key, Title] = Field(description="归口部门 the departments that own categories")

    @property
    def id(self) -> str:
        """The name under which events keep it, such as `cx@1`."""
        return f"{self.key}@{self.version}"

    @property
    def counted(self) -> Duties | None:
        """What is counted by the calendar: the duties, and the full inspections that spot checks ask for (CX11)."""
        inspections = self.spot_checks.quota if self.spot_checks else None
        if inspections is None:
            return self.duties
        duties = self.duties or Duties(grace_days=0, remind_before_days=0)
        return duties.model_copy(update={"quotas": {**duties.quotas, FULL_INSPECTIONS: inspections}})

    def clock(self, rule: str) -> Clock:
        """The clock of `rule`. Raises ValueError for a rule that does not exist, KeyError if this plan sets none."""
        return self.clocks[Rule(rule)]

    def asks_for(self, rule: Rule) -> bool:
        """Whether this plan has the clock of `rule`; only OPTIONAL_RULES may be left out."""
        return rule in self.clocks


def parse_plan(text: str) -> Plan:
    """The plan written in `text` (TOML). Raises PlanInvalid with everything that is wrong at once."""
    return plan_of(_table(text))


def plan_of(raw: Mapping[str, Any]) -> Plan:
    """The plan that a file's or a request's tables make. Raises PlanInvalid with everything that is wrong at once."""
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


@lru_cache(maxsize=1)
def plan_keys() -> tuple[str, ...]:
    """The keys of the plans that come with this version, sorted."""
    names = (entry.name for entry in files("domain.plans").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@lru_cache(maxsize=32)
def load_plan(key: str) -> Plan:
    """The plan that comes with this version under `key`. Raises PlanUnknown, or PlanInvalid for a damaged file."""
    return parse_plan(plan_text(key))


def plan_text(key: str) -> str:
    """The file of the plan that comes with this version under `key`. Raises PlanUnknown."""
    if key not in plan_keys():
        raise PlanUnknown
    return files("domain.plans").joinpath(f"{key}.toml").read_text("utf-8")


def bundled(plan_id: str) -> Plan | None:
    """The plan that comes with this version under this very id (`cx@1`), or None."""
    key = plan_id.partition("@")[0]
    plan = load_plan(key) if key in plan_keys() else None
    return plan if plan is not None and plan.id == plan_id else None


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
