"""The dashboard's sums for a county's copied rows: the follower adds them up as it goes, and nothing followed here.

Called by county.py. What a cell holds says projections/dashboard_cells.py.
"""

from typing import Final, LiteralString

from projections.dashboard_cells import TABLES

SUMS: Final = TABLES
_WHERE: Final[LiteralString] = "village, coalesce(department, ''), coalesce(concerns, '-')"
_VALID: Final[LiteralString] = "rating in ('satisfied', 'mostly_satisfied', 'dissatisfied')"
_CELLS: Final[LiteralString] = """
insert into dashboard_cell select village, category, channel, tier, coalesce(department, ''), coalesce(concerns, '-'),
  stage, timed, answered_at is not null, late, solved, asked, backlog, silent, coalesce(rating, ''),
  coalesce(contacted, false),
  case when answered_at - logged_at > interval '60 days' then 2
    when answered_at - logged_at > interval '15 days' then 1 else 0 end,
  count(*)
from dashboard where stage in ('closed', 'settled', 'withdrawn', 'merged', 'split')
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
"""
_MONTHS: Final[LiteralString] = """
insert into dashboard_month
select {where}, date_trunc('month', at at time zone 'Asia/Shanghai')::date, figure, count(*)
from dashboard, lateral (values
  (logged_at, 'logged', true), (closed_at, 'closed', true), (answered_at, 'answered', true),
  (answered_at, 'late', timed and late), (answered_at, 'on_time', timed and not late),
  (answered_at, 'valid', {valid}), (answered_at, 'contacted', {valid} and contacted),
  (answered_at, 'solved', {valid} and solved), (answered_at, 'satisfied', rating = 'satisfied'),
  (answered_at, 'mostly', rating = 'mostly_satisfied')
) as it (at, figure, holds)
where at is not null and holds group by 1, 2, 3, 4, 5
"""
_REPLIES: Final[LiteralString] = """
insert into dashboard_reply
select {where}, floor(extract(epoch from answered_at - logged_at) / 86400), count(*)
from dashboard where answered_at is not null group by 1, 2, 3, 4
"""
ANEW: Final[tuple[LiteralString, ...]] = (
    "delete from dashboard_cell",
    "delete from dashboard_month",
    "delete from dashboard_reply",
    _CELLS,
    _MONTHS.format(where=_WHERE, valid=_VALID),
    _REPLIES.format(where=_WHERE),
)
"""The statements that make them anew from the rows."""
