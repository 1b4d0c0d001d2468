"""What does each figure of the dashboard count? Conditions on an issue's facts, by name; and where the facts are found.

The dashboard counts by them, the list of issues opens by them: so a number and its rows cannot differ.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, LiteralString

from domain.issue.words import OPEN_STAGES, UNANSWERED_STAGES

_VALID: Final[LiteralString] = "rating in ('satisfied', 'mostly_satisfied', 'dissatisfied')"
_NOT_JUDGED: Final[LiteralString] = "timed and not answered and not late and not (waits and past_due)"

FIGURES: Final[dict[str, LiteralString]] = {
    "total": "true",
    "open": "is_open",
    "overdue": "is_open and past_due",
    "answered": "answered",
    "on_time": "timed and answered and not late",
    "judged": "timed and (answered or late or (waits and past_due))",
    "late": "timed and answered and late",
    "not_due_yet": _NOT_JUDGED + " and waits",
    "ended_without_answer": _NOT_JUDGED + " and not waits",
    "imported_without_due_date": "not timed",
    "valid": _VALID,
    "contacted": _VALID + " and contacted",
    "solved": _VALID + " and solved",
    "satisfied": "rating = 'satisfied'",
    "mostly": "rating = 'mostly_satisfied'",
    "dissatisfied": "rating = 'dissatisfied'",
    "cannot_say": "rating = 'cannot_say'",
    "declined": "rating = 'declined'",
    "silent": "rating = '' and silent",
    "not_called_back": "rating = '' and not silent and asked",
    "not_asked": "rating = '' and answered and not asked",
    "backlog": "backlog and stage not in ('withdrawn', 'merged', 'split')",
    "backlog_resolved": "backlog and stage in ('closed', 'settled')",
    "over_15": "slow >= 1",
    "over_60": "slow >= 2",
}
"""Name -> condition on FACTS."""
OF_RATINGS: Final = frozenset(
    {
        "valid", "contacted", "solved", "satisfied", "mostly", "dissatisfied", "cannot_say", "declined", "silent",
        "not_called_back", "not_asked",
    }
)  # fmt: skip
"""They tell of an issue what its household said of the answer."""

FACTS: Final[LiteralString] = """
  village, category, channel, tier, coalesce(department, '') as department, stage, timed,
  answered_at is not null as answered, late, solved, asked, backlog, silent, coalesce(rating, '') as rating,
  coalesce(contacted, false) as contacted,
  case when answered_at is null then 0 when answered_at - logged_at > interval '60 days' then 2
    when answered_at - logged_at > interval '15 days' then 1 else 0 end as slow,
  stage = any(%(open)s) as is_open, stage = any(%(unanswered)s) as waits,
  coalesce(due_at < %(now)s, false) as past_due,
  width_bucket(extract(epoch from %(now)s - logged_at)::float8 / 86400, %(ages)s::float8[]) as age
"""
"""Of a row of `dashboard` or `issue_spell`; `age`: the class of days since logging."""
FLAGS: Final[LiteralString] = """
  stage, timed, answered, late, solved, asked, backlog, silent, rating, contacted, slow, is_open, waits, past_due, age
"""
"""All that figures ask of an issue: those alike in these are counted together."""
AGES: Final = (3, 7, 15, 30, 60)
"""Upper ends in days of the classes of age; the last class is open."""


def of_figures(now: datetime) -> Mapping[str, Any]:
    """What FACTS takes."""
    return {"open": sorted(OPEN_STAGES), "unanswered": sorted(UNANSWERED_STAGES), "ages": list(AGES), "now": now}
