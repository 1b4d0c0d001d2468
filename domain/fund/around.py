"""Which fund, and which other issues, does a decision look at? Read from the log, by casework and by tests alike."""

from typing import Any, Final
from uuid import UUID

from domain.commands import Command
from domain.context import Directory, Log
from domain.fund.commands import CloseFiscalYear, ConfirmRound, FundCommand, ProposeRound, fund_id_of
from domain.fund.state import Fund, fold
from domain.issue import commands as c
from domain.issue.state import Issue
from domain.values import LOCAL_ZONE

_MOVE_MONEY: Final = (
    c.PayTranche, c.ReturnUnspent, c.CancelGrant, c.WithdrawIssue, c.RateAnswer, c.DecideReview, c.DecideRecheck,
    c.RecordLookBack,
)  # fmt: skip
"""What touches the grant that an issue has, or ends it."""


def fund_needs(command: FundCommand, log: Log) -> dict[str, Any]:
    """For commands to a fund: the issues of its pool; for the year's end, the fund of the next year that is open."""
    if isinstance(command, CloseFiscalYear):
        return {"fund": open_fund(fund_id_of(command.township, command.year + 1), log)}
    if isinstance(command, ProposeRound | ConfirmRound):
        return {"others": in_pool(fold(log.history(command.fund_id)), log)}
    return {}


def money_around(command: Command, issue: Issue | None, directory: Directory, log: Log) -> dict[str, Any]:
    """For commands to an issue: the fund that the issue's money is in, or goes into."""
    if isinstance(command, c.AllocateFunding):
        fund = fold(log.history(command.fund_id))
        return {"fund": fund, "others": in_pool(fund, log)}
    if issue is None:
        return {}
    if isinstance(command, c.DecideSubmission):
        return {"fund": _of_this_year(command, issue, directory, log)}
    if isinstance(command, _MOVE_MONEY) and issue.fund_id is not None:
        return {"fund": open_fund(issue.fund_id, log)}
    return {}


def open_fund(fund_id: UUID, log: Log) -> Fund | None:
    """The fund, or the open year's into which closed ones were carried over."""
    fund = fold(log.history(fund_id))
    while fund is not None and fund.successor is not None:
        fund = fold(log.history(fund.successor))
    return fund


def _of_this_year(command: Command, issue: Issue, directory: Directory, log: Log) -> Fund | None:
    village = directory.village(issue.village)
    if village is None:
        return None
    return open_fund(fund_id_of(village.township, command.occurred_at.astimezone(LOCAL_ZONE).year), log)


def in_pool(fund: Fund | None, log: Log) -> dict[UUID, Issue]:
    """The issues whose projects wait in the pool."""
    found = ((issue_id, log.issue(issue_id)) for issue_id in (fund.pool if fund else ()))
    return {issue_id: issue for issue_id, issue in found if issue is not None}
