"""Which habits of a person look like gaming? Rushes before the assessment, last days, friends, everything on site.

Each compares a person with the rest of the period or with the others, and says nothing about a few cases.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from math import comb

from domain.conformance.deviations import At, Deviation, Kind
from domain.conformance.facts import Facts
from domain.conformance.thresholds import limit
from domain.periods import Cycle, Period

Cycles = Callable[[str], Cycle]
"""How long an assessment period is under the plan of this id."""
_MOST_NAMED = 50


def rushes(issues: Iterable[Facts], cycles: Cycles) -> Iterator[Deviation]:
    """One person strikes off as many in the last days of a period as otherwise in weeks."""
    accounts: defaultdict[tuple[str, Period], list[At]] = defaultdict(list)
    for facts in issues:
        if not facts.imported:
            for where in facts.struck_off_by_people:
                accounts[where.by, Period.containing(where.occurred_at, cycles(facts.plan))].append(where)
    days = int(limit("rush_days"))
    for (person, period), closings in sorted(accounts.items()):
        last = [it for it in closings if it.occurred_at >= period.ends_at - timedelta(days=days)]
        length = (period.after - period.first).days
        if len(last) >= limit("rush_least") and _is_rush(len(last), len(closings), days, length):
            zh = f"{person} 在考核期 {period.name} 最后 {days} 天销号 {len(last)} 件，全期 {len(closings)} 件。"
            en = f"{person} struck off {len(last)} of {len(closings)} issues in the last {days} days of {period.name}."
            yield Deviation(Kind.RUSH, _numbers(last), tuple(last[:_MOST_NAMED]), zh, en)


def _is_rush(last: int, total: int, days: int, length: int) -> bool:
    """Many times as many a day as before, and not by chance (the tail of the binomial distribution)."""
    before = max(total - last, 0) / (length - days)
    share = days / length
    chance = sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(last, total + 1))
    return last / days >= limit("rush_times") * before and chance < limit("rush_chance")


def last_day_extensions(issues: Iterable[Facts]) -> Iterator[Deviation]:
    """Somebody asks for extensions on the last day as a rule."""
    asked: defaultdict[str, list[tuple[At, bool]]] = defaultdict(list)
    for facts in issues:
        for where, last_day in facts.asked_to_extend:
            asked[where.by].append((where, last_day))
    for person, found in sorted(asked.items()):
        last = [where for where, last_day in found if last_day]
        if len(last) >= limit("last_day_least") and len(last) >= limit("last_day_share") * len(found):
            zh = f"{person} 申请延期 {len(found)} 次，其中 {len(last)} 次在最后一天。"
            en = f"{person} asked for {len(found)} extensions, {len(last)} of them on the last day."
            yield Deviation(Kind.LAST_DAY_EXTENSIONS, _numbers(last), tuple(last[:_MOST_NAMED]), zh, en)


def mutual_look_backs(issues: Iterable[Facts]) -> Iterator[Deviation]:
    """Two people look back on each other's cases and hardly anybody else does, though others look back."""
    pairs: defaultdict[tuple[str, str], list[At]] = defaultdict(list)
    for facts in issues:
        for where, answered_by in facts.looked_back:
            pairs[answered_by, where.by].append(where)
    of_handler: Counter[str] = Counter()
    for (handler, _), found in pairs.items():
        of_handler[handler] += len(found)
    lookers = {looker for _, looker in pairs}
    for one, other in sorted(pairs):
        both = (pairs[one, other], pairs.get((other, one), []))
        others = len(lookers - {one, other})
        if one < other and others >= limit("mutual_others") and _close(one, other, both, of_handler):
            zh = f"{one} 与 {other} 互相回头看：{len(both[0])} 件、{len(both[1])} 件。"
            en = f"{one} and {other} look back on each other: {len(both[0])} and {len(both[1])} cases."
            cases = [*both[0], *both[1]]
            yield Deviation(Kind.MUTUAL_LOOK_BACKS, _numbers(cases), tuple(cases[:_MOST_NAMED]), zh, en)


def _close(one: str, other: str, both: tuple[Sequence[At], Sequence[At]], of_handler: Mapping[str, int]) -> bool:
    least, share = limit("mutual_least"), limit("mutual_share")
    return all(
        len(found) >= least and len(found) >= share * of_handler[handler]
        for handler, found in zip((one, other), both, strict=True)
    )


def all_on_site(issues: Iterable[Facts]) -> Iterator[Deviation]:
    """Whatever this person logs is fixed on the spot, and others' is not."""
    logged: defaultdict[str, list[Facts]] = defaultdict(list)
    for facts in issues:
        if not facts.imported:
            logged[facts.logged.by].append(facts)
    total, fixed = sum(map(len, logged.values())), sum(it.on_site for found in logged.values() for it in found)
    for person, found in sorted(logged.items()):
        own = sum(facts.on_site for facts in found)
        others = total - len(found)
        if len(found) < limit("on_site_least") or own < limit("on_site_share") * len(found) or not others:
            continue
        if (fixed - own) / others <= limit("on_site_others"):
            elsewhere = f"{(fixed - own) / others:.0%}"
            zh = f"{person} 登记的 {len(found)} 件中 {own} 件现场办结；其他人为 {elsewhere}。"
            en = f"Of {len(found)} issues that {person} logged {own} were fixed on site; of others' {elsewhere}."
            cases = [facts.logged for facts in found if facts.on_site]
            yield Deviation(Kind.ALL_ON_SITE, _numbers(cases), tuple(cases[:_MOST_NAMED]), zh, en)


def _numbers(where: Iterable[At]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(it.number for it in where))[:_MOST_NAMED]
