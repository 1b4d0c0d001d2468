"""The public notice board 公开栏: what was reported in a month, and what came of it? Nobody is given away. (F14)

Counted from the dashboard's rows, without complaints about officials; suppression.py says which counts may be told.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, LiteralString

import psycopg
from psycopg.rows import class_row

from domain.issue.words import Rating, Stage
from domain.values import LOCAL_ZONE
from projections.suppression import SMALLEST, beside, large_enough, part

_ROWS: Final[LiteralString] = """
select number, dashboard.village, category, stage, answered_at, late, solved, rating
from dashboard join issue_number using (issue_id)
where logged_at >= %(since)s and logged_at < %(until)s and concerns is null
"""
_NAMES: Final[LiteralString] = "select code, name from place where kind = 'village' and not closed order by code"
_NEVER_ITEMISED: Final = frozenset({"conduct"})
"""Officials' conduct 干部作风: counted, but never item by item."""


class Status(StrEnum):
    """How far an item has come, as coarse as it can be told."""

    IN_HAND = "in_hand"  # 办理中
    ANSWERED = "answered"  # 已答复
    CLOSED = "closed"  # 已销号
    ENDED = "ended"  # 撤回、并案、分案


@dataclass(frozen=True, slots=True)
class BoardRow:
    """What the board looks at of one issue."""

    number: str
    village: str
    category: str
    stage: str
    answered_at: datetime | None
    late: bool
    solved: bool
    rating: str | None

    @property
    def status(self) -> Status:
        """Its stage, coarsely."""
        if self.stage in (Stage.CLOSED, Stage.SETTLED):
            return Status.CLOSED
        if self.stage in (Stage.WITHDRAWN, Stage.MERGED, Stage.SPLIT):
            return Status.ENDED
        return Status.IN_HAND if self.answered_at is None else Status.ANSWERED


@dataclass(frozen=True, slots=True)
class VillageLine:
    """One village; None: not told. `satisfied` counts 满意 and 基本满意."""

    village: str
    name: str
    registered: int | None
    resolved: int | None
    answered: int | None
    on_time: int | None
    satisfied: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """One issue without anything personal; at least five others' or its own look like it."""

    number: str
    category: str
    status: Status
    answered_in: str | None


@dataclass(frozen=True, slots=True)
class NoticeBoard:
    """The board of the issues registered in `month`. A village or category of which less is told is simply not told."""

    month: str
    villages: tuple[VillageLine, ...]
    categories: Mapping[str, int]
    items: tuple[Item, ...]


def notice_board(
    connection: psycopg.Connection, month: str, since: datetime, until: datetime, categories: Iterable[str]
) -> NoticeBoard:
    """The board of a month that goes from `since` to `until`; `categories`: all that the plan has."""
    with connection.cursor(row_factory=class_row(BoardRow)) as cursor:
        rows = cursor.execute(_ROWS, {"since": since, "until": until}).fetchall()
    names: dict[str, str] = dict(connection.execute(_NAMES).fetchall())
    return board_of(month, rows, names, categories)


def board_of(month: str, rows: Sequence[BoardRow], names: Mapping[str, str], categories: Iterable[str]) -> NoticeBoard:
    """The board of these rows. Pure."""
    by_village = _counted(rows, names, lambda row: row.village)
    by_category = beside(by_village, _counted(rows, categories, lambda row: row.category))
    lines = (_line(code, name, [row for row in rows if row.village == code]) for code, name in names.items())
    return NoticeBoard(month, tuple(lines), by_category, tuple(_items(rows, large_enough(by_village), by_category)))


def _counted(rows: Iterable[BoardRow], known: Iterable[str], key: Callable[[BoardRow], str]) -> dict[str, int]:
    counts = Counter(key(row) for row in rows)
    return {**dict.fromkeys(known, 0), **counts}


def _line(code: str, name: str, rows: Sequence[BoardRow]) -> VillageLine:
    if len(rows) < SMALLEST:
        return VillageLine(code, name, None, None, None, None, None)
    answers = [row for row in rows if row.answered_at is not None]
    answered = part(len(answers), len(rows))
    content = sum(row.rating in (Rating.SATISFIED, Rating.MOSTLY) for row in answers)
    return VillageLine(
        village=code,
        name=name,
        registered=len(rows),
        resolved=part(sum(row.solved for row in rows), len(rows)),
        answered=answered,
        on_time=part(sum(not row.late for row in answers), len(rows), answered),
        satisfied=part(content, len(rows), answered),
    )


# -- items ------------------------------------------------------------------------------------------------------------

Look = tuple[str, str, Status, str | None]
"""Everything that an item tells: village (in its number), category, status, month of the answer."""


def _items(rows: Iterable[BoardRow], villages: Mapping[str, int], categories: Mapping[str, int]) -> list[Item]:
    """Those of which five look alike, as long as what they leave of a count that is told is not small either."""
    alike: dict[Look, list[Item]] = defaultdict(list)
    for row in rows:
        if row.village in villages and row.category in categories and row.category not in _NEVER_ITEMISED:
            item = Item(row.number, row.category, row.status, _month(row.answered_at))
            alike[row.village, item.category, item.status, item.answered_in].append(item)
    told = {look: items for look, items in alike.items() if len(items) >= SMALLEST}
    while tells := [look for look in told if _leaves_few(told, look, villages, categories)]:
        del told[min(tells, key=lambda look: (len(told[look]), str(look)))]
    return sorted((item for items in told.values() for item in items), key=lambda item: item.number)


def _leaves_few(
    told: Mapping[Look, list[Item]], look: Look, villages: Mapping[str, int], categories: Mapping[str, int]
) -> bool:
    village, category, _, _ = look
    of_village = sum(len(items) for each, items in told.items() if each[0] == village)
    of_category = sum(len(items) for each, items in told.items() if each[1] == category)
    left = (villages[village] - of_village, categories[category] - of_category)
    return any(0 < rest < SMALLEST for rest in left)


def _month(moment: datetime | None) -> str | None:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m") if moment else None
