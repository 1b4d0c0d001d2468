"""The process sees to a meeting: each step becomes ordinary commands, if the log still asks for it.

Registered by services/worker.py, called by workflows/committee.py. Synchronous: runs in the worker's threads.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from temporalio import activity

from domain import errors
from domain.casework import Casework
from domain.issue.words import UNANSWERED_STAGES, Stage
from domain.meeting import commands as c
from domain.meeting.calendar import MeetingDates, dates_of
from domain.meeting.errors import MeetingBegun, NoMinutesWait
from domain.meeting.state import Meeting, fold_meeting
from domain.meeting.words import MeetingKind, Phase
from domain.organisation.words import PlaceKind
from workflows.activities import command_of, failing_wordlessly
from workflows.meeting_messages import MeetingRequest, MeetingSituation, MeetingStep
from workflows.messages import StepKind, situation_of
from workflows.schedules import Turn
from workflows.steps import planned


class Waiting(Protocol):
    """What may belong on an agenda. Both raise Unavailable where it cannot be known yet."""

    def issues(self, villages: Collection[str], stages: Collection[Stage], by: datetime) -> tuple[UUID, ...]:
        """The issues of these villages at these stages, counting everything recorded by then."""
        ...

    def special_meetings(self, township: str, by: datetime) -> tuple[UUID, ...]:
        """The special meetings of this township that should have sat, or whose minutes be confirmed, by then."""
        ...


_STAGES: Final = dict.fromkeys(MeetingKind, UNANSWERED_STAGES) | {MeetingKind.COMMITTEE: frozenset({Stage.COMMITTEE})}


class MeetingActivities:
    """What a meeting's workflow can do. One object per worker; safe to call from several threads."""

    def __init__(self, casework: Casework, waiting: Waiting) -> None:
        self._casework = casework
        self._waiting = waiting

    @activity.defn
    def meeting_step(self, request: MeetingRequest) -> MeetingSituation:
        """Takes the step unless it was taken or is no longer asked for, and answers how the meeting stands then.

        What fails is tried again by Temporal.
        """
        with failing_wordlessly():
            return self._take(request)

    def _take(self, request: MeetingRequest) -> MeetingSituation:
        turn = request.turn
        (dates, now), meeting = self._dates(turn), self._meeting(turn)
        if dates is not None and request.step is MeetingStep.DRAW:
            meeting = meeting or self._draw(turn, dates)
            self._table(meeting)
        elif meeting is not None and request.step is MeetingStep.FOLLOW:
            self._follow(turn, meeting, dates, now)
        elif meeting is not None and meeting.phase is Phase.DRAWN and meeting.meet_by is not None:
            if request.step is MeetingStep.REMIND and dates is not None and not meeting.reminded:
                self._send(c.RemindChair, turn, meeting, dates.remind_at or meeting.meet_by)
            elif request.step is MeetingStep.UNHELD:
                self._send(c.RecordUnheldMeeting, turn, meeting, meeting.meet_by)
        return self._situation(turn, dates, now)

    def _follow(self, turn: Turn, meeting: Meeting, dates: MeetingDates | None, by: datetime) -> None:
        for at, kind in due_of(meeting, dates, by):
            if at <= by:
                self._send(kind, turn, meeting, at)

    def _situation(self, turn: Turn, dates: MeetingDates | None, now: datetime) -> MeetingSituation:
        meeting = self._meeting(turn)
        if dates is None and meeting is None:
            return MeetingSituation(ended=True)
        due = [at for at, _ in due_of(meeting, dates, now)] if meeting else []
        return MeetingSituation(
            cut_off=meeting.cut_off if meeting else dates.cut_off if dates else None,
            remind_at=dates.remind_at if dates else None,
            meet_by=meeting.meet_by if meeting else None,
            phase=meeting.phase if meeting else None,
            next_at=min((at for at in due if at > now), default=None),
            ended=meeting is not None and meeting.phase in (Phase.CLOSED, Phase.FAILED) and not due,
        )

    def _dates(self, turn: Turn) -> tuple[MeetingDates | None, datetime]:
        """By the plan as the period begins, if the one at the cut-off still asks for such a meeting; and the time."""
        known = self._casework.context(self._agenda(turn, turn.period.starts_at))
        dates = dates_of(_kind(turn), turn.period, known.plan, known.holidays)
        if dates is None or known.is_before_us(dates.cut_off):
            return None, known.now
        by_then = self._casework.context(self._agenda(turn, dates.cut_off)).plan
        return dates if dates_of(_kind(turn), turn.period, by_then, known.holidays) else None, known.now

    def _meeting(self, turn: Turn) -> Meeting | None:
        meeting_id = c.meeting_id_of("", _kind(turn), turn.period.name, turn.place)
        return fold_meeting(self._casework.history(meeting_id))

    def _draw(self, turn: Turn, dates: MeetingDates) -> Meeting:
        if _kind(turn) is MeetingKind.COMMITTEE:
            self._see_to_special_ones(turn, dates.cut_off)
        villages = self._casework.organisation().villages_under(turn.place)
        found = self._waiting.issues(villages, _STAGES[_kind(turn)], dates.cut_off)
        with suppress(errors.AlreadySaid, errors.CommandReused):  # another worker was quicker
            self._casework.handle(self._agenda(turn, dates.cut_off, found))
        drawn = self._meeting(turn)
        if drawn is None:
            raise errors.Unavailable
        return drawn

    def _see_to_special_ones(self, turn: Turn, cut_off: datetime) -> None:
        """Special meetings have no workflow of their own: the next cut-off records what is overdue of them."""
        for meeting_id in self._waiting.special_meetings(self._agenda(turn, cut_off).township, cut_off):
            meeting = fold_meeting(self._casework.history(meeting_id))
            if meeting is not None:
                self._follow(turn, meeting, None, cut_off)

    def _agenda(self, turn: Turn, cut_off: datetime, candidates: tuple[UUID, ...] = ()) -> c.DrawAgenda:
        township = self._casework.organisation().within(turn.place, PlaceKind.TOWNSHIP)
        return turn.asks(
            c.DrawAgenda,
            "draw",
            cut_off,
            township=township.name if township else turn.place,
            kind=_kind(turn),
            period=turn.period.name,
            cut_off=cut_off,
            place=turn.place,
            candidates=candidates,
        )

    def _table(self, meeting: Meeting) -> None:
        """Everything on the agenda, as its own process would later: the same command, at the same moment."""
        if meeting.kind is not MeetingKind.COMMITTEE:
            return
        for item in meeting.items:
            issue = self._casework.issue(item.issue_id)
            step = planned(StepKind.TABLE, situation_of(issue, 0)) if issue else None
            if step is not None and meeting.cut_off is not None and step.at <= meeting.cut_off:
                with suppress(errors.Refusal):  # it was tabled, decided or withdrawn this very moment
                    self._casework.handle(command_of(step))

    def _send(self, kind: type[c.OnMeeting], turn: Turn, meeting: Meeting, at: datetime) -> None:
        step = f"{kind.__name__}/{meeting.meeting_id}"
        asked = turn.asks(kind, step, at, township=meeting.township, meeting_id=meeting.meeting_id)
        with suppress(errors.AlreadySaid, MeetingBegun, NoMinutesWait):  # somebody opened or confirmed it this moment
            self._casework.handle(asked)


def due_of(meeting: Meeting, dates: MeetingDates | None, now: datetime) -> Iterator[tuple[datetime, type[c.OnMeeting]]]:
    """What the process has to do for this meeting, now or later, and when; of minutes too late nobody is reminded."""
    if meeting.phase is Phase.DRAWN and meeting.meet_by is not None:
        if dates is not None and dates.remind_at is not None and not meeting.reminded:
            yield dates.remind_at, c.RemindChair
        yield meeting.meet_by, c.RecordUnheldMeeting
    if meeting.confirm_by is not None and not meeting.confirmed and not meeting.confirmation_overdue:
        if meeting.remind_to_confirm_at is not None and not meeting.reminded_to_confirm and now < meeting.confirm_by:
            yield meeting.remind_to_confirm_at, c.RemindMinutes
        yield meeting.confirm_by, c.RecordUnconfirmedMinutes


def _kind(turn: Turn) -> MeetingKind:
    return MeetingKind(turn.duty.replace("-", "_"))
