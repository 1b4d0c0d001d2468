"""`huiyin bench relay`: how quickly do workflows hear and act, does a burst drain, and what does a deadline day do?

Rate: see deliveries.py. Burst: new issues all at once. Deadline day: many limits at one moment, while people go on.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.values import LOCAL_ZONE
from services.bench.deliveries import delivery_rates, held_still
from services.bench.harness import BenchOffice, Result, median, quantile, table
from services.bench.paperwork import MISSED, REMINDED, Paperwork, paperwork
from services.temporal_client import connect

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
        rate = delivery_rates(office, papers, rounds, per_round)
        drained, issues = _burst(office, papers, burst)
        day = _deadline_day(papers, deadlines, issues, drained)
    rows = [{"figure": name, "value": value} for part in (rate, drained, day) for name, value in part.items()]
    result = {**rate, **drained, **day}
    return {"bench": "relay", **result, "table": table("bench relay", rows, _NOTES)}


# -- burst ----------------------------------------------------------------------------------------------------------


def _burst(office: BenchOffice, papers: Paperwork, burst: int) -> tuple[dict[str, float | int], list[UUID]]:
    before = asyncio.run(_running(office))
    with held_still(office.children["relay"].pid):
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
        **({"answered before, p50 s": quantile(idle, 0.5)} if idle else {}),  # none: reminding took until the moment
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
