"""`huiyin bench relay`: how quickly do workflows hear and act, does a burst drain, and what does a deadline day do?

Rate: deliveries to issues' workflows that act on each (signal, activity, command, event), against signals to workflows
that do nothing, on the same server in turns. Burst: new issues all at once. Deadline day: many limits at one moment,
while people go on.
"""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import uvloop

from domain.values import LOCAL_ZONE
from services.bench.harness import BenchOffice, Result, Slice, measured, median, quantile, table
from services.bench.paperwork import MISSED, REMINDED, Paperwork, paperwork
from services.bench.trivial import signalled
from services.temporal_client import connect
from workflows.messages import Situation

_PARTS: Final = ("seal", "ledgers", "relay", "worker")
_FAR: Final = timedelta(days=60)
_PATIENCE: Final = 600.0  # seconds
_PROBE_EVERY: Final = 0.5  # seconds
_NOTES: Final = (
    "Running: PostgreSQL (fsync on), Temporal (one-machine server), sealer, read models, relay, one worker; no API.",
    "deliveries/s: from the moment the relay may begin until the last workflow's own command is in the log.",
    "answered: from the commit of a person's action to the commit of its workflow's, by the database's clock.",
)


def run(
    *, rounds: int = 5, per_round: int = 150, burst: int = 5000, deadlines: int = 2000, wake_spread_seconds: int = 240
) -> Result:
    """Measures; takes about ten minutes on two cores."""
    with (
        BenchOffice(_PARTS, temporal=True, wake_spread_seconds=wake_spread_seconds) as office,
        paperwork(office) as papers,
    ):
        rate = _rate(office, papers, rounds, per_round)
        drained, issues = _burst(office, papers, burst)
        day = _deadline_day(papers, deadlines, issues, drained)
    rows = [{"figure": name, "value": value} for part in (rate, drained, day) for name, value in part.items()]
    result = {**rate, **drained, **day}
    return {"bench": "relay", **result, "table": table("bench relay", rows, _NOTES)}


@contextmanager
def _held_still(pid: int | None) -> Iterator[None]:
    """The process does nothing inside the `with`."""
    if pid is None:
        raise ProcessLookupError("the relay does not run")
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


# -- rate -----------------------------------------------------------------------------------------------------------


def _rate(office: BenchOffice, papers: Paperwork, rounds: int, per_round: int) -> dict[str, float | int]:
    """In turns, the read models held still: theirs is another figure."""
    issues = papers.log((rounds + 1) * per_round, datetime.now(LOCAL_ZONE) + _FAR)
    papers.wait_until_told(_PATIENCE)
    acting, trivial = _Sums(), _Sums()
    told = papers.situations(issues[:per_round])
    with _held_still(office.children["ledgers"].pid):
        for turn in range(rounds + 1):  # the first turn warms up
            mine = issues[turn * per_round : (turn + 1) * per_round]
            acted, signalled = _act(office, papers, mine), _signal(office, told)
            if turn:
                acting.add(*acted)
                trivial.add(*signalled)
    return {
        "acting deliveries/s": median(acting.rates),
        "trivial signal-with-starts/s": median(trivial.rates),
        "ratio": median(acting.rates) / median(trivial.rates),
        **{f"ms CPU a delivery, {part}": used for part, used in acting.per_unit().items()},
        "ms CPU a trivial signal, Temporal": trivial.per_unit()["Temporal"],
        "ms CPU a trivial signal, client and worker": trivial.per_unit()["bench"],
    }


class _Sums:
    """Rates and CPU seconds of several turns."""

    def __init__(self) -> None:
        self.rates: list[float] = []
        self._units = 0
        self._cpu: Counter[str] = Counter()

    def add(self, units: int, piece: Slice) -> None:
        """One turn."""
        self.rates.append(units / piece.seconds)
        self._units += units
        self._cpu.update(piece.cpu)

    def per_unit(self) -> dict[str, float]:
        """Milliseconds of CPU by part."""
        return {part: used / self._units * 1000 for part, used in sorted(self._cpu.items())}


