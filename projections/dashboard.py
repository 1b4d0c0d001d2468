"""The dashboard: how many issues stand where, what is overdue, how old, how quickly answered, and the three rates.

One narrow row per issue; `dashboard` counts them at a given moment, for the township or one village.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import dict_row

from domain.issue.events import ISSUE_EVENTS, IssueLogged
from domain.issue.words import OPEN_STAGES, UNANSWERED_STAGES, Stage
from domain.plan import Plan
from projections.dashboard_fold import CHANGES, PASSED_OVER, DashboardRow, logged
from projections.per_issue import PerIssue
from projections.three_rates import CallBacks, Goal, Rate, ThreeRates, three_rates

_DDL: Final = """
create table if not exists dashboard (
  issue_id uuid primary key, village text not null, category text not null, channel text not null,
  tier text not null, department text, stage text not null, due_at timestamptz, logged_at timestamptz not null,
  answered_at timestamptz, late boolean not null, solved boolean not null, asked boolean not null,
  backlog boolean not null, silent boolean not null, rating text, contacted boolean,
  concerns text
);
"""
_INDEXES: Final = """
create index if not exists dashboard_by_village on dashboard (village);
"""

DASHBOARD: Final = PerIssue(
    name="dashboard",
    question="How many issues stand where, what is overdue, how quickly is answered, and the three rates? 三率",
    ddl=_DDL,
    indexes=_INDEXES,
    row=DashboardRow,
    follows=ISSUE_EVENTS,
    begins={IssueLogged: logged},
    changes=CHANGES,
    passes_over=PASSED_OVER,
)


# -- asking ---------------------------------------------------------------------------------------------------------

_AGES: Final = (3, 7, 15, 30, 60)
"""Upper ends in days of the classes of age; the last class is open."""


@dataclass(frozen=True, slots=True)
class ReplyTimes:
    """From logging to the first reply, of all `answered` issues; days are elapsed time, 24 hours each."""

    answered: int
    median_days: float | None
    over_15_days: Rate
    over_60_days: Rate


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The counts at `at`. `village` None: all villages.

    `ages` counts the open issues by days since logging, the class's upper end (None: above the last) -> count.
    `backlog`: backlog petitions 积案 struck off, of all (PC5); `backlog_goal`: what the plan asks of it, if anything.
    `on_time`: answered without a late step, of those answered, late or overdue; `not_counted` says who is in neither.
    """

    at: datetime
    village: str | None
    total: int
    by_stage: Mapping[Stage, int]
    open: int
    overdue: int
    ages: Mapping[int | None, int]
    on_time: Rate
    not_counted: Mapping[str, int]
    rates: ThreeRates
    reply_times: ReplyTimes
    backlog: Rate
    backlog_goal: Goal | None


