"""How many deliveries to workflows that act are there a second, against workflows that only take the message?

Part of `huiyin bench relay`. Two pairs, in turns on the same server: issues just logged, whose workflow starts and acts
at once, against signal-with-starts that start trivial workflows; and issues whose workflow runs and acts on the news,
against signal-with-starts to trivial workflows that run.
"""

import os
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import uvloop

from domain.values import LOCAL_ZONE
from services.bench.harness import BenchOffice, Slice, measured, median
from services.bench.paperwork import REMINDED, Paperwork
from services.bench.trivial import signalled
from workflows.messages import Situation

_FAR: Final = timedelta(days=60)
_SOON: Final = timedelta(hours=3)  # so soon that the reminder is owed at once
_PATIENCE: Final = 600.0  # seconds


@contextmanager
def held_still(pid: int | None) -> Iterator[None]:
    """The process does nothing inside the `with`."""
    if pid is None:
        raise ProcessLookupError("the relay does not run")
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def delivery_rates(office: BenchOffice, papers: Paperwork, rounds: int, per_round: int) -> dict[str, float | int]:
    """Both pairs, `rounds` times `per_round` of each; the read models are held still: theirs is another figure."""
    issues = papers.log((rounds + 1) * per_round, datetime.now(LOCAL_ZONE) + _FAR)
    papers.wait_until_told(_PATIENCE)
    sums = {name: _Sums() for name in ("new", "trivial new", "running", "trivial running")}
    with held_still(office.children["ledgers"].pid):
        for turn in range(rounds + 1):  # the first turn warms up
            mine = issues[turn * per_round : (turn + 1) * per_round]
            pieces = _one_turn(office, papers, mine)
            if turn:
                for name, piece in pieces.items():
                    sums[name].add(per_round, piece)
    return {**_figures("new", sums), **_figures("running", sums)}


def _one_turn(office: BenchOffice, papers: Paperwork, issues: Sequence[UUID]) -> dict[str, Slice]:
    acting_new = _act_as_they_start(office, papers, len(issues))
    acting = _act_on_news(office, papers, issues)
    trivial_new, trivial = _signal(office, papers.situations(issues))
    return {"new": acting_new, "running": acting, "trivial new": trivial_new, "trivial running": trivial}


def _figures(which: str, sums: dict[str, "_Sums"]) -> dict[str, float | int]:
    acting, trivial = sums[which], sums[f"trivial {which}"]
    return {
        f"{which}: acting deliveries/s": median(acting.rates),
        f"{which}: trivial signal-with-starts/s": median(trivial.rates),
        f"{which}: ratio": median(acting.rates) / median(trivial.rates),
        **{f"{which}: ms CPU a delivery, {part}": used for part, used in acting.per_unit().items()},
        f"{which}: ms CPU a trivial one, Temporal": trivial.per_unit()["Temporal"],
        f"{which}: ms CPU a trivial one, client and worker": trivial.per_unit()["bench"],
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


def _act_as_they_start(office: BenchOffice, papers: Paperwork, count: int) -> Slice:
    """The relay finds new issues that owe a reminder; until each workflow's own command is in the log."""
    mark = papers.newest()
    with held_still(office.children["relay"].pid):
        papers.log(count, datetime.now(LOCAL_ZONE) + _SOON)
        papers.wait_until_sealed()
    with measured(office) as piece:
        papers.wait_for(REMINDED, mark, count, _PATIENCE)
    return piece


def _act_on_news(office: BenchOffice, papers: Paperwork, issues: Sequence[UUID]) -> Slice:
    """The relay finds a batch of escalations of running issues; until each workflow's own command is in the log."""
    with held_still(office.children["relay"].pid):
        papers.set_off(issues)
        papers.wait_until_sealed()
        mark = papers.newest()
    with measured(office) as piece:
        papers.wait_for(REMINDED, mark, len(issues), _PATIENCE)
    return piece


def _signal(office: BenchOffice, situations: Sequence[Situation]) -> tuple[Slice, Slice]:
    """As many trivial ones, new and running, sent and taken, on the event loop that the relay has."""
    return uvloop.run(signalled(office.settings, situations, lambda: measured(office)))
