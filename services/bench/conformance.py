"""`huiyin bench conformance`: what of deviations put in on purpose is found, and what is raised for nothing.

Histories of an invented office (honest_lives.py) with deviations of every kind (deviating.py, gaming_lives.py), drawn
anew for each seed; no database. It measures the checker against our own idea of deviations, not against the world.
"""

import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from domain.conformance.deviations import KINDS, Deviation, Kind
from domain.conformance.history import History
from domain.conformance.survey import Survey, Surveyor
from domain.periods import Cycle
from services.audit.alike import Likening
from services.bench.deviating import Seeded, seeded
from services.bench.gaming_lives import games
from services.bench.harness import Result, table
from services.bench.honest_lives import at_random
from services.bench.lives import histories

SEEDS: Final = (1, 2, 3, 4, 5)
ISSUES: Final = 900
EACH: Final = 12


class Population(NamedTuple):
    """Histories, and what was put into them."""

    histories: list[History]
    seeded: list[Seeded]


def run(seeds: Sequence[int] = SEEDS, issues: int = ISSUES, each: int = EACH) -> Result:
    """Every kind over all seeds."""
    counts: dict[str, Counter[Kind]] = {name: Counter() for name in ("seeded", "found", "false")}
    checked = steps = 0
    seconds = 0.0
    for seed in seeds:
        population = drawn_population(seed, issues, each)
        began = time.process_time()
        survey = surveyed(population.histories)
        seconds += time.process_time() - began
        checked, steps = checked + survey.checked, steps + survey.steps
        for name, counted in judged(population.seeded, survey.findings).items():
            counts[name].update(counted)
    rows = [_row(kind, counts) for kind in Kind]
    note = f"{checked:,} issues, {steps:,} steps, {len(seeds)} seeds; {1000 * seconds / checked:.2f} ms CPU an issue."
    return {"rows": rows, "issues": checked, "table": table("conformance", rows, [note])}


def drawn_population(seed: int, issues: int, each: int) -> Population:
    """Honest histories, of every kind of deviation so many, and what only looks like one."""
    drawn = random.Random(seed)  # noqa: S311 - a fixed draw, not a secret
    honest = histories(at_random(drawn, nth) for nth in range(issues))
    changed, put_in = seeded(drawn, honest, each)
    gamed = games(drawn, each)
    every = [*changed, *histories(gamed.lives)]
    late = (Seeded(Kind.LATE, frozenset({it.number})) for it in every if "deadline_missed" in it.labels)
    return Population(every, [*put_in, *gamed.seeded, *late])


def surveyed(found: Sequence[History]) -> Survey:
    """What the checker says of them."""
    surveyor = Surveyor()
    surveyor.take(found, Likening(lambda texts: texts).digests(found))
    return surveyor.told(lambda _: Cycle.QUARTER)


def judged(put_in: Iterable[Seeded], findings: Sequence[Deviation]) -> dict[str, Counter[Kind]]:
    """How many of each kind were put in, found, and raised for nothing. Several findings of one issue count once."""
    counts: dict[str, Counter[Kind]] = {name: Counter() for name in ("seeded", "found", "false")}
    raised = {(it.kind, frozenset(it.issues)) for it in findings}
    allowed: Counter[tuple[Kind, str]] = Counter()
    for it in put_in:
        counts["seeded"][it.kind] += 1
        counts["found"][it.kind] += any(kind is it.kind and numbers & it.numbers for kind, numbers in raised)
        allowed.update((kind, number) for kind in (it.kind, *it.also) for number in it.numbers)
    for kind, numbers in raised:
        counts["false"][kind] += not any((kind, number) in allowed for number in numbers)
    return counts


def _row(kind: Kind, counts: dict[str, Counter[Kind]]) -> dict[str, Any]:
    put_in, found, false = (counts[name][kind] for name in ("seeded", "found", "false"))
    return {
        "kind": kind.value,
        "中文": KINDS[kind].zh,
        "seeded": put_in,
        "found": found,
        "false alarms": false,
        "precision": found / (found + false) if found + false else 0.0,
        "recall": found / put_in if put_in else 0.0,
    }
