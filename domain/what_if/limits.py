"""Each clock of an issue in both worlds: until when, was it kept, and what followed by itself.

Kept or missed is asked of the moment at which the clock ended, which is a fact. Where the process ended it (it sent the
case up, it closed the matter after silence) and the other limit was still to come, the facts do not tell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.deadlines import Deadline
from domain.issue import events as e
from domain.issue.clock_lives import ClockLife, Verdict, Whose, lives_of
from domain.issue.decisions.intake import may_escalate_by_itself
from domain.plan_parts import Rule
from domain.values import Role
from domain.what_if.again import Both
from domain.what_if.words import Changed, Judged, Question, Side, differs
from domain.what_if.world import terms_of

_TRACK: Final = {Whose.HOLDER: Whose.STAGE}
_PASSED: Final = frozenset({Verdict.TAKEN_OVER, Verdict.PASSED_ON})
_REMINDERS: Final = {Whose.STAGE: e.DeadlineReminded, Whose.NOTICE: e.NoticeReminded}


@dataclass(frozen=True, slots=True)
class _Pair:
    """One clock in both worlds; one of the two may be missing. `until`: its end, or the moment of the question."""

    track: Whose
    recorded: ClockLife | None
    other: ClockLife | None
    steps: Sequence[Both]
    until: datetime
    imported: bool

    @property
    def life(self) -> ClockLife:
        """The recorded one, or where there is none the other."""
        return self.recorded or self.other  # type: ignore[return-value]  # one of the two is there

    @property
    def of_feedback(self) -> bool:
        """The household's own time to speak: its silence is nobody's miss."""
        return self.life.deadline.rule == Rule.FEEDBACK

    @property
    def same(self) -> bool:
        """Whether both ran to the same moment: then what the log says of it holds in both."""
        one, other = self.recorded, self.other
        if one is None or other is None or one.deadline.missed_at != other.deadline.missed_at:
            return False
        # A miss that the log tells of stays one, also of a clock that was taken over later; the other tells of none.
        alike = one.verdict is Verdict.MISSED or (one.verdict in _PASSED) == (other.verdict in _PASSED)
        return one.ended == other.ended and alike

    @property
    def ended_by_process(self) -> bool:
        """Whether nobody acted, and the process went on."""
        ended = self.life.ended
        return ended is not None and self.steps[ended - 1].event.actor.role is Role.PROCESS

    def seen(self, kind: type[object]) -> int:
        """How many events of a kind there were while it ran."""
        last = self.life.ended or len(self.steps)
        return sum(isinstance(it.event, kind) for it in self.steps[self.life.begun : last])


def limits(steps: Sequence[Both], now: datetime) -> Iterator[Changed]:
    """Every limit that differs, and what followed from it; `now`: up to when running clocks are looked at."""
    for pair in _pairs(steps, now):
        compared = (_limit, _reminder, _supervision, _escalation) if not pair.of_feedback else (_silence, _reminder)
        for compare in compared:
            changed = compare(pair)
            if changed is not None and differs(changed):
                yield changed


def _pairs(steps: Sequence[Both], now: datetime) -> Iterator[_Pair]:
    recorded = _by_beginning(lives_of((it.before, it.event, it.after) for it in steps))
    other = _by_beginning(lives_of((it.other_before, it.other_event, it.other_after) for it in steps))
    for key in sorted({**recorded, **other}, key=lambda key: (key[1], key[0])):
        one, two = recorded.get(key), other.get(key)
        ended = [life.ended_at for life in (one, two) if life is not None]
        until = ended[0] or now
        yield _Pair(key[0], one, two, steps, until, steps[0].after.source is not None)


def _by_beginning(lives: Sequence[ClockLife]) -> Mapping[tuple[Whose, int], ClockLife]:
    return {(_TRACK.get(life.whose, life.whose), life.begun): life for life in lives}


# -- was it kept? ---------------------------------------------------------------------------------------------------


def _limit(pair: _Pair) -> Changed | None:
    if pair.same and pair.life.deadline.due_at == (pair.other or pair.life).deadline.due_at:
        return None
    recorded = _side(pair.recorded, pair, _as_recorded(pair))
    other = _side(pair.other, pair, recorded.judged if pair.same else _by_the_times(pair))
    return _changed(Question.LIMIT, pair, recorded, other)


def _as_recorded(pair: _Pair) -> Judged:
    """What the log says; a miss that the process is yet to write down is one."""
    life = pair.recorded
    if life is None:
        return Judged.NOT_ASKED
    if life.verdict is Verdict.MISSED or (life.verdict is Verdict.RUNNING and pair.until > life.deadline.missed_at):
        return Judged.MISSED
    if life.verdict in _PASSED:
        return Judged.PASSED_ON
    return Judged.KEPT if life.verdict is Verdict.MET else Judged.OPEN


def _by_the_times(pair: _Pair) -> Judged:
    life = pair.other
    if life is None:
        return Judged.NOT_ASKED
    until = life.ended_at or pair.until
    # Records of an earlier system were never late by our clocks; a miss of one means that it lived on here.
    judged_at_all = not pair.imported or (pair.recorded is not None and pair.recorded.verdict is Verdict.MISSED)
    if until > life.deadline.missed_at and life.verdict is not Verdict.PAUSED and judged_at_all:
        return Judged.MISSED
    if life.verdict in _PASSED:
        return Judged.PASSED_ON
    if life.ended is None:
        return Judged.OPEN
    return Judged.UNTOLD if pair.ended_by_process else Judged.KEPT


def _silence(pair: _Pair) -> Changed:
    """Was the matter closed because nobody spoke, or did the household speak in time?"""
    silent = pair.seen(e.HouseholdSilent) or (pair.life.ended is not None and pair.ended_by_process)
    running = pair.life.ended is None
    recorded = Judged.OPEN if running else Judged.YES if silent else Judged.NO
    other = pair.other
    told = recorded
    if other is not None and not pair.same:
        over = pair.until > other.deadline.missed_at or (bool(silent) and pair.until >= other.deadline.missed_at)
        told = Judged.YES if over else Judged.OPEN if running else Judged.UNTOLD if silent else Judged.NO
    return _changed(Question.SILENCE, pair, _side(pair.recorded, pair, recorded), _side(other, pair, told))


# -- what followed by itself ----------------------------------------------------------------------------------------


def _reminder(pair: _Pair) -> Changed | None:
    kind = _REMINDERS.get(pair.track)
    if kind is None or pair.recorded is None or pair.other is None:
        return None
    was = bool(pair.seen(kind))
    same = pair.same and pair.recorded.deadline.remind_at == pair.other.deadline.remind_at
    would = was if same else _would_remind(pair.other, pair.until)
    if was == would:
        return None
    recorded, other = (_yes(it) for it in (was, would))
    return _changed(Question.REMINDER, pair, _bare(pair.recorded, recorded), _bare(pair.other, other))


def _would_remind(life: ClockLife, until: datetime) -> bool:
    at = life.deadline.remind_at
    return at is not None and at <= until and at < life.deadline.missed_at


def _supervision(pair: _Pair) -> Changed | None:
    if pair.track is not Whose.STAGE or pair.recorded is None or pair.other is None:
        return None
    was, sent = pair.recorded.deadline, pair.seen(e.SupervisionNoticeSent)
    would = pair.other.deadline
    same = pair.same and (was.max_notices, was.notice_every_days) == (would.max_notices, would.notice_every_days)
    count = sent if same else _notices(would, pair)
    if sent == count:
        return None
    recorded, other = _yes(bool(sent)), _yes(bool(count))
    return _changed(Question.SUPERVISION, pair, _bare(pair.recorded, recorded, sent), _bare(pair.other, other, count))


def _notices(deadline: Deadline, pair: _Pair) -> int:
    """One when it is missed, then one every so many days until somebody acts or there were enough."""
    if not deadline.max_notices or pair.imported or pair.until <= deadline.missed_at:
        return 0
    every = timedelta(days=deadline.notice_every_days or 0)
    again = (pair.until - deadline.missed_at) // every if every else 0
    return min(1 + again, deadline.max_notices)


def _escalation(pair: _Pair) -> Changed | None:
    """Whether it went up by itself. Where the log's did and the other would only later, the facts do not tell."""
    if pair.track is not Whose.STAGE or pair.recorded is None or pair.other is None:
        return None
    went = _went_up(pair)
    could = may_escalate_by_itself(pair.steps[pair.life.begun - 1].after)
    at = pair.other.deadline.escalate_at
    same = pair.same and pair.recorded.deadline.escalate_at == at
    would = went if same else could and at is not None and at <= pair.until
    if went == would:
        return None
    told = Judged.UNTOLD if went and not would else _yes(would)
    return _changed(Question.ESCALATION, pair, _bare(pair.recorded, _yes(went)), _bare(pair.other, told))


def _went_up(pair: _Pair) -> bool:
    ended = pair.life.ended
    event = pair.steps[ended - 1].event if ended else None
    return isinstance(event, e.IssueEscalated) and event.overdue


# -- words ----------------------------------------------------------------------------------------------------------


def _yes(it: bool) -> Judged:
    return Judged.YES if it else Judged.NO


def _side(life: ClockLife | None, pair: _Pair, judged: Judged) -> Side:
    if life is None:
        return Side(Judged.NOT_ASKED)
    return Side(judged, life.deadline.plan, terms_of(life.deadline), life.deadline.due_at)


def _bare(life: ClockLife, judged: Judged, count: int | None = None) -> Side:
    """Without its date, which is told with the limit itself."""
    return Side(judged, life.deadline.plan, terms_of(life.deadline), count=count)


def _changed(question: Question, pair: _Pair, recorded: Side, other: Side) -> Changed:
    life = pair.life
    at = pair.steps[life.begun - 1].event.occurred_at
    return Changed(question, life.deadline.rule, at, recorded, other, life.holder.unit, life.holder.person)
