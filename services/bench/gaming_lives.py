"""Lives that game the figures within what the decisions accept, and honest ones beside them that look much the same.

How much of it there is, is drawn on both sides of the limits (domain/conformance/thresholds.py): not all can be found.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

from domain.conformance.deviations import Kind
from domain.issue import commands as c
from domain.periods import Cycle, Period
from domain.values import Actor
from services.bench.deviating import Seeded
from services.bench.honest_lives import (
    SPAN_DAYS,
    answered,
    at_random,
    closed,
    on_site,
    resolved,
    sent_up,
    taken_up,
)
from services.bench.lives import AUDITORS, START, Life, handler, lead, reply_of, said

_FIRST: Final = 20_000


@dataclass
class Games:
    """A population of games: what was lived, and what of it was put in."""

    drawn: random.Random
    lives: list[Life] = field(default_factory=list)
    seeded: list[Seeded] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(_FIRST))

    def put_in(self, kind: Kind, lives: list[Life], *also: Kind) -> None:
        """These lives are one finding."""
        self.lives += lives
        self.seeded.append(Seeded(kind, frozenset(life.number for life in lives), frozenset(also)))

    def some_day(self) -> datetime:
        """A morning of the year."""
        return START + timedelta(days=self.drawn.uniform(0, SPAN_DAYS))

    def life(self, at: datetime | None = None, **fields: Any) -> Life:
        """An issue just logged."""
        return Life(self.drawn, next(self._numbers), at or self.some_day(), **fields)

    # -- closed too soon, filed anew ------------------------------------------------------------------------------

    def falls_back(self, days: float) -> Life:
        """Struck off, and so many days later the look-back fails."""
        life = closed(answered(resolved(taken_up(self.life()))))
        life.do(c.RecordLookBack, AUDITORS[0], days, holds=False, findings=said(self.drawn))
        by = lead(life.village)
        return life.do(c.AcceptIssue, by, 1, person=by.user)

    def files_anew(self, days: float, **other: Any) -> list[Life]:
        """Fixed, answered, struck off; so many days later the same household's matter again, or another of its."""
        first = closed(answered(self._done(self.life(place="村口老井旁", category="construction"))))
        logged: Any = first.events[0]
        same = {"village": first.village, "household": logged.household, "category": logged.category}
        return [first, on_site(self.life(first.now + timedelta(days=days), **{**same, **other}))]

    def _fixed(self, life: Life) -> Life:
        return life.do(c.FixOnSite, life.handler, 0.5, measures=said(self.drawn))

    def _done(self, life: Life) -> Life:
        """Fixed on site, or quickly by the lead."""
        if self.drawn.random() < 0.4:
            return self._fixed(life)
        life.do(c.EscalateIssue, life.handler, 0.2, reason=said(self.drawn))
        by = lead(life.village)
        life.do(c.AcceptIssue, by, 0.3, person=by.user)
        return life.do(c.ResolveIssue, by, 1, measures=said(self.drawn))

    # -- copied ---------------------------------------------------------------------------------------------------

    def alike(self, issues: int, *, cause: str | None = None, altered: int = 0) -> list[Life]:
        """So many answers in the same words; of `altered` of them one character is another."""
        words = reply_of(self.drawn)
        lives = []
        for nth in range(issues):
            life = self._done(self.life())
            if cause is not None:
                life.do(c.LinkCommonCause, life.handler, cause=cause)
            ending = {"opinion": words["opinion"].replace("，", "也，", 1)} if nth < altered else {}
            life.do(c.GiveReply, life.handler, 1, **{**words, **ending})
            lives.append(closed(life.do(c.RateAnswer, life.handler, 3, rating="satisfied")))
        return lives

    # -- habits ---------------------------------------------------------------------------------------------------

    def closes(self, who: Actor, moments: list[datetime]) -> list[Life]:
        """One officer strikes off an issue at each of these moments."""
        lives = []
        for moment in moments:
            life = self.life(moment - timedelta(days=9), by=who)
            life = self._done(life).do(c.GiveReply, who, 1, **reply_of(self.drawn))
            life.do(c.RateAnswer, who, 3, rating="satisfied")
            life.now = moment
            lives.append(life.do(c.CloseIssue, who))
        return lives

    def within(self, first: datetime, days: float, number: int) -> list[datetime]:
        """So many moments from then on."""
        return [first + timedelta(days=self.drawn.uniform(0, days)) for _ in range(number)]

    def quarter(self) -> Period:
        """The second or third of the year."""
        return Period.containing(datetime(2026, self.drawn.choice((4, 7)), 1, tzinfo=START.tzinfo), Cycle.QUARTER)

    def dates_back(self, who: Actor, steps: int, *, behind: bool) -> list[Life]:
        """Steps recorded together; `behind` their limits, or within them as from a village without a line."""
        at = self.some_day()
        lives = []
        for _ in range(steps):
            life = self.life(at + timedelta(days=self.drawn.uniform(0, 2)), by=who)
            self._fixed(life)
            life.recorded[-1] = at + timedelta(days=self.drawn.uniform(12, 16) if behind else 2.6)
            lives.append(life)
        return lives

    def asks_to_extend(self, who: Actor, last: int, early: int) -> list[Life]:
        """Extensions asked for on the last day, and others in good time."""
        lives = []
        for nth in range(last + early):
            life = taken_up(self.life(by=who))
            life.now = life.due - timedelta(hours=self.drawn.uniform(1, 20)) if nth < last else life.now
            lives.append(life.do(c.RequestExtension, who, 0 if nth < last else 2, days=10, reason=said(self.drawn)))
        return lives

    def looks_back(self, one: Actor, other: Actor, cases: int) -> list[Life]:
        """The other looks back on cases that the one answered."""
        lives = []
        for _ in range(cases):
            life = closed(answered(self._done(self.life(by=one))))
            lives.append(life.do(c.RecordLookBack, other, 30, holds=True, findings=said(self.drawn)))
        return lives

    def fixes(self, who: Actor, issues: int, others: int) -> list[Life]:
        """All that one officer logs is fixed on site, but for some others."""
        every = [on_site(self.life(by=who)) for _ in range(issues - others)]
        return [*every, *(sent_up(self.life(by=who)) for _ in range(others))]


