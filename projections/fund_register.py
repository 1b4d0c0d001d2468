"""The register of funded projects 专项经费补贴项目进度登记表 (F5): approved, granted, paid, spent, how far?

One row per issue; those that no committee ever approved money for have no `approved_at` and are in no register.
The funds' own accounts, the pool's ranking and rounds are read from the funds' streams (domain/fund/state.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from domain.events import DomainEvent
from domain.issue import events as e
from domain.issue.words import EntryField, Stage, Urgency
from domain.values import LOCAL_ZONE
from projections.pages import Asked, page_of
from projections.per_issue import PerIssue
from projections.progress import BETWEEN_DEPARTMENTS, department_entered, stage_entered
from projections.projection import Recorded

_ZERO: Final = Decimal(0)


@dataclass(slots=True)
class ProjectRow:
    """One project. Amounts in yuan. Where an issue reopened, its last project; `earlier` counts those before."""

    issue_id: UUID
    village: str
    title: str | None  # 项目名称, sealed
    stage: str
    department: str | None = None
    concerns: str | None = None
    urgency: str = Urgency.ORDINARY.value  # 紧急程度
    budget: Decimal = _ZERO  # 预算
    asked: Decimal = _ZERO
    approved: Decimal = _ZERO  # 批准补贴
    approved_at: datetime | None = None  # 批准会议日期
    meeting_id: UUID | None = None
    fund_id: UUID | None = None
    granted: Decimal = _ZERO
    granted_at: datetime | None = None
    tranches: int = 0  # 已拨付(次数)
    paid: Decimal = _ZERO  # 已拨付(金额)
    payments: str | None = None  # 已拨付(日期), each payment a line
    spent: Decimal = _ZERO  # 已支出
    started_at: datetime | None = None  # 开工日期
    percent: int = 0  # 形象进度(%)
    missed_reports: int = 0
    expected: date | None = None  # 预计完工
    completed_at: datetime | None = None  # 实际完工
    accepted_at: datetime | None = None  # 验收
    returned: Decimal = _ZERO  # 结余退回
    earlier: int = 0


def _logged(event: e.IssueLogged, _: Recorded) -> ProjectRow:
    return ProjectRow(event.originator_id, event.village, event.title, Stage.LOGGED, concerns=event.concerns)


def _prepared(row: ProjectRow, event: e.SubmissionPrepared) -> None:
    row.urgency, row.budget, row.asked = event.urgency.value, event.total_budget, event.subsidy_asked
    row.expected = event.expected_completion


def _approved(row: ProjectRow, event: e.SubmissionApproved) -> None:
    if event.subsidy:
        row.approved, row.approved_at, row.meeting_id = event.subsidy, event.occurred_at, event.meeting_id


def _granted(row: ProjectRow, event: e.FundingGranted) -> None:
    row.fund_id, row.granted, row.granted_at = event.fund_id, event.amount, event.occurred_at


def _cancelled(row: ProjectRow, event: e.GrantCancelled) -> None:
    row.granted -= event.amount


def _paid(row: ProjectRow, event: e.TranchePaid) -> None:
    row.tranches, row.paid = event.tranche, row.paid + event.amount
    line = f"{event.occurred_at.astimezone(LOCAL_ZONE):%Y-%m-%d} {event.amount:.2f}"
    row.payments = f"{row.payments}\n{line}" if row.payments else line
    row.started_at = row.started_at or event.occurred_at


def _progressed(row: ProjectRow, event: e.ProgressReported) -> None:
    row.percent, row.spent = event.percent, event.spent


def _report_missed(row: ProjectRow, _: e.ProgressReportMissed) -> None:
    row.missed_reports += 1


def _completed(row: ProjectRow, event: e.WorksCompleted) -> None:
    row.percent, row.spent, row.completed_at = 100, event.spent, event.occurred_at


def _accepted(row: ProjectRow, event: e.WorksAccepted) -> None:
    row.accepted_at = event.occurred_at


def _rework(row: ProjectRow, _: e.ReworkOrdered) -> None:
    row.percent, row.completed_at = min(row.percent, 99), None


def _returned(row: ProjectRow, event: e.UnspentReturned) -> None:
    row.returned += event.amount


def _reopened(row: ProjectRow, _: e.IssueReopened) -> None:
    if row.approved_at is None:
        return
    fresh = ProjectRow(row.issue_id, row.village, row.title, row.stage, row.department, row.concerns)
    for name in ProjectRow.__slots__:
        setattr(row, name, getattr(fresh, name) if name != "earlier" else row.earlier + 1)


def _corrected(row: ProjectRow, event: e.EntryCorrected) -> None:
    if event.field is EntryField.TITLE:
        row.title = event.value


def _nothing(_: ProjectRow, __: Any) -> None:
    """Only stage and department change."""


_EXTRAS: Final[dict[type[DomainEvent], Callable[[ProjectRow, Any], None]]] = {
    e.SubmissionPrepared: _prepared,
    e.SubmissionApproved: _approved,
    e.FundingGranted: _granted,
    e.GrantCancelled: _cancelled,
    e.TranchePaid: _paid,
    e.ProgressReported: _progressed,
    e.ProgressReportMissed: _report_missed,
    e.WorksCompleted: _completed,
    e.WorksAccepted: _accepted,
    e.ReworkOrdered: _rework,
    e.UnspentReturned: _returned,
    e.IssueReopened: _reopened,
    e.EntryCorrected: _corrected,
}


def _change(kind: type[DomainEvent]) -> Callable[[ProjectRow, Any, Recorded], None]:
    extra = _EXTRAS.get(kind, _nothing)

    def change(row: ProjectRow, event: Any, _: Recorded) -> None:
        row.stage = stage_entered(event) or row.stage
        if kind in BETWEEN_DEPARTMENTS:
            row.department = department_entered(event)
        extra(row, event)

    return change


_DDL: Final = """
create table if not exists fund_register (
  issue_id uuid primary key, village text not null, title text, stage text not null, department text, concerns text,
  urgency text not null, budget numeric not null, asked numeric not null, approved numeric not null,
  approved_at timestamptz, meeting_id uuid, fund_id uuid, granted numeric not null, granted_at timestamptz,
  tranches bigint not null, paid numeric not null, payments text, spent numeric not null, started_at timestamptz,
  percent bigint not null, missed_reports bigint not null, expected date, completed_at timestamptz,
  accepted_at timestamptz, returned numeric not null, earlier bigint not null
);
"""
_INDEXES: Final = """
create index if not exists fund_register_by_approval on fund_register (approved_at) where approved_at is not null;
"""
FUND_REGISTER: Final = PerIssue(
    name="fund_register",
    question="Which projects were approved, granted and paid money, and how far are they? 补贴项目登记表",
    ddl=_DDL,
    indexes=_INDEXES,
    row=ProjectRow,
    follows=e.ISSUE_EVENTS,
    begins={e.IssueLogged: _logged},
    changes={kind: _change(kind) for kind in e.ISSUE_EVENTS - {e.IssueLogged}},
)


# -- asking ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class ProjectLine(ProjectRow):
    """A row as people read it."""

    number: str = ""
    village_name: str | None = None
    at: datetime | None = None  # approved_at again
    key: str = ""  # the number again


_PROJECTS: Final[LiteralString] = """
select register.*, ledger.number, place.name as village_name, register.approved_at as at, ledger.number as key
from fund_register register
join issue_ledger ledger using (issue_id)
left join place on place.code = register.village
where register.approved_at is not null and (%(village)s::text is null or register.village = %(village)s)
"""


def projects(connection: psycopg.Connection, asked: Asked) -> list[ProjectLine]:
    """The projects, in the order of their approval, which is also when they count as of a period."""
    return page_of(connection, ProjectLine, _PROJECTS, asked)


_PER_VILLAGE: Final[LiteralString] = """
select village, count(*) from fund_register
where granted_at is not null and extract(year from granted_at at time zone 'Asia/Shanghai') = %s
group by village
"""


def funded_by_village(connection: psycopg.Connection, year: int) -> dict[str, int]:
    """How many projects each village was granted money for in a year (SG9); villages without any are not in it."""
    return dict(connection.execute(_PER_VILLAGE, (year,)).fetchall())


_THESE: Final[LiteralString] = """
select register.*, ledger.number, place.name as village_name, register.approved_at as at, ledger.number as key
from fund_register register
join issue_ledger ledger using (issue_id)
left join place on place.code = register.village
where register.issue_id = any(%s)
"""


def projects_of(connection: psycopg.Connection, issue_ids: Sequence[UUID]) -> dict[UUID, ProjectLine]:
    """Those of these projects that the scope covers, by their issues."""
    with connection.cursor(row_factory=class_row(ProjectLine)) as cursor:
        return {line.issue_id: line for line in cursor.execute(_THESE, (list(issue_ids),)).fetchall()}
