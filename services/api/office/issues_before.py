"""Which issues were there at another time, and how did each stand? A page at a time, as it was and as it was known.

Found by their spells within the reader's scope, then told by the log. Called by issue_pages.py, in a thread.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from projections.dashboard_source import TODAY, When
from projections.issue_ledger import Cursor, LedgerFilter, LedgerLine, Sort
from projections.past_pages import NOT_THEN, count_at, found_at, told_at
from services.api.accounts.people import as_reader
from services.api.door.problems import FieldProblem, Malformed
from services.api.door.queries import DashboardQuery, IssuesQuery, page_and_next, read_cursor
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.persistence.scope import Scope
from services.privacy.columns import without_hidden


def then_or_now(query: DashboardQuery | IssuesQuery, now: datetime) -> tuple[datetime, When]:
    """The moment at which things are judged, and of which time they are asked for. What lies ahead is as it is now."""
    if all(moment is None or moment >= now for moment in (query.as_of, query.known_at)):
        return now, TODAY
    when = When(query.as_of, query.known_at)
    return min(now, when.moment), when


class IssuesBefore:
    """Pages of the issue ledger as of another time."""

    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts

    def listed(self, account: Account, query: IssuesQuery, wanted: LedgerFilter, when: When) -> dict[str, Any]:
        """As `GET /api/v1/issues` answers. Raises Malformed for a filter or order that is not known of then."""
        _require_known(wanted, query.sort)
        if query.village is not None and not account.covers_village(query.village):
            return {"items": [], "next": None, "total": 0, "total_is_exact": True, "searched": None}
        after, limit = read_cursor(query), query.limit + 1
        with self._parts.reading(Scope.of(account)) as connection:
            found = found_at(connection, wanted, when, after=after, limit=limit, sort=query.sort)
            total = count_at(connection, wanted, when) if query.cursor is None else None
        lines = list(self._told(found, when))
        shown, following = page_and_next(query, lines, _place)
        items = self._parts.unsealing.lines(as_reader(account), [without_hidden(account.role, it) for it in shown])
        counted = {"total": total, "total_is_exact": total is not None}
        return {"items": list(items), "next": following, **counted, "searched": None}

    def _told(self, issue_ids: Sequence[UUID], when: When) -> Iterator[LedgerLine]:
        """Outside of any scope: the log is whole; what was found was within it."""
        with self._parts.connect() as connection:
            for issue_id in issue_ids:
                line = told_at(connection, issue_id, when)
                if line is not None:
                    village = self._parts.directory.village(line.village)
                    yield replace(line, village_name=village.name if village else None)


def _place(line: LedgerLine) -> Cursor:
    return line.logged_at, line.number


def _require_known(wanted: LedgerFilter, sort: Sort) -> None:
    given = [name for name in NOT_THEN if getattr(wanted, name) not in (None, False)]
    if given or sort is Sort.DUE:
        raise Malformed(
            FieldProblem(
                "query.as_of",
                "not-known-then",
                "查看过去时点时，不能按责任单位、责任人、检索词、期限筛选或排序；超期、未销号请用 counted。",
                "Of another time there is no unit, person, search or due order; `counted` tells what was overdue.",
            )
        )
