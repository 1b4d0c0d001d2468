"""The dashboard: how many issues stand where, what is overdue, how old, how quickly answered, and the three rates.

One narrow row per issue, and counted cells of those that are done (dashboard_cells.py); `dashboard` counts at a given
moment, for the township or one village: today, or as it was at any time before (issue_spells.py).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import dict_row

from domain.issue.events import ISSUE_EVENTS, IssueLogged
from domain.issue.words import Stage
from domain.plan import Plan
from projections import dashboard_cells
from projections.dashboard_cells import add_up, counted
from projections.dashboard_fold import CHANGES, PASSED_OVER, DashboardRow, logged
from projections.dashboard_source import TODAY, When, figures_of, source, values_of
from projections.figures import AGES, FLAGS
from projections.per_issue import PerIssue
from projections.projection import Recorded
from projections.reply_times import INDEX as REPLY_TIME_INDEX
from projections.reply_times import median_days
from projections.three_rates import CallBacks, Goal, Rate, ThreeRates, three_rates

ROW_COLUMNS: Final[LiteralString] = """
  village text not null, category text not null, channel text not null,
  tier text not null, department text, stage text not null, due_at timestamptz, logged_at timestamptz not null,
  timed boolean not null, answered_at timestamptz, closed_at timestamptz, late boolean not null,
  solved boolean not null, asked boolean not null, backlog boolean not null, silent boolean not null, rating text,
  contacted boolean, concerns text
"""
_DDL: Final = "create table if not exists dashboard (issue_id uuid primary key," + ROW_COLUMNS + ");\n"
_INDEXES: Final = """
create index if not exists dashboard_by_village on dashboard (village, stage);
create index if not exists dashboard_by_stage on dashboard (stage);
"""


class DashboardModel(PerIssue[DashboardRow]):
    """The rows, and beside them the cells: what the rows were before is taken off, what they are is added."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The rows' table, and those of the counts."""
        return (self.name, *dashboard_cells.TABLES)

    def apply(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        """As Projection.apply."""
        known = self.before(connection, batch)
        before = counted(known.values())
        rows = self.fold(batch, known)
        self.write(connection, rows.values(), replacing=known.keys())
        add_up(connection, before, counted(rows.values()))


DASHBOARD: Final = DashboardModel(
    name="dashboard",
    question="How many issues stand where, what is overdue, how quickly is answered, and the three rates? 三率",
    ddl=_DDL + dashboard_cells.DDL,
    indexes=_INDEXES + REPLY_TIME_INDEX + dashboard_cells.INDEXES,
    row=DashboardRow,
    follows=ISSUE_EVENTS,
    begins={IssueLogged: logged},
    changes=CHANGES,
    passes_over=PASSED_OVER,
)


# -- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReplyTimes:
    """From logging to the first reply, of all `answered` issues; days are elapsed time, 24 hours each.

    `median_days`: the middle one, or the mean of the middle two.
    """

    answered: int
    median_days: float | None
    over_15_days: Rate
    over_60_days: Rate


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The counts at `at`. `village` None: all villages. `counts`: every figure (figures.py) by its name.

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
    counts: Mapping[str, int]


EXCLUDED: Final = ("cannot_say", "declined", "silent", "not_called_back", "not_asked")
_NOT_COUNTED: Final = ("not_due_yet", "ended_without_answer", "imported_without_due_date")
_COUNTS: Final[LiteralString] = """
with it as materialized (
  select {flags}, sum(issues)::int8 as issues from ({source}) as line group by {flags}
), age as (
  select age, sum(issues)::int8 as issues from it where is_open group by age
), stage as (select stage, sum(issues)::int8 as issues from it group by stage)
select {figures}, (select jsonb_object_agg(age, issues) from age) as ages,
  (select jsonb_object_agg(stage, issues) from stage) as by_stage
from it
"""


def dashboard(
    connection: psycopg.Connection,
    now: datetime,
    village: str | None = None,
    barred: Collection[str] = (),
    *,
    villages: Collection[str] | None = None,
    plan: Plan | None = None,
    when: When = TODAY,
) -> Dashboard:
    """What the dashboard shows at `now`, which is handed in so that a figure can be told again later.

    `villages`: those that whoever asks may see, None: all.
    `barred`: officials about whom whoever asks may learn of no complaint, not even from a total.
    `plan`: whose goals the rates are held against. `when`: as of another time, `now` being that time.
    """
    values = values_of(now, village, villages, barred, when)
    count = _counts(connection, values, when)
    by_stage, ages = count.pop("by_stage") or {}, count.pop("ages") or {}
    backlog = Rate(Decimal(count["backlog_resolved"]), count["backlog"])
    return Dashboard(
        at=now,
        village=village,
        total=count["total"],
        by_stage={stage: by_stage.get(stage, 0) for stage in Stage},
        open=count["open"],
        overdue=count["overdue"],
        ages={end: ages.get(str(nth), 0) for nth, end in enumerate((*AGES, None))},
        on_time=Rate(Decimal(count["on_time"]), count["judged"]),
        not_counted={name: count[name] for name in _NOT_COUNTED},
        rates=rates_of(count),
        reply_times=_reply_times(count, median_days(connection, values, when)),
        backlog=backlog,
        backlog_goal=_backlog_goal(backlog, plan),
        counts=count,
    )


def _counts(connection: psycopg.Connection, values: Mapping[str, Any], when: When) -> dict[str, Any]:
    statement = _COUNTS.format(flags=FLAGS, source=source(when), figures=figures_of())
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, values).fetchone() or {}


def _backlog_goal(backlog: Rate, plan: Plan | None) -> Goal | None:
    percent = plan.ending.backlog_percent if plan and plan.ending else None
    return None if percent is None else Goal.of(backlog, percent)


def rates_of(count: Mapping[str, Any]) -> ThreeRates:
    """The three rates of these counts."""
    counts = {name: count[name] for name in ("valid", "contacted", "solved", "satisfied", "mostly")}
    return three_rates(CallBacks(**counts, excluded={name: count[name] for name in EXCLUDED}))


def _reply_times(count: Mapping[str, Any], median_days: float | None) -> ReplyTimes:
    answered = count["answered"]
    over_15, over_60 = Rate(Decimal(count["over_15"]), answered), Rate(Decimal(count["over_60"]), answered)
    return ReplyTimes(answered, median_days, over_15, over_60)
