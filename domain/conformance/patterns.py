"""Which patterns look like gaming? Each a function over the facts of many issues; the limits stand in thresholds.py.

They raise a question and never an accusation: each names issues and figures, and leaves the judgement to people.
Habits of persons and accounts stand in habits.py.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from operator import attrgetter
from typing import Final

from domain.conformance.deviations import Deviation, Kind
from domain.conformance.facts import Answer, Claim, Facts
from domain.conformance.thresholds import limit

_MOST_NAMED: Final = 50
"""Numbers of one finding; more would hide what it says, and the count tells the rest."""


def closed_without_answer(issues: Iterable[Facts]) -> Iterator[Deviation]:
    """Struck off, and its household never had an answer since it was opened (again)."""
    for facts in issues:
        for where in facts.unanswered:
            words = ("销号之前没有答复。", "It was struck off before any answer was given.")
            yield Deviation(Kind.CLOSED_WITHOUT_ANSWER, (facts.number,), (where,), *words)


def closed_too_soon(issues: Iterable[Facts]) -> Iterator[Deviation]:
    """Struck off, and opened again within days; or again and again."""
    soon, times = timedelta(days=limit("too_soon_days")), int(limit("reclosed_times"))
    for facts in issues:
        pairs = [
            (closing, again)
            for closing in facts.closed
            for again in facts.reopened
            if again.version > closing.version and not _between(facts, closing.version, again.version)
        ]
        quick = [pair for pair in pairs if pair[1].occurred_at - pair[0].occurred_at <= soon]
        if quick:
            days = (quick[0][1].occurred_at - quick[0][0].occurred_at).days
            zh, en = f"销号后 {days} 天即重新办理。", f"It was opened again {days} days after it was struck off."
            yield Deviation(Kind.CLOSED_TOO_SOON, (facts.number,), quick[0], zh, en)
        elif len(pairs) >= times:
            zh, en = f"{len(pairs)} 次销号后又重新办理。", f"It was struck off and opened again {len(pairs)} times."
            yield Deviation(Kind.CLOSED_TOO_SOON, (facts.number,), tuple(again for _, again in pairs), zh, en)


def _between(facts: Facts, first: int, last: int) -> bool:
    return any(first < closing.version < last for closing in facts.closed)


def copied_answers(issues: Iterable[Facts]) -> Iterator[Deviation]:
    """The same words to several households whose matters have no common cause."""
    alike: defaultdict[bytes, list[tuple[Facts, Answer]]] = defaultdict(list)
    for facts in issues:
        for answer in facts.answers:
            if answer.digest is not None:
                alike[answer.digest].append((facts, answer))
    for group in alike.values():
        matters = {facts.cause or facts.number for facts, _ in group}
        households = {facts.household or facts.number for facts, _ in group}
        if min(len(matters), len(households)) >= limit("copied_issues"):
            yield _copied(group)


def _copied(group: Sequence[tuple[Facts, Answer]]) -> Deviation:
    numbers = tuple(dict.fromkeys(facts.number for facts, _ in group))
    zh = f"{len(numbers)} 件事项的答复逐字相同，又非共性问题。"
    en = f"{len(numbers)} issues without a common cause were answered in the very same words."
    events = tuple(answer.where for _, answer in group[:_MOST_NAMED])
    return Deviation(Kind.COPIED_ANSWER, numbers[:_MOST_NAMED], events, zh, en)


def refiled(issues: Iterable[Facts]) -> Iterator[Deviation]:
    """The same household, place and category soon after the first ended, and nothing says that it repeats it."""
    within = timedelta(days=limit("refiled_days"))
    matters: defaultdict[tuple[str, str | bytes, str], list[Facts]] = defaultdict(list)
    for facts in issues:
        whose = facts.household or facts.place
        if whose is not None:
            matters[facts.village, whose, facts.category].append(facts)
    for group in matters.values():
        ordered = sorted(group, key=lambda facts: (facts.logged.occurred_at, facts.number))
        for earlier, later in pairwise(ordered):
            if later.refers_back or _elsewhere(earlier, later):
                continue
            ends = [it for it in earlier.ended if it.occurred_at <= later.logged.occurred_at <= it.occurred_at + within]
            if ends:
                days = (later.logged.occurred_at - ends[-1].occurred_at).days
                zh = f"{earlier.number} 了结 {days} 天后，同一户（处）同类事项重新立案，未注明重复。"
                en = f"{days} days after {earlier.number} ended, the same household or place was filed anew."
                yield Deviation(Kind.REFILED, (later.number, earlier.number), (later.logged, ends[-1]), zh, en)


def _elsewhere(one: Facts, other: Facts) -> bool:
    return one.place is not None and other.place is not None and one.place != other.place


def backdated(issues: Iterable[Facts]) -> Iterator[Deviation]:
    """Steps of one person, recorded together after their limits, each saying that it had been in time."""
    least, together = int(limit("backdated_least")), timedelta(days=limit("backdated_within_days"))
    behind = timedelta(days=limit("backdated_days"))
    by_person: defaultdict[str, list[Claim]] = defaultdict(list)
    for facts in issues:
        for claim in facts.claims:
            if claim.recorded_at - claim.where.occurred_at > behind:
                by_person[claim.where.by].append(claim)
    for person, found in sorted(by_person.items()):
        claims = sorted(found, key=attrgetter("recorded_at"))
        for first in range(len(claims) - least + 1):
            run = [it for it in claims[first:] if it.recorded_at - claims[first].recorded_at <= together]
            if len(run) >= least:
                yield _dated_back(person, run)
                break


def _dated_back(person: str, run: Sequence[Claim]) -> Deviation:
    zh = f"{person} 一周内补录 {len(run)} 个环节，均称在期限之内办理，录入时均已超期。"
    en = f"{person} recorded {len(run)} steps within a week, after their limits, and says all were in time."
    numbers = tuple(dict.fromkeys(it.where.number for it in run))[:_MOST_NAMED]
    return Deviation(Kind.BACKDATED, numbers, tuple(it.where for it in run[:_MOST_NAMED]), zh, en)
