"""How issues live in an honest office: a dozen ways through the process, drawn by chance within the limits.

Among them what looks like gaming and is none: late records, look-backs that fail after weeks, reviews.
"""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from domain.issue import commands as c
from domain.issue.words import CopyFor, Outcome, Rating
from domain.pausing import PauseReason
from domain.values import THE_PROCESS, Actor
from services.bench.lives import AUDITORS, MEMBERS, START, Life, lead, reply_of, said

SPAN_DAYS: Final = 240
Way = Callable[[Life], Life]


def at_random(drawn: random.Random, nth: int, way: Way | None = None, **fields: Any) -> Life:
    """An issue logged at some time of the year, and lived in this way (or in any of them)."""
    since = START + timedelta(days=drawn.uniform(0, SPAN_DAYS))
    ways, weights = list(_WAYS), list(_WAYS.values())
    chosen = way or drawn.choices(ways, weights)[0]
    if chosen is public_space:
        fields["household"] = None
    return chosen(Life(drawn, nth, since, **fields))


def looker(life: Life) -> Actor:
    """Somebody who had no hand in it: an auditor, a member of the committee, or another station's lead."""
    others = [lead(number) for number in (0, 4, 8) if lead(number) != lead(life.village)]
    return life.drawn.choice([*AUDITORS, MEMBERS[-1], *others])


def answered(life: Life, rating: Rating = Rating.SATISFIED) -> Life:
    """From the reply on: given, delivered perhaps, rated."""
    life.do(c.GiveReply, life.handler, life.drawn.uniform(0.2, 3), **reply_of(life.drawn))
    if life.drawn.random() < 0.5:
        life.do(c.DeliverReply, life.handler, 0.2, copy_for=CopyFor.HOUSEHOLD, method="当面送达")
    return life.do(c.RateAnswer, life.handler, life.drawn.uniform(1, 10), rating=rating)


def closed(life: Life) -> Life:
    """Struck off by the handler or the lead."""
    by = life.drawn.choice([life.handler, lead(life.village)])
    return life.do(c.CloseIssue, by, life.drawn.uniform(0.5, 8))


def looked_back(life: Life, *, holds: bool = True) -> Life:
    """After weeks somebody else looks."""
    return life.do(c.RecordLookBack, looker(life), life.drawn.uniform(24, 40), holds=holds, findings=said(life.drawn))


def on_site(life: Life) -> Life:
    life.do(c.FixOnSite, life.handler, life.drawn.uniform(0.05, 1.5), measures=said(life.drawn))
    return looked_back(closed(answered(life)))


def taken_up(life: Life) -> Life:
    """Sent up and accepted by the lead."""
    life.do(c.EscalateIssue, life.handler, life.drawn.uniform(0.1, 1.5), reason=said(life.drawn))
    by = lead(life.village)
    return life.do(c.AcceptIssue, by, life.drawn.uniform(0.2, 3), person=by.user)


def resolved(life: Life) -> Life:
    return life.do(c.ResolveIssue, lead(life.village), life.drawn.uniform(1, 10), measures=said(life.drawn))


def sent_up(life: Life) -> Life:
    return looked_back(closed(answered(resolved(taken_up(life)))))


def dissatisfied(life: Life) -> Life:
    answered(resolved(taken_up(life)), Rating.DISSATISFIED)
    by = lead(life.village)
    life.do(c.AcceptIssue, by, life.drawn.uniform(0.2, 3), person=by.user)
    return looked_back(closed(answered(resolved(life))))


def silent(life: Life) -> Life:
    life.do(c.FixOnSite, life.handler, 0.5, measures=said(life.drawn))
    life.do(c.GiveReply, life.handler, 1, **reply_of(life.drawn))
    return looked_back(life.until(life.due).do(c.CloseSilently, THE_PROCESS))


def public_space(life: Life) -> Life:
    life.do(c.FixOnSite, life.handler, 0.5, measures=said(life.drawn))
    life.do(c.GiveReply, life.handler, 1, **reply_of(life.drawn))
    return looked_back(closed(life))