def games(drawn: random.Random, each: int) -> Games:
    """So many of each game, and as many of what looks like it and is none."""
    made = Games(drawn)
    for nth in range(each):
        _of_cases(made, drawn, nth)
        _of_persons(made, drawn, nth)
    return made


def _of_cases(made: Games, drawn: random.Random, nth: int) -> None:
    made.put_in(Kind.CLOSED_TOO_SOON, [made.falls_back(drawn.uniform(0.5, 18))])
    made.lives.append(made.falls_back(drawn.uniform(20, 40)))
    first, again = made.files_anew(drawn.uniform(0.5, 36), place="村口老井旁")
    made.lives.append(first)
    made.put_in(Kind.REFILED, [again])
    made.lives += made.files_anew(drawn.uniform(1, 30), place="小学门前")
    made.lives += made.files_anew(drawn.uniform(45, 90), place="村口老井旁")
    made.lives += made.files_anew(drawn.uniform(1, 30), category="environment")
    if nth % 4 == 0:  # honest, and nothing in the log tells it from the others
        made.lives += made.files_anew(drawn.uniform(1, 30), place=None)
        made.lives += made.alike(3)
    made.put_in(Kind.COPIED_ANSWER, made.alike(drawn.randint(2, 7), altered=drawn.choice((0, 0, 1))))
    made.lives += made.alike(drawn.randint(3, 8), cause=f"cause-{nth}")
    made.lives.append(at_random(drawn, next(made._numbers)))


def _of_persons(made: Games, drawn: random.Random, nth: int) -> None:
    quarter, other = made.quarter(), made.quarter()
    spread = made.within(quarter.starts_at, 85, drawn.randint(3, 20))
    rush = made.within(quarter.ends_at - timedelta(days=5), 4.9, drawn.randint(8, 25))
    made.lives += made.closes(handler(f"rush{nth}"), spread)
    made.put_in(Kind.RUSH, made.closes(handler(f"rush{nth}"), rush))
    made.lives += made.closes(handler(f"busy{nth}"), made.within(other.starts_at + timedelta(40), 5, 20))
    made.lives += made.closes(handler(f"even{nth}"), made.within(other.starts_at, 91, 60))
    made.put_in(Kind.BACKDATED, made.dates_back(handler(f"back{nth}"), drawn.randint(2, 7), behind=True))
    made.lives += made.dates_back(handler(f"line{nth}"), drawn.randint(3, 8), behind=False)
    made.lives += made.dates_back(handler(f"note{nth}"), 1, behind=True)
    last = drawn.randint(4, 8)
    made.put_in(Kind.LAST_DAY_EXTENSIONS, made.asks_to_extend(handler(f"last{nth}"), last, drawn.randint(0, 2)))
    made.lives += made.asks_to_extend(handler(f"some{nth}"), 2, drawn.randint(2, 5))
    one, two = handler(f"friend{nth}"), handler(f"mate{nth}")
    cases = [drawn.randint(4, 9) for _ in range(2)]
    made.put_in(Kind.MUTUAL_LOOK_BACKS, [*made.looks_back(one, two, cases[0]), *made.looks_back(two, one, cases[1])])
    made.lives += made.looks_back(handler(f"looked{nth}"), AUDITORS[1], 8)
    made.put_in(Kind.ALL_ON_SITE, made.fixes(handler(f"all{nth}"), drawn.randint(16, 30), 0))
    made.lives += made.fixes(handler(f"most{nth}"), 22, drawn.randint(2, 5))
