"""Is everything that people were told true, and nothing there twice? The checks over a run's history and its log. Pure.

`Asked` is what a client lived through; `Log` is what lies in the database afterwards. No finding means: all is well.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID


@dataclass(frozen=True)
class Asked:
    """One command as its client saw it, over all its tries. `status` None: no answer ever came, so it may be either."""

    command_id: UUID
    what: str
    asked_at: float  # seconds on the clients' clock
    answered_at: float
    status: int | None = None
    stream_id: UUID | None = None
    version: int | None = None
    number: str | None = None

    @property
    def acknowledged(self) -> bool:
        """Whether the client was told that it is done."""
        return self.status in (200, 201)


@dataclass(frozen=True)
class Stored:
    """One event as it lies in the log; `position` None: not sealed."""

    notification_id: int
    position: int | None
    stream_id: UUID
    version: int
    topic: str
    command_id: UUID
    by_process: bool
    occurred_at: datetime
    about: tuple[str, ...] = ()  # which of several that one moment may bring: a clock's rule, whose paper was missed


@dataclass(frozen=True)
class Log:
    """Everything that was stored."""

    events: Sequence[Stored]
    commands: Mapping[UUID, tuple[UUID, int]]  # command id -> stream, version
    numbers: Sequence[tuple[str, int, int, str, UUID]]  # village, year, serial, number, issue
    counters: Mapping[tuple[str, int], int]  # (village, year) -> last serial
    sealed: Sequence[tuple[int, int]]  # position, notification id


def findings(history: Sequence[Asked], log: Log) -> list[str]:
    """Everything that is wrong, in words; empty when nothing is."""
    return [finding for check in CHECKS for finding in check(history, log)]


def acknowledged_is_stored(history: Sequence[Asked], log: Log) -> Iterator[str]:
    """What was acknowledged is in the log, where the answer said."""
    at = {(event.stream_id, event.version): event for event in log.events}
    for asked in history:
        if not asked.acknowledged:
            continue
        recorded = log.commands.get(asked.command_id)
        if recorded is None:
            yield f"lost: {asked.what} {asked.command_id} was acknowledged and is not in the command log"
        elif recorded != (asked.stream_id, asked.version):
            yield f"moved: {asked.what} {asked.command_id} is not where its answer said"
        event = at.get((asked.stream_id, asked.version)) if asked.stream_id and asked.version else None
        if event is None or event.command_id != asked.command_id:
            yield f"lost: the event of {asked.what} {asked.command_id} is not in the log"


def nothing_twice(history: Sequence[Asked], log: Log) -> Iterator[str]:
    """One command, one effect; and the process takes each step once."""
    effects = Counter((event.command_id, event.stream_id, event.topic, event.about) for event in log.events)
    for (command_id, _, topic, _), times in effects.items():
        if times > 1:
            yield f"doubled: {topic} of command {command_id}"
    steps = Counter((it.stream_id, it.topic, it.about, it.occurred_at) for it in log.events if it.by_process)
    for (stream_id, topic, *_), times in steps.items():
        if times > 1:
            yield f"doubled: the process took {topic} of {stream_id} twice"


def refused_is_absent(history: Sequence[Asked], log: Log) -> Iterator[str]:
    """What was refused left no trace."""
    stored = {event.command_id for event in log.events} | set(log.commands)
    for asked in history:
        if asked.status is not None and not asked.acknowledged and asked.command_id in stored:
            yield f"invented: {asked.what} {asked.command_id} was answered {asked.status} and is in the log"


def nothing_invented(history: Sequence[Asked], log: Log) -> Iterator[str]:
    """Every event was asked for, by somebody or by the process, and by a command that the log knows.

    The organisation is settled before anybody asks for anything.
    """
    asked_for = {asked.command_id for asked in history}
    for event in log.events:
        if event.command_id not in log.commands:
            yield f"invented: {event.topic} of {event.stream_id} names a command that is not in the command log"
        elif not (event.by_process or event.topic.startswith("organisation.") or event.command_id in asked_for):
            yield f"invented: nobody asked for {event.topic} of {event.stream_id}"


def versions_are_dense(history: Sequence[Asked], log: Log) -> Iterator[str]:
    """Each stream counts 1, 2, 3 ..., in the order of the log."""
    streams: dict[UUID, list[Stored]] = defaultdict(list)
    for event in log.events:
        streams[event.stream_id].append(event)
    for stream_id, events in streams.items():
        versions = sorted(event.version for event in events)
        if versions != list(range(1, len(events) + 1)):
            yield f"versions: stream {stream_id} has {versions}"
        sealed = sorted((event.position, event.version) for event in events if event.position is not None)
        if any(later < earlier for (_, earlier), (_, later) in pairwise(sealed)):
            yield f"order: stream {stream_id} is sealed out of order"


def numbers_have_no_gap(history: Sequence[Asked], log: Log) -> Iterator[str]:
    """Each village counts its year's issues without a gap, in the order in which they are sealed (L1)."""
    serials: dict[tuple[str, int], list[tuple[int, UUID]]] = defaultdict(list)
    for village, year, serial, _, issue_id in log.numbers:
        serials[village, year].append((serial, issue_id))
    first = {event.stream_id: event.notification_id for event in log.events if event.version == 1}
    for of, found in serials.items():
        found.sort()
        if [serial for serial, _ in found] != list(range(1, log.counters.get(of, 0) + 1)):
            yield f"numbers: {of} has a gap or a serial too many"
        places = [first.get(issue_id, -1) for _, issue_id in found]
        if -1 in places or places != sorted(places):
            yield f"numbers: {of} numbers an issue that is not there, or not in the order of the log"
    told = {asked.stream_id: asked.number for asked in history if asked.acknowledged and asked.number}
    for *_, number, issue_id in log.numbers:
        if told.get(issue_id, number) != number:
            yield f"numbers: somebody was told another number than {number}"


def seal_is_complete(history: Sequence[Asked], log: Log) -> Iterator[str]:
    """Positions are 0, 1, 2 ..., one for every event and none for anything else."""
    positions = sorted(position for position, _ in log.sealed)
    if positions != list(range(len(positions))):
        yield "seal: positions are not dense"
    events = {event.notification_id for event in log.events}
    ids = [notification_id for _, notification_id in log.sealed]
    if len(set(ids)) != len(ids):
        yield "seal: an event has two positions"
    if missing := events - set(ids):
        yield f"seal: {len(missing)} events have no position"
    if unknown := set(ids) - events:
        yield f"seal: {len(unknown)} positions belong to no event"


def later_is_later(history: Sequence[Asked], log: Log) -> Iterator[str]:
    """What was asked for after another thing had been acknowledged stands behind it in the log."""
    place = {event.command_id: event.position for event in log.events if event.position is not None}
    done = [asked for asked in history if asked.acknowledged and asked.command_id in place]
    by_answer = iter(sorted(done, key=lambda asked: asked.answered_at))
    answered, highest = next(by_answer, None), -1
    for asked in sorted(done, key=lambda asked: asked.asked_at):
        while answered is not None and answered.answered_at < asked.asked_at:
            highest = max(highest, place[answered.command_id])
            answered = next(by_answer, None)
        if place[asked.command_id] < highest:
            yield f"order: {asked.what} {asked.command_id} stands before what had been acknowledged before it was asked"


Check = Callable[[Sequence[Asked], Log], Iterator[str]]
CHECKS: tuple[Check, ...] = (
    acknowledged_is_stored,
    nothing_twice,
    refused_is_absent,
    nothing_invented,
    versions_are_dense,
    numbers_have_no_gap,
    seal_is_complete,
    later_is_later,
)