def by_committee(life: Life) -> Life:
    """Approved without money: prepared, signed, tabled, decided, done, inspected."""
    money = {"total_budget": 20_000, "subsidy_asked": 5_000, "expected_completion": (life.now + timedelta(90)).date()}
    words = {"current_state": said(life.drawn), "proposed_solution": said(life.drawn)}
    life.do(c.SubmitToCommittee, life.handler, life.drawn.uniform(0.2, 1.5), **words, **money)
    life.do(c.SignSubmission, lead(life.village), life.drawn.uniform(0.2, 2))
    life.until(life.due).do(c.TableSubmission, THE_PROCESS)
    life.do(c.DecideSubmission, MEMBERS[1], life.drawn.uniform(3, 15), outcome=Outcome.APPROVED)
    for percent in (30, 70):
        life.do(c.ReportProgress, life.handler, life.drawn.uniform(15, 28), percent=percent, spent=percent * 20)
    life.do(c.CompleteWorks, life.handler, life.drawn.uniform(5, 20), summary=said(life.drawn), spent=4_000)
    life.do(c.AcceptWorks, lead(life.village), life.drawn.uniform(1, 6), findings=said(life.drawn))
    return looked_back(closed(answered(life)))


def extended(life: Life) -> Life:
    """An extension asked for in good time, and a pause."""
    taken_up(life)
    by = lead(life.village)
    life.do(c.PauseClock, life.handler, 1, reason=PauseReason.HOUSEHOLD, note=said(life.drawn))
    life.do(c.ResumeClock, life.handler, life.drawn.uniform(1, 4))
    life.do(c.RequestExtension, life.handler, life.drawn.uniform(1, 6), days=10, reason=said(life.drawn))
    life.do(c.GrantExtension, by, 0.5)
    return looked_back(closed(answered(resolved(life))))


def fallen_back(life: Life) -> Life:
    """An honest look-back after weeks finds that it did not hold."""
    looked_back(closed(answered(resolved(taken_up(life)))), holds=False)
    by = lead(life.village)
    life.do(c.AcceptIssue, by, life.drawn.uniform(0.2, 3), person=by.user)
    return closed(answered(resolved(life)))


def reviewed(life: Life) -> Life:
    answered(resolved(taken_up(life)), Rating.MOSTLY)
    life.do(c.RequestReview, life.handler, life.drawn.uniform(1, 5), grounds=said(life.drawn))
    life.do(c.DecideReview, MEMBERS[2], life.drawn.uniform(3, 20), upheld=True, opinion=said(life.drawn))
    return looked_back(closed(life))


def handed_back(life: Life) -> Life:
    """The wrong address: returned, and resolved where it came from."""
    life.do(c.EscalateIssue, life.handler, 0.5, reason=said(life.drawn))
    life.do(c.ReturnEscalation, lead(life.village), life.drawn.uniform(0.2, 3), reasons=said(life.drawn))
    life.do(c.ResolveIssue, life.handler, life.drawn.uniform(1, 10), measures=said(life.drawn))
    return looked_back(closed(answered(life)))


def withdrawn(life: Life) -> Life:
    return life.do(c.WithdrawIssue, life.handler, life.drawn.uniform(0.2, 2), reasons=said(life.drawn))


def late(life: Life) -> Life:
    """Late, and said so: by the process, or by the late step itself."""
    taken_up(life)
    life.until(life.due)
    if life.drawn.random() < 0.5:
        life.do(c.RecordMissedDeadline, THE_PROCESS, due_at=life.due)
    life.do(c.ResolveIssue, lead(life.village), life.drawn.uniform(2, 20), measures=said(life.drawn))
    return looked_back(closed(answered(life)))


_WAYS: Final[Mapping[Way, int]] = {
    on_site: 38,
    sent_up: 22,
    dissatisfied: 5,
    silent: 7,
    public_space: 7,
    by_committee: 5,
    extended: 4,
    fallen_back: 2,
    reviewed: 3,
    handed_back: 3,
    withdrawn: 2,
    late: 2,
}
"""Of a hundred issues."""
