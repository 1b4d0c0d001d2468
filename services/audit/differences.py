"""What changed between two moments: of one issue, or of the whole issue ledger? Field by field, on both axes of time.

Rows are folded from the log as of each moment, with the ledger's own fold; the words that a reader may see are opened.
Called by `huiyin audit difference` and the API.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg

from domain.values import Role
from projections.dashboard_source import When
from projections.issue_ledger import ISSUE_LEDGER, LedgerLine
from projections.moments import told_by
from projections.one_stream import Stored, stored_streams
from services.audit.fields import SEALED_FIELDS, FieldChange, State, changes, row_of, state_of
from services.audit.replay import hidden_from, states
from services.privacy.columns import without_hidden
from services.privacy.looks import Seen
from services.privacy.unsealing import Reader, Unsealing


class Kind(StrEnum):
    """What became of a row between the one moment and the other."""

    ADDED = "added"  # 新增
    GONE = "gone"  # 不再有: by an earlier moment it was not there yet
    CHANGED = "changed"  # 变更


KIND_WORDS: Final = {Kind.ADDED: ("新增", "added"), Kind.GONE: ("不再有", "gone"), Kind.CHANGED: ("变更", "changed")}


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row that is not alike at both moments. `before`, `after`: the whole row; None where there is none."""

    number: str
    kind: Kind
    changes: tuple[FieldChange, ...]
    before: State | None
    after: State | None


@dataclass(frozen=True, slots=True)
class IssueDifference:
    """One issue at two moments: its state, its ledger row, and the versions that count at one of them only."""

    versions: tuple[int, int]
    between: tuple[int, ...]
    state: tuple[FieldChange, ...]
    row: RowDifference | None


@dataclass(frozen=True, slots=True)
class Eyes:
    """For whom a difference is told: their role, None for whoever works on the machine itself."""

    unsealing: Unsealing
    reader: Reader
    role: Role | None = None

    def rows(self, lines: Sequence[LedgerLine]) -> list[LedgerLine]:
        """As far as they may see them."""
        seen = lines if self.role is None else [without_hidden(self.role, line) for line in lines]
        return list(self.unsealing.lines(self.reader, seen))

    def states(self, found: Sequence[State]) -> list[State]:
        """As far as they may see them."""
        hidden: Collection[str] = () if self.role is None else hidden_from(self.role)
        words = [{name: state[name] for name in SEALED_FIELDS} for state in found]
        said = self.unsealing.as_history(self.reader, words, Seen.HISTORY)
        both = ({**state, **opened} for state, opened in zip(found, said, strict=True))
        return [{name: value for name, value in state.items() if name not in hidden} for state in both]


# -- one issue --------------------------------------------------------------------------------------------------------


def difference(one: Sequence[Stored], other: Sequence[Stored], eyes: Eyes) -> IssueDifference:
    """Between two beginnings of one stream, each what counted at its moment; either may be empty."""
    given = [_state(one), _state(other)]
    shown = iter(eyes.states([state for state in given if state is not None]))
    before, after = (None if state is None else next(shown) for state in given)
    between = range(min(len(one), len(other)) + 1, max(len(one), len(other)) + 1)
    row = next(_compared([(_row(one), _row(other))], eyes), None)
    return IssueDifference((len(one), len(other)), tuple(between), tuple(changes(before, after)), row)


def _state(told: Sequence[Stored]) -> State | None:
    last = deque(states(told), maxlen=1)
    return state_of(last[0][1]) if last else None


def _row(told: Sequence[Stored]) -> LedgerLine | None:
    rows = ISSUE_LEDGER.fold([it.recorded for it in told], {})
    return next((LedgerLine(**asdict(row)) for row in rows.values()), None)


def _compared(pairs: Sequence[tuple[LedgerLine | None, LedgerLine | None]], eyes: Eyes) -> Iterator[RowDifference]:
    """The pairs that are not alike; words are compared as the reader sees them."""
    shown = iter(eyes.rows([line for pair in pairs for line in pair if line is not None]))
    for pair in pairs:
        before, after = (None if line is None else row_of(next(shown)) for line in pair)
        differing = tuple(changes(before, after))
        if before is None and after is not None:
            yield RowDifference(after["number"], Kind.ADDED, differing, None, after)
        elif before is not None and after is None:
            yield RowDifference(before["number"], Kind.GONE, differing, before, None)
        elif before is not None and differing:
            yield RowDifference(before["number"], Kind.CHANGED, differing, before, after)


# -- the whole ledger -------------------------------------------------------------------------------------------------

_TOUCHED: Final[LiteralString] = """
from issue_history join issue_number using (issue_id)
where (occurred_at <= %(one_as_of)s and recorded_at <= %(one_known_at)s)
   <> (occurred_at <= %(other_as_of)s and recorded_at <= %(other_known_at)s)
  and (%(village)s::text is null or issue_history.village = %(village)s) and number > %(after)s
"""
_PAGE: Final[LiteralString] = (
    "select number, issue_id" + _TOUCHED + "group by number, issue_id order by number limit %(limit)s"
)
_COUNT: Final[LiteralString] = "select count(distinct issue_id)" + _TOUCHED
_END: Final = "infinity"


def touched(
    connection: psycopg.Connection, one: When, other: When, *, village: str | None, after: str, limit: int | None
) -> list[tuple[str, UUID]]:
    """Number and id of the issues of which an event counts at one moment only, within the scope, from `after` on."""
    values = {**_values(one, other, village), "after": after, "limit": limit}
    return connection.execute(_PAGE, values).fetchall()


def count_touched(connection: psycopg.Connection, one: When, other: When, *, village: str | None) -> int:
    """How many there are: at least as many as differ, and hardly ever more."""
    row = connection.execute(_COUNT, {**_values(one, other, village), "after": ""}).fetchone()
    return int(row[0]) if row else 0


def ledger_difference(
    connection: psycopg.Connection, issue_ids: Collection[UUID], one: When, other: When, eyes: Eyes
) -> list[RowDifference]:
    """The rows of these issues that are not alike at both moments, by number; `connection` reads the log itself."""
    streams = groupby(stored_streams(connection, list(issue_ids)), key=lambda it: it.event.originator_id)
    both = [list(stream) for _, stream in streams]
    pairs = [(_row(list(told_by(it, one))), _row(list(told_by(it, other)))) for it in both]
    return sorted(_compared(pairs, eyes), key=lambda it: it.number)


def _values(one: When, other: When, village: str | None) -> Mapping[str, Any]:
    moments = {"one": one, "other": other}
    return {
        "village": village,
        **{f"{name}_as_of": when.as_of or _END for name, when in moments.items()},
        **{f"{name}_known_at": when.known_at or _END for name, when in moments.items()},
    }
