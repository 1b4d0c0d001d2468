"""Deviations put into honest histories on purpose, so that it is known what there is to be found.

Single histories are changed past the decisions, as somebody with the database would; each says what was put in.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from domain.conformance.deviations import Kind
from domain.conformance.history import History
from domain.conformance.labels import base_of
from domain.values import Actor, Role

_NONE: Final = frozenset[Kind]()


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was put in: its kind, in which issues; `also`: what it brings with it and is no false alarm."""

    kind: Kind
    numbers: frozenset[str]
    also: frozenset[Kind] = _NONE


Changed = tuple[History, frozenset[Kind]] | None
Change = Callable[[random.Random, History], Changed]


def seeded(drawn: random.Random, histories: Sequence[History], each: int) -> tuple[list[History], list[Seeded]]:
    """Of every kind so many, each in another history."""
    left, result, put_in = list(histories), [], []
    drawn.shuffle(left)
    for kind, changes in _CHANGES.items():
        for nth in range(each):
            change = changes[nth % len(changes)]
            found = next(((it, changed) for it in left if (changed := change(drawn, it)) is not None), None)
            if found is None:
                continue
            before, (after, also) = found
            left.remove(before)
            result.append(after)
            put_in.append(Seeded(kind, frozenset({after.number}), also))
    return [*left, *result], put_in


def _index(history: History, *names: str) -> int | None:
    """Where the first event of one of these names stands."""
    return next((nth for nth, label in enumerate(history.labels) if base_of(label) in names), None)


def _renumbered(events: Sequence[Any], recorded: Sequence[Any]) -> History:
    again = (event.model_copy(update={"originator_version": nth}) for nth, event in enumerate(events, 1))
    return History(tuple(again), tuple(recorded))


def _without(history: History, *indices: int) -> History:
    kept = [nth for nth in range(len(history.events)) if nth not in indices]
    return _renumbered([history.events[nth] for nth in kept], [history.recorded[nth] for nth in kept])


def _with(history: History, index: int, **changes: Any) -> History:
    events = list(history.events)
    events[index] = events[index].model_copy(update=changes)
    return History(tuple(events), history.recorded)


def _left_out(*names: str, also: frozenset[Kind] = _NONE) -> Change:
    def change(_: random.Random, history: History) -> Changed:
        index = _index(history, *names)
        return None if index is None or index + 1 == len(history.events) else (_without(history, index), also)

    return change


def _exchanged(first: str, second: str) -> Change:
    """Two steps in the order of the other, each at the other's time."""

    def change(_: random.Random, history: History) -> Changed:
        one, other = _index(history, first), _index(history, second)
        if one is None or other is None or other != one + 1:
            return None
        events = list(history.events)
        times = [events[one].occurred_at, events[other].occurred_at]
        events[one], events[other] = (
            events[other].model_copy(update={"occurred_at": times[0]}),
            events[one].model_copy(update={"occurred_at": times[1]}),
        )
        return _renumbered(events, history.recorded), _NONE

    return change


def _by_role(name: str, role: Role) -> Change:
    def change(_: random.Random, history: History) -> Changed:
        index = _index(history, name)
        return None if index is None else (_with(history, index, actor=Actor(user="somebody", role=role)), _NONE)

    return change


def _by_whoever_did(name: str, earlier: str, role: Role) -> Change:
    """The second pair of eyes is the first."""

    def change(_: random.Random, history: History) -> Changed:
        index, before = _index(history, name), _index(history, earlier)
        if index is None or before is None or before > index:
            return None
        user = history.events[before].actor.user
        return _with(history, index, actor=Actor(user=user, role=role)), _NONE

    return change


def _miss_unsaid(_: random.Random, history: History) -> Changed:
    index = _index(history, "deadline_missed")
    notice = _index(history, "supervision_notice_sent")
    return None if index is None else (_without(history, index, *([notice] if notice else [])), _NONE)


def _delayed(drawn: random.Random, history: History) -> Changed:
    """A step and all that follow moved behind the limit; nobody wrote the miss down."""
    index = _index(history, "resolved", "closed")
    if index is None or _index(history, "deadline_missed", "household_silent") is not None:
        return None
    by = timedelta(days=drawn.uniform(30, 60))
    events, recorded = list(history.events), list(history.recorded)
    for nth in range(index, len(events)):
        events[nth] = events[nth].model_copy(update={"occurred_at": events[nth].occurred_at + by})
        recorded[nth] += by
    return History(tuple(events), tuple(recorded)), frozenset({Kind.LATE_UNSAID})


def _silence_cut_short(drawn: random.Random, history: History) -> Changed:
    index = _index(history, "household_silent")
    if index is None:
        return None
    at = history.events[index].occurred_at - timedelta(days=drawn.uniform(1, 12))
    earlier = _with(history, index, occurred_at=at)
    return _with(earlier, index + 1, occurred_at=at), _NONE


def _unanswered(_: random.Random, history: History) -> Changed:
    """Reply, deliveries and rating taken out; the strike-off stays."""
    if _index(history, "reopened", "review_requested", "household_silent") is not None:
        return None
    names = ("reply_given", "reply_delivered", "answer_rated")
    indices = [nth for nth, label in enumerate(history.labels) if base_of(label) in names]
    if not indices or _index(history, "closed") is None:
        return None
    return _without(history, *indices), frozenset({Kind.SKIPPED, Kind.LATE_UNSAID})


_NO_ANSWER: Final = frozenset({Kind.CLOSED_WITHOUT_ANSWER})
_CHANGES: Final[Mapping[Kind, tuple[Change, ...]]] = {
    Kind.TOO_EARLY: (_silence_cut_short,),
    Kind.LATE_UNSAID: (_miss_unsaid, _delayed),
    Kind.SKIPPED: (
        _left_out("accepted", "escalation_returned"),
        _left_out("submission_signed"),
        _left_out("works_accepted"),
        _left_out("submission_tabled"),
        _left_out("answer_rated"),
        _left_out("fixed_on_site"),
        _left_out("resolved"),
        _left_out("reply_given", also=_NO_ANSWER),
        _left_out("closed"),
    ),
    Kind.WRONG_ORDER: (
        _exchanged("accepted", "resolved"),
        _exchanged("works_completed", "works_accepted"),
        _exchanged("closed", "look_back_passed"),
        _exchanged("fixed_on_site", "reply_given"),
        _exchanged("submission_prepared", "submission_signed"),
        _exchanged("answer_rated", "closed"),
    ),
    Kind.WRONG_ACTOR: (
        _by_role("closed", Role.FINANCE),
        _by_role("accepted", Role.CASE_HANDLER),
        _by_role("reply_given", Role.AUDITOR),
        _by_whoever_did("submission_signed", "submission_prepared", Role.STATION_LEAD),
        _by_whoever_did("works_accepted", "works_completed", Role.STATION_LEAD),
        _by_whoever_did("look_back_passed", "reply_given", Role.STATION_LEAD),
        _by_whoever_did("extension_granted", "extension_requested", Role.STATION_LEAD),
    ),
    Kind.CLOSED_WITHOUT_ANSWER: (_unanswered,),
}
"""Kind -> the ways in which it is put in, in turn; the rarest histories first."""