def _act(office: BenchOffice, papers: Paperwork, issues: list[UUID]) -> tuple[int, Slice]:
    """The relay finds a batch of events; until each workflow's own command is in the log."""
    with _held_still(office.children["relay"].pid):
        papers.set_off(issues)
        papers.wait_until_sealed()
        mark = papers.newest()
    with measured(office) as piece:
        done = papers.wait_for(REMINDED, mark, len(issues), _PATIENCE)
    return done, piece


def _signal(office: BenchOffice, situations: list[Situation]) -> tuple[int, Slice]:
    """As many signals to workflows that do nothing, sent and taken, on the event loop that the relay has."""
    return uvloop.run(signalled(office.settings, situations, lambda: measured(office)))


# -- burst ----------------------------------------------------------------------------------------------------------


def _burst(office: BenchOffice, papers: Paperwork, burst: int) -> tuple[dict[str, float | int], list[UUID]]:
    before = asyncio.run(_running(office))
    with _held_still(office.children["relay"].pid):
        issues = papers.log(burst, datetime.now(LOCAL_ZONE) + _FAR)
        papers.wait_until_sealed()
        began = time.perf_counter()
    papers.wait_until_told(_PATIENCE)
    seconds = time.perf_counter() - began
    started = asyncio.run(_running(office, before + burst)) - before
    figures = {
        "burst: events (each a new issue)": burst,
        "burst: drained in s": seconds,
        "burst: issues started/s": burst / seconds,
        "burst: lost": burst - started,
    }
    return figures, issues


async def _running(office: BenchOffice, expected: int = 0) -> int:
    """How many issues' workflows run; visibility follows by moments, so it is asked until it shows `expected`."""
    client = await connect(office.settings)
    deadline = time.perf_counter() + 30
    while True:
        found = await client.count_workflows("WorkflowType = 'IssueWorkflow' AND ExecutionStatus = 'Running'")
        if found.count >= expected or time.perf_counter() > deadline:
            return found.count
        await asyncio.sleep(0.2)


# -- deadline day ---------------------------------------------------------------------------------------------------


def _deadline_day(
    papers: Paperwork, deadlines: int, others: list[UUID], drained: dict[str, float | int]
) -> dict[str, float | int]:
    """So many limits at one moment; meanwhile people act on other issues, twice a second."""
    lead = 30 + 3 * deadlines / drained["burst: issues started/s"]
    due_at = (datetime.now(LOCAL_ZONE) + timedelta(seconds=lead)).replace(microsecond=0)
    mark = papers.newest()
    due = papers.log(deadlines, due_at)
    papers.wait_until_told(_PATIENCE)
    papers.wait_for(REMINDED, mark, deadlines, _PATIENCE)
    mark = papers.newest()
    probes = iter(others)
    before = _probe(papers, probes, lambda: datetime.now(LOCAL_ZONE) < due_at)
    during = _probe(papers, probes, lambda: papers.count(MISSED, mark) < deadlines and _minutes_since(due_at) < 10)
    papers.wait_for(REMINDED, mark, len(during), 60)
    idle, busy, kept = papers.answer_seconds(before), papers.answer_seconds(during), papers.kept_seconds(due, due_at)
    return {
        "deadlines at one moment": deadlines,
        "deadlines: lost": deadlines - len(kept),
        "deadlines: last kept after s": max(kept),
        "deadlines: median kept after s": median(kept),
        "answered before, p50 s": quantile(idle, 0.5),
        "answered meanwhile, p50 s": quantile(busy, 0.5),
        "answered meanwhile, p95 s": quantile(busy, 0.95),
        "answered meanwhile, max s": max(busy),
        "answered meanwhile: actions": len(during),
        "answered meanwhile: lost": len(during) - len(busy),
    }


def _probe(papers: Paperwork, issues: Iterator[UUID], go_on: Callable[[], bool]) -> list[UUID]:
    """Somebody acts on another issue every half second, whatever became of the last; which issues it were."""
    used: list[UUID] = []
    next_at = time.perf_counter()
    while go_on():
        issue = next(issues)
        papers.set_off([issue])
        used.append(issue)
        next_at += _PROBE_EVERY
        time.sleep(max(0.0, next_at - time.perf_counter()))
    return used


def _minutes_since(moment: datetime) -> float:
    return (datetime.now(LOCAL_ZONE) - moment).total_seconds() / 60
