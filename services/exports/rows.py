"""Which rows does a copy of a ledger have for an account? Read page after page, opened as far as they may see them.

Called by the API for small copies and by the jobs for large ones: the same scope, the same columns, and each look at a
household's words written down as one by export. A page is read in a transaction of its own, in the order of the ledger.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Final

import psycopg

from domain.adoption.book import PlanBook
from domain.errors import NotFound, RoleNotAllowed
from domain.ledger_views import LEDGER_READERS, may_read
from projections import issue_ledger
from projections.issue_ledger import LedgerFilter
from projections.pages import WHOLE
from services.exports.called import called
from services.exports.form import opened
from services.exports.forms import FORMS
from services.exports.issue_form import form_row
from services.exports.wanted import ISSUES, Wanted
from services.identity.accounts import Account
from services.persistence.scope import Scope, ScopedConnection
from services.privacy.columns import without_hidden
from services.privacy.looks import Door
from services.privacy.unsealing import Reader, Unsealing

PAGE: Final = 500
Row = list[str]


@dataclass(frozen=True, slots=True)
class LedgerCopies:
    """What reads them. `connect` gives this thread's connection for reading."""

    connect: Callable[[], AbstractContextManager[ScopedConnection]]
    unsealing: Unsealing
    plans: Callable[[], PlanBook]

    def rows(self, account: Account, wanted: Wanted, most: int | None = None) -> Iterator[Row]:
        """At most so many rows, each beginning with its 序号.

        Raises NotFound for a ledger that there is not, RoleNotAllowed for one that is not this account's to read.
        """
        require_reader(account, wanted.ledger)
        found = self._issues(account, wanted, most) if wanted.ledger == ISSUES else self._form(account, wanted, most)
        return ([str(count), *row] for count, row in enumerate(found, 1))

    def count(self, account: Account, wanted: Wanted) -> int | None:
        """How many rows there will be, where that can be told beforehand: of issues, if they are not very many."""
        if wanted.ledger != ISSUES:
            return None
        with self._reading(account) as connection:
            counted = issue_ledger.count(connection, within(account, wanted.issues), wanted.sort)
        return counted if counted <= issue_ledger.MOST_COUNTED else None

    def _issues(self, account: Account, wanted: Wanted, most: int | None) -> Iterator[Row]:
        book, narrowed, reader = self.plans(), within(account, wanted.issues), _reader(account)
        after, left, names = None, most, None
        while left is None or left > 0:
            size = PAGE if left is None else min(PAGE, left)
            with self._reading(account) as connection:
                lines = issue_ledger.page(connection, narrowed, after=after, limit=size, sort=wanted.sort)
                names = names or called(connection)
            seen = [without_hidden(account.role, line) for line in lines]
            yield from (form_row(names.issue(line), book) for line in self.unsealing.lines(reader, seen))
            if len(lines) < size:
                return
            after, left = issue_ledger.cursor_of(lines[-1], wanted.sort), None if left is None else left - size

    def _form(self, account: Account, wanted: Wanted, most: int | None) -> Iterator[Row]:
        """Found at once, for most of these are joined and sorted as a whole; opened some at a time."""
        form = FORMS[wanted.ledger]
        with self._reading(account) as connection:
            found = form.ask(connection, {**WHOLE, **wanted.form, "villages": seen_villages(account), "limit": most})
            names = called(connection)
        book, reader = self.plans(), _reader(account)
        for first in range(0, len(found), PAGE):
            for line in opened(form, self.unsealing, reader, found[first : first + PAGE], book, names):
                yield form.row(line)

    @contextmanager
    def _reading(self, account: Account) -> Iterator[psycopg.Connection]:
        with self.connect() as connection, connection.within(Scope.of(account)):
            yield connection


def require_reader(account: Account, ledger: str) -> None:
    """Raises NotFound for a ledger that there is not, RoleNotAllowed for one that is not this account's to read."""
    if ledger != ISSUES and ledger not in FORMS:
        raise NotFound
    if not (may_read(account.role) if ledger == ISSUES else account.role in LEDGER_READERS[ledger]):
        raise RoleNotAllowed


def seen_villages(account: Account) -> list[str] | None:
    """Those of the account's scope, for a ledger to find its lines by; None: all."""
    return None if account.villages is None else sorted(account.villages)


def within(account: Account, wanted: LedgerFilter) -> LedgerFilter:
    """The filter, no wider than the account's scope."""
    departments = account.departments
    return replace(
        wanted,
        villages=None if account.villages is None else tuple(account.villages),
        departments=None if departments is None else tuple(departments),
        barred=account.barred,
    )


def _reader(account: Account) -> Reader:
    return Reader.of(account.name, account.role, Door.EXPORT, place=account.place, behalf=account.on_behalf_of)
