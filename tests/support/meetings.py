"""Townships' meetings in memory: `Town()` logs issues, draws agendas, lets members sign in, vote and decide.

Everything goes through the real decisions, as casework sends it; each step is an hour later than the last one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

from domain.commands import Command
from domain.context import Context
from domain.elsewhere import decide_elsewhere
from domain.events import DomainEvent
from domain.issue import commands as of_issue
from domain.issue.decide import decide as decide_issue
from domain.issue.evolve import fold
from domain.issue.state import Issue
from domain.issue.words import Outcome
from domain.meeting import commands as c
from domain.meeting.state import Meeting, fold_meeting
from domain.meeting.words import MeetingKind
from domain.office import Office
from domain.plan import Plan
from domain.values import LOCAL_ZONE, THE_PROCESS, Actor
from tests.support.casework import COMMITTEE, PEOPLE, START, TOWNSHIP, case, office, plan_with
from tests.support.memory_log import MemoryLog
from tests.support.vault import VAULT

CUT_OFF: Final = datetime(2026, 3, 30, 23, 59, 59, tzinfo=LOCAL_ZONE)
NEXT_CUT_OFF: Final = CUT_OFF.replace(month=4)
PERIOD: Final = "2026-03"
MORNING: Final = datetime(2026, 4, 2, 9, 0, tzinfo=LOCAL_ZONE)
MEETING_ID: Final = c.meeting_id_of(TOWNSHIP, MeetingKind.COMMITTEE, PERIOD)
_NAMESPACE: Final = UUID("1f3f0a55-7d06-4d0e-92a5-5b6b4f6b7a10")
_PROCESS: Final = frozenset(
    {c.DrawAgenda, c.RemindChair, c.RecordUnheldMeeting, c.RemindMinutes, c.RecordUnconfirmedMinutes}
)
E = TypeVar("E", bound=DomainEvent)


@dataclass
class Town:
    """All streams of one township. `now` moves on with what is done."""

    now: datetime = START
    office: Office = field(default_factory=office)
    streams: dict[UUID, list[DomainEvent]] = field(default_factory=dict)
    serial: int = 0

    def adopt(self, plan: Plan) -> None:
        """From now on this plan is in force."""
        self.office = replace(self.office, plan=plan)

    # -- issues ---------------------------------------------------------------------------------------------------

    def issue(self, state: str = "awaiting_committee", **fields: Any) -> UUID:
        """An issue that has come so far; its id."""
        self.serial += 1
        life = case(state, key=self.serial, **fields)
        number = f"{life.issue.village}-2026-{self.serial:04d}"
        first, *others = life.events
        self.streams[life.issue_id] = [first.model_copy(update={"number": number}), *others]
        self.now = max(self.now, life.now)
        return life.issue_id

    def known(self, issue_id: UUID) -> Issue:
        """An issue as it stands."""
        found = fold(self.streams[issue_id])
        assert found is not None
        return found

    def meeting(self, meeting_id: UUID = MEETING_ID) -> Meeting:
        """A meeting as it stands."""
        found = fold_meeting(iter(self.streams[meeting_id]))
        assert found is not None
        return found

    def last(self, kind: type[E], stream: UUID = MEETING_ID) -> E:
        """The last event of this kind."""
        return [event for event in self.streams[stream] if isinstance(event, kind)][-1]

    # -- acting ---------------------------------------------------------------------------------------------------

    def handle(self, asked: Command) -> list[DomainEvent]:
        """As casework does: load, decide, append. Raises the refusal; then nothing happened."""
        self.now = max(self.now, asked.occurred_at)
        context = self._context(asked)
        if isinstance(asked, of_issue.IssueCommand):
            events = decide_issue(fold(self.streams.get(asked.issue_id, [])), asked, context)
        else:
            events = decide_elsewhere(asked, self._log(), context, None, VAULT)
        for event in events:
            stream = self.streams.setdefault(event.originator_id, [])
            assert event.originator_version == len(stream) + 1
            stream.append(event)
        return list(events)

    def do(self, of: type[Command], *, by: str | Actor | None = None, **fields: Any) -> list[DomainEvent]:
        """A command an hour after the last one, by the chair or the process, to the meeting of March."""
        return self.handle(self.command(of, by=by, **fields))

    def command(
        self, of: type[Command], *, by: str | Actor | None = None, at: datetime | None = None, **fields: Any
    ) -> Command:
        """The command itself."""
        self.serial += 1
        if by is None:
            by = THE_PROCESS if of in _PROCESS | {of_issue.TableSubmission} else "committee"
        if issubclass(of, c.MeetingCommand):
            fields.setdefault("township", TOWNSHIP)
        if issubclass(of, c.OnMeeting | of_issue.DecideSubmission):
            fields.setdefault("meeting_id", MEETING_ID)
        return of(
            command_id=uuid5(_NAMESPACE, str(self.serial)),
            actor=PEOPLE[by] if isinstance(by, str) else by,
            occurred_at=at or self.now + timedelta(minutes=1),
            **fields,
        )

    def _log(self) -> MemoryLog:
        return MemoryLog({stream: tuple(events) for stream, events in self.streams.items()})

    def _context(self, asked: Command) -> Context:
        known = self.office
        context = Context(self.now, known.plan, known.holidays, known.directory)
        if isinstance(asked, of_issue.DecideSubmission):
            return replace(context, meeting=fold_meeting(self._log().history(asked.meeting_id)))
        return context

    # -- a meeting's usual course ---------------------------------------------------------------------------------

    def draw(self, period: str = PERIOD, cut_off: datetime = CUT_OFF) -> Meeting:
        """The agenda of the committee, and everything on it tabled."""
        issues = [it for it, events in self.streams.items() if _is_issue(events)]
        self.do(c.DrawAgenda, kind=MeetingKind.COMMITTEE, period=period, cut_off=cut_off, candidates=issues, at=cut_off)
        drawn = self.meeting(c.meeting_id_of(TOWNSHIP, MeetingKind.COMMITTEE, period))
        for item in drawn.items:
            if not self.known(item.issue_id).tabled:
                self.do(of_issue.TableSubmission, issue_id=item.issue_id, at=cut_off)
        return drawn

    def sit(self, present: Iterable[str] = COMMITTEE[:6], at: datetime = MORNING, **fields: Any) -> None:
        """So many sign in, and the chair opens the meeting."""
        for member in present:
            self.do(c.SignIn, by=member, at=at, **fields)
        self.do(c.OpenMeeting, at=at, **fields)

    def vote(self, issue_id: UUID, proposal: Outcome = Outcome.APPROVED, *, against: int = 0, **fields: Any) -> None:
        """Everybody present is for it, but for so many."""
        voters = sorted(self.meeting(fields.get("meeting_id", MEETING_ID)).present)
        self.do(
            c.RecordVotes,
            items=(issue_id,),
            proposal=proposal,
            in_favour=tuple(voters[against:]),
            against=tuple(voters[:against]),
            **fields,
        )

    def decide(self, issue_id: UUID, outcome: Outcome = Outcome.APPROVED, **fields: Any) -> list[DomainEvent]:
        """The committee's decision, with reasons and no money."""
        fields = {"reasons": "已研究。", **fields}
        return self.do(of_issue.DecideSubmission, issue_id=issue_id, outcome=outcome, **fields)


def _is_issue(events: list[DomainEvent]) -> bool:
    return events[0].TOPIC == "issue.logged"


def plan_deciding(**entries: object) -> Plan:
    """The cx plan with other rules of its committee's meetings."""
    return plan_with(meetings={"committee": {**plan_with().model_dump()["meetings"]["committee"], **entries}})
