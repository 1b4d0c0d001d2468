"""The checker finds what it is there to find: a sound history has no finding, and each doctored one has its own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from tests.faults.checker import Asked, Log, Stored, findings

LAMP, DRAIN = UUID(int=1), UUID(int=2)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _id(number: int) -> UUID:
    return UUID(int=100 + number)


def _stored(place: int, stream: UUID, version: int, topic: str, command: int, by_process: bool = False) -> Stored:
    return Stored(10 + place, place, stream, version, topic, _id(command), by_process, AT)


SOUND = Log(
    events=(
        _stored(0, LAMP, 1, "issue.logged", 1),
        _stored(1, DRAIN, 1, "issue.logged", 2),
        _stored(2, LAMP, 2, "issue.escalated", 3),
        _stored(3, LAMP, 3, "issue.deadline_reminded", 4, by_process=True),
    ),
    commands={_id(1): (LAMP, 1), _id(2): (DRAIN, 1), _id(3): (LAMP, 2), _id(4): (LAMP, 3)},
    numbers=(("QS", 2026, 1, "QS-2026-0001", LAMP), ("QS", 2026, 2, "QS-2026-0002", DRAIN)),
    counters={("QS", 2026): 2},
    sealed=((0, 10), (1, 11), (2, 12), (3, 13)),
)
HISTORY = (
    Asked(_id(1), "log", 1.0, 2.0, 201, LAMP, 1, "QS-2026-0001"),
    Asked(_id(2), "log", 1.5, 2.5, 201, DRAIN, 1, "QS-2026-0002"),
    Asked(_id(3), "escalate", 3.0, 4.0, 200, LAMP, 2),
    Asked(_id(5), "accept", 5.0, 6.0, 409),
    Asked(_id(6), "accept", 5.0, 9.0, None),
)


def _without(log: Log, place: int) -> Log:
    return replace(log, events=log.events[:place] + log.events[place + 1 :])


def _with(log: Log, *events: Stored) -> Log:
    sealed = tuple((event.position, event.notification_id) for event in events if event.position is not None)
    return replace(log, events=(*log.events, *events), sealed=(*log.sealed, *sealed))


def test_given_a_sound_history_when_checked_then_nothing_is_found() -> None:
    assert findings(HISTORY, SOUND) == []


def test_given_no_answer_ever_came_when_it_was_stored_all_the_same_then_nothing_is_found() -> None:
    stored = _with(SOUND, _stored(4, LAMP, 4, "issue.accepted", 6))
    assert findings(HISTORY, replace(stored, commands={**SOUND.commands, _id(6): (LAMP, 4)})) == []


DOCTORED: dict[str, tuple[Callable[[Log], Log], str]] = {
    "an acknowledged event is missing": (lambda log: _without(log, 2), "lost: the event of escalate"),
    "an acknowledged command is missing": (
        lambda log: replace(log, commands={key: at for key, at in log.commands.items() if key != _id(3)}),
        "lost: escalate",
    ),
    "a command took effect twice": (
        lambda log: _with(log, _stored(4, LAMP, 4, "issue.escalated", 3)),
        "doubled: issue.escalated of command",
    ),
    "the process took a step twice": (
        lambda log: replace(
            _with(log, _stored(4, LAMP, 4, "issue.deadline_reminded", 7, by_process=True)),
            commands={**log.commands, _id(7): (LAMP, 4)},
        ),
        "doubled: the process took issue.deadline_reminded",
    ),
    "the process took a step twice under one rule, and once under another": (
        lambda log: replace(
            _with(
                log,
                replace(_stored(4, LAMP, 4, "issue.deadline_missed", 7, by_process=True), about=("reply",)),
                replace(_stored(5, LAMP, 5, "issue.deadline_missed", 8, by_process=True), about=("closing",)),
                replace(_stored(6, LAMP, 6, "issue.deadline_missed", 9, by_process=True), about=("reply",)),
            ),
            commands={**log.commands, _id(7): (LAMP, 4), _id(8): (LAMP, 5), _id(9): (LAMP, 6)},
        ),
        "doubled: the process took issue.deadline_missed",
    ),
    "what was refused is there": (
        lambda log: replace(
            _with(log, _stored(4, LAMP, 4, "issue.accepted", 5)), commands={**log.commands, _id(5): (LAMP, 4)}
        ),
        "invented: accept",
    ),
    "nobody asked for it": (
        lambda log: replace(
            _with(log, _stored(4, LAMP, 4, "issue.accepted", 8)), commands={**log.commands, _id(8): (LAMP, 4)}
        ),
        "invented: nobody asked for issue.accepted",
    ),
    "an event of no command": (
        lambda log: _with(log, _stored(4, LAMP, 4, "issue.accepted", 6)),
        "invented: issue.accepted",
    ),
    "a version is missing": (
        lambda log: replace(log, events=(*log.events[:3], replace(log.events[3], version=4))),
        "versions: stream",
    ),
    "a stream is sealed out of order": (
        lambda log: replace(
            log,
            events=(*log.events[:2], replace(log.events[2], position=3), replace(log.events[3], position=2)),
        ),
        "order: stream",
    ),
    "a number is missing": (lambda log: replace(log, numbers=log.numbers[:1]), "numbers: ('QS', 2026) has a gap"),
    "the counter ran ahead": (lambda log: replace(log, counters={("QS", 2026): 3}), "numbers: ('QS', 2026) has a gap"),
    "numbers are not in the order of the log": (
        lambda log: replace(
            log, numbers=(("QS", 2026, 1, "QS-2026-0002", DRAIN), ("QS", 2026, 2, "QS-2026-0001", LAMP))
        ),
        "not in the order of the log",
    ),
    "somebody was told another number": (
        lambda log: replace(log, numbers=(("QS", 2026, 1, "QS-2026-0003", LAMP), log.numbers[1])),
        "somebody was told another number",
    ),
    "an event was never sealed": (lambda log: replace(log, sealed=log.sealed[:3]), "seal: 1 events have no position"),
    "positions have a gap": (
        lambda log: replace(log, sealed=(*log.sealed[:3], (4, 13))),
        "seal: positions are not dense",
    ),
    "an event was sealed twice": (
        lambda log: replace(log, sealed=(*log.sealed, (4, 13))),
        "seal: an event has two positions",
    ),
    "a position without an event": (
        lambda log: replace(log, sealed=(*log.sealed, (4, 99))),
        "seal: 1 positions belong to no event",
    ),
    "the log turned time around": (
        lambda log: replace(
            log,
            events=(
                replace(log.events[0], position=1),
                replace(log.events[1], position=2),
                replace(log.events[2], position=0),
                log.events[3],
            ),
        ),
        "stands before what had been acknowledged",
    ),
}


@pytest.mark.parametrize("what", DOCTORED)
def test_given_a_doctored_history_when_checked_then_it_is_found(what: str) -> None:
    doctor, expected = DOCTORED[what]
    assert any(expected in finding for finding in findings(HISTORY, doctor(SOUND))), findings(HISTORY, doctor(SOUND))
