"""How does a fund stand? What `GET /api/v1/funds/{id}` shows; issues by their ids, in the order of rank or grant."""

from typing import Any

from domain.fund.ranking import ranked
from domain.fund.state import Fund, Proposed


def shown_fund(fund: Fund) -> dict[str, Any]:
    """A fund as JSON."""
    amounts = ("budget", "own", "carried_in", "carried_out", "allocated", "paid", "returned", "left")
    grants = [
        {"issue_id": key, "village": it.village, "amount": it.amount, "paid": it.paid, "carried": it.carried}
        for key, it in fund.grants.items()
    ]
    return {
        "fund_id": fund.fund_id,
        "version": fund.version,
        "township": fund.township,
        "year": fund.year,
        **{name: getattr(fund, name) for name in amounts},
        "closed": fund.is_closed,
        "successor": fund.successor,
        "grants": grants,
        "pool": [it.model_dump(mode="json") for it in ranked(fund.pool.values())],
        "round": fund.proposed and _round(fund.proposed),
        "adjustment": fund.adjustment,
    }


def _round(waits: Proposed) -> dict[str, Any]:
    lines = [it.model_dump(mode="json") for it in waits.lines]
    return {"round": waits.number, "confirm_by": waits.confirm_by, "overdue": waits.overdue, "lines": lines}