_COUNTS: Final[LiteralString] = """
with issue as (
  select *, stage = any(%(open)s) as is_open, stage = any(%(unanswered)s) as waits,
    due_at is not null and due_at < %(now)s as past_due,
    rating in ('satisfied', 'mostly_satisfied', 'dissatisfied') as valid,
    width_bucket(extract(epoch from %(now)s - logged_at)::float8 / 86400, %(ages)s::float8[]) as age,
    extract(epoch from answered_at - logged_at)::float8 / 86400 as reply_days
  from dashboard where (%(village)s::text is null or village = %(village)s)
    and (%(villages)s::text[] is null or village = any(%(villages)s))
    and (concerns is null or concerns <> all(%(barred)s))
)
select count(*) as total,
  count(*) filter (where is_open) as open,
  count(*) filter (where is_open and past_due) as overdue,
  count(*) filter (where answered_at is not null and not late) as on_time,
  count(*) filter (where answered_at is not null or late or (waits and past_due)) as judged,
  count(*) filter (where answered_at is null and not late and waits and not past_due) as not_due_yet,
  count(*) filter (where answered_at is null and not late and not waits) as ended_without_answer,
  count(*) filter (where valid) as valid,
  count(*) filter (where valid and contacted) as contacted,
  count(*) filter (where valid and solved) as solved,
  count(*) filter (where rating = 'satisfied') as satisfied,
  count(*) filter (where rating = 'mostly_satisfied') as mostly,
  count(*) filter (where rating = 'cannot_say') as cannot_say,
  count(*) filter (where rating = 'declined') as declined,
  count(*) filter (where rating is null and silent) as silent,
  count(*) filter (where rating is null and not silent and asked) as not_called_back,
  count(*) filter (where rating is null and answered_at is not null and not asked) as not_asked,
  count(*) filter (where backlog and stage not in ('withdrawn', 'merged', 'split')) as backlog,
  count(*) filter (where backlog and stage in ('closed', 'settled')) as backlog_resolved,
  count(answered_at) as answered,
  percentile_cont(0.5) within group (order by reply_days) as median_days,
  count(*) filter (where reply_days > 15) as over_15,
  count(*) filter (where reply_days > 60) as over_60,
  array(select count(*) filter (where is_open and age = class)
        from issue, generate_series(0, %(classes)s) class group by class order by class) as ages,
  (select jsonb_object_agg(stage, issues) from (select stage, count(*) as issues from issue group by stage)) as by_stage
from issue
"""
_CLASSES: Final = {
    "open": sorted(OPEN_STAGES),
    "unanswered": sorted(UNANSWERED_STAGES),
    "ages": list(_AGES),
    "classes": len(_AGES),
}
_EXCLUDED: Final = ("cannot_say", "declined", "silent", "not_called_back", "not_asked")


def dashboard(
    connection: psycopg.Connection,
    now: datetime,
    village: str | None = None,
    barred: Collection[str] = (),
    *,
    villages: Collection[str] | None = None,
    plan: Plan | None = None,
) -> Dashboard:
    """What the dashboard shows at `now`, which is handed in so that a figure can be told again later.

    `villages`: those that whoever asks may see, None: all.
    `barred`: officials about whom whoever asks may learn of no complaint, not even from a total.
    `plan`: whose goals the rates are held against.
    """
    seen = {"villages": None if villages is None else sorted(villages), "barred": sorted(barred)}
    values = {"now": now, "village": village, **seen, **_CLASSES}
    with connection.cursor(row_factory=dict_row) as cursor:
        count = cursor.execute(_COUNTS, values).fetchone() or {}
    by_stage, backlog = count["by_stage"] or {}, Rate(Decimal(count["backlog_resolved"]), count["backlog"])
    return Dashboard(
        at=now,
        village=village,
        total=count["total"],
        by_stage={stage: by_stage.get(stage, 0) for stage in Stage},
        open=count["open"],
        overdue=count["overdue"],
        ages=dict(zip((*_AGES, None), count["ages"] or [0] * (len(_AGES) + 1), strict=True)),
        on_time=Rate(Decimal(count["on_time"]), count["judged"]),
        not_counted={name: count[name] for name in ("not_due_yet", "ended_without_answer")},
        rates=_rates(count),
        reply_times=_reply_times(count),
        backlog=backlog,
        backlog_goal=_backlog_goal(backlog, plan),
    )


def _backlog_goal(backlog: Rate, plan: Plan | None) -> Goal | None:
    percent = plan.ending.backlog_percent if plan and plan.ending else None
    return None if percent is None else Goal.of(backlog, percent)


def _rates(count: Mapping[str, Any]) -> ThreeRates:
    counted = {name: count[name] for name in ("valid", "contacted", "solved", "satisfied", "mostly")}
    return three_rates(CallBacks(**counted, excluded={name: count[name] for name in _EXCLUDED}))


def _reply_times(count: Mapping[str, Any]) -> ReplyTimes:
    answered = count["answered"]
    over_15, over_60 = Rate(Decimal(count["over_15"]), answered), Rate(Decimal(count["over_60"]), answered)
    return ReplyTimes(answered, count["median_days"], over_15, over_60)
