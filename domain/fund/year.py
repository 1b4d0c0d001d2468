"""The end of a fiscal year: what is promised goes into the next open one, the rest moves or lapses (L9)."""

from domain.commands import Command, stamp
from domain.context import Context
from domain.events import DomainEvent
from domain.fund import commands as c
from domain.fund import events as e
from domain.fund import rules
from domain.fund.moves import next_stamp
from domain.fund.state import ZERO, Fund
from domain.fund.words import Rest


def close(fund: Fund | None, command: c.CloseFiscalYear, context: Context) -> tuple[DomainEvent, ...]:
    """Both years' funds move together or not at all. `context.fund` is the next open year's, if there is one."""
    policy = rules.asked_for(context)
    known = rules.begun(fund)
    rules.year_open(known)
    rules.year_over(known, command.occurred_at)
    following = context.fund
    moved = known.left if policy.year_end.rest is Rest.MOVES else ZERO
    closed = e.FiscalYearClosed(
        **next_stamp(known, command),
        paid=known.paid,
        carried=_carried(known),
        moved=moved,
        lapsed=known.left - moved,
        successor=following.fund_id if following else c.fund_id_of(known.township, known.year + 1),
        plan=context.plan.id,
        basis=policy.basis,
    )
    return (closed, _opened(known, closed, command, following))


def _opened(fund: Fund, closed: e.FiscalYearClosed, command: Command, following: Fund | None) -> e.FundCarriedOver:
    return e.FundCarriedOver(
        **stamp(closed.successor, following.version + 1 if following else 1, command),
        township=fund.township,
        year=following.year if following else fund.year + 1,
        carried=closed.carried,
        moved=closed.moved,
        pool=tuple(fund.pool.values()),
        predecessor=fund.fund_id,
    )


def _carried(fund: Fund) -> tuple[e.Granted, ...]:
    unpaid = ((key, grant) for key, grant in fund.grants.items() if grant.unpaid)
    return tuple(e.Granted(issue_id=key, village=grant.village, amount=grant.unpaid) for key, grant in unpaid)
