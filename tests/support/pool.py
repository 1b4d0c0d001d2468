"""A township's pool of approved projects, in memory: `pool(project("a", urgency=Urgency.URGENT), project("b"))`.

Each project is an issue that really went through submission, signature, tabling, meeting and decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.fund.commands import (
    AdjustBudget,
    CloseFiscalYear,
    ConfirmAdjustment,
    ConfirmRound,
    ProposeRound,
    RecordRoundOverdue,
    RefuseAdjustment,
    WithdrawRound,
)
from domain.fund.state import Fund
from domain.fund.state import fold as fold_fund
from domain.issue import commands as c
from domain.issue.state import Issue
from domain.issue.words import Urgency
from domain.meeting.commands import RecordMeeting
from domain.office import Office
from domain.values import LOCAL_ZONE
from tests.support.commands import FUND_ID, command
from tests.support.office import START
from tests.support.states import Case, with_budget


@dataclass(frozen=True)
class Wanted:
    """A project that somebody applies for: days after START, what is submitted, what is approved."""

    key: str
    village: str = "QS"
    days: int = 0
    approved: int | str = 20_000
    concerns: str | None = None
    submitted: Mapping[str, Any] = field(default_factory=dict)

    @property
    def logged(self) -> c.LogIssue:
        """The command that logs it."""
        at = START + timedelta(days=self.days)
        return command(c.LogIssue, village=self.village, at=at, concerns=self.concerns, key=self.key)

    @property
    def issue_id(self) -> UUID:
        """Its issue."""
        return self.logged.issue_id


def project(
    key: str,
    *,
    village: str = "QS",
    days: int = 0,
    approved: int | str = 20_000,
    concerns: str | None = None,
    **submitted: Any,
) -> Wanted:
    """`concerns`: the official complained of, who abstains. `submitted`: fields of SubmitToCommittee."""
    return Wanted(key, village, days, approved, concerns, submitted)


def pool(*wanted: Wanted, office: Office | None = None, budget: int | str | None = 200_000) -> Case:
    """Everybody approved; the fund's budget set, unless None. The case is the last project's."""
    life = Case(wanted[0].issue_id, office=office)
    for each in wanted:
        life = _approved(life, each)
    return life if budget is None else with_budget(life, budget=budget)


def of(life: Case, wanted: Wanted) -> Case:
    """The same township, looking at another project."""
    return replace(life, issue_id=wanted.issue_id)


def issue_of(life: Case, wanted: Wanted) -> Issue:
    """How a project stands."""
    return of(life, wanted).issue


def fund_of(life: Case, fund_id: UUID = FUND_ID) -> Fund:
    """How the fund stands."""
    fund = fold_fund(life.streams[fund_id])
    assert fund is not None
    return fund


def _approved(life: Case, wanted: Wanted) -> Case:
    latest = life.now
    begun = replace(life, issue_id=wanted.issue_id, now=wanted.logged.occurred_at).after(wanted.logged)
    for kind, fields in ((c.EscalateIssue, {}), (c.AcceptIssue, {}), (c.SubmitToCommittee, wanted.submitted)):
        begun = begun.do(kind, **fields)
    signed = begun.do(c.SignSubmission)
    tabled = signed.do(c.TableSubmission, at=(signed.issue.table_at or START) + timedelta(seconds=1))
    met = tabled.do(RecordMeeting, at=tabled.now + timedelta(hours=15), key=wanted.key)
    abstained = (wanted.concerns,) if wanted.concerns else ()
    decided = met.do(c.DecideSubmission, subsidy=wanted.approved, abstained=abstained)
    return replace(decided, now=max(latest, decided.now))


def a_fund_through_its_year(key: str = "") -> Case:
    """Every event that a fund can have: adjusted, rounds overdue, withdrawn and confirmed, the year closed."""
    first, second = project(f"{key} first", urgency=Urgency.URGENT), project(f"{key} second", village="LX", days=1)
    life = pool(first, second)
    life = life.do(AdjustBudget).do(ConfirmAdjustment).do(AdjustBudget, amount=1).do(RefuseAdjustment)
    life = life.do(ProposeRound)
    life = life.do(RecordRoundOverdue, at=life.now + timedelta(days=16)).do(WithdrawRound)
    life = life.do(ProposeRound).do(ConfirmRound, round=2)
    paid = of(life, first).do(c.PayTranche)
    return paid.do(CloseFiscalYear, at=datetime(2027, 1, 15, 9, tzinfo=LOCAL_ZONE))
