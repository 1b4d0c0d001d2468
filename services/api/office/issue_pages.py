"""Which issues? The ledger by filter, sort and search, a page at a time, as lines and as the form.

Called by reading.py, in a thread. Whoever asks sees what their scope covers, and filters by no column hidden from them.
"""

from datetime import datetime
from functools import partial
from typing import Any, Final

from starlette.responses import Response

from domain.errors import RoleNotAllowed
from domain.ledger_views import View, view_of
from domain.periods import period_named
from domain.values import Role
from projections import issue_ledger
from projections.figures import OF_RATINGS
from projections.issue_ledger import MOST_COUNTED, Counted, LedgerFilter, LedgerLine, Sort
from services.api.accounts.people import as_reader
from services.api.door.answers import answer
from services.api.door.queries import IssuesQuery, LedgerQuery, PageQuery, page_and_next, read_cursor
from services.api.office.issues_before import IssuesBefore, then_or_now
from services.api.office.searching import Told, sought
from services.api.parts import ApiParts
from services.exports.called import called
from services.exports.issue_form import COLUMNS, form_row
from services.exports.rows import within
from services.identity.accounts import Account
from services.persistence.scope import Scope
from services.privacy.columns import without_hidden

_PLAIN: Final = (
    "village", "stage", "category", "channel", "tier", "unit", "department", "no_department", "person", "rating",
)  # fmt: skip
_MAY_BE_HIDDEN: Final = ("rating",)


class IssuePages:
    """Pages of the issue ledger for one account after the other."""

    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts
        self._before = IssuesBefore(parts)

    def listed(self, account: Account, query: IssuesQuery) -> Response:
        """`GET /api/v1/issues`; how many there are in all is told with the first page. Raises RoleNotAllowed."""
        require_seen(query, account.role)
        wanted, searched = self.wanted(account, query)
        _, when = then_or_now(query, self._parts.clock())
        if when.is_past:
            return answer(self._before.listed(account, query, within(account, wanted), when))
        lines, following = self._page(account, wanted, query, query.sort)
        total = self._count(account, wanted, query.sort) if query.cursor is None else None
        return answer({"items": lines, "next": following, **_total(total), "searched": searched})

    def form(self, account: Account, query: LedgerQuery) -> Response:
        """`GET /api/v1/ledgers/issues`."""
        lines, following = self._page(account, LedgerFilter(village=query.village), query, Sort.OLDEST)
        book = self._parts.plans()
        with self._parts.reading(Scope.of(account)) as connection:
            names = called(connection)
        rows = [form_row(names.issue(line), book) for line in lines]
        form = {"ledger": "issues", "title": "问题台账", "columns": list(COLUMNS), "rows": rows}
        return answer({**form, "next": following})

    def wanted(self, account: Account, query: IssuesQuery) -> tuple[LedgerFilter, Told | None]:
        """Which issues a query means, and what was searched."""
        logged = _span(query.logged)
        now, _ = then_or_now(query, self._parts.clock())
        wanted = LedgerFilter(
            **{name: getattr(query, name) for name in _PLAIN},
            logged_from=logged[0] if logged else None,
            logged_before=logged[1] if logged else None,
            overdue_at=now if query.overdue else None,
            open_only=query.open,
            counted=_counted(query, now),
        )
        if query.q is None:
            return wanted, None
        return sought(wanted, query.q, account.role, self._villages(account, query), now)

    def _villages(self, account: Account, query: IssuesQuery) -> list[str]:
        if query.village is not None:
            return [query.village]
        return sorted(
            self._parts.directory.villages_under(account.place) if account.villages is None else account.villages
        )

    def _page(
        self, account: Account, wanted: LedgerFilter, query: PageQuery, sort: Sort
    ) -> tuple[list[LedgerLine], str | None]:
        if wanted.village is not None and not account.covers_village(wanted.village):
            return [], None
        after, limit = read_cursor(query), query.limit + 1
        with self._parts.reading(Scope.of(account)) as connection:
            found = issue_ledger.page(connection, within(account, wanted), after=after, limit=limit, sort=sort)
        shown, following = page_and_next(query, found, partial(issue_ledger.cursor_of, sort=sort))
        seen = [without_hidden(account.role, line) for line in shown]
        return list(self._parts.unsealing.lines(as_reader(account), seen)), following

    def _count(self, account: Account, wanted: LedgerFilter, sort: Sort) -> int:
        if wanted.village is not None and not account.covers_village(wanted.village):
            return 0
        with self._parts.reading(Scope.of(account)) as connection:
            return issue_ledger.count(connection, within(account, wanted), sort)


def _span(name: str | None) -> tuple[datetime, datetime] | None:
    period = period_named(name) if name else None
    return (period.starts_at, period.ends_at) if period else None


def _counted(query: IssuesQuery, now: datetime) -> Counted | None:
    if query.counted is None and query.age is None and query.answered is None and query.closed is None:
        return None
    figure = query.counted.value if query.counted else "total"
    return Counted(now, figure, query.age, _span(query.answered), _span(query.closed))


def require_seen(query: IssuesQuery, role: Role) -> None:
    """A filter by a column would tell what stands there."""
    for name in _MAY_BE_HIDDEN:
        if getattr(query, name) is not None and view_of("issues", name, role) is View.NOTHING:
            raise RoleNotAllowed
    hidden = query.counted is not None and query.counted.value in OF_RATINGS
    if hidden and view_of("issues", "rating", role) is View.NOTHING:
        raise RoleNotAllowed


def _total(counted: int | None) -> dict[str, Any]:
    is_exact = counted is not None and counted <= MOST_COUNTED
    return {"total": counted if counted is None else min(counted, MOST_COUNTED), "total_is_exact": is_exact}
