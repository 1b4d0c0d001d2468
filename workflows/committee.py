"""When does a meeting happen? One workflow for each committee and month, each station and week.

Started by the calendar (schedules.py) as its period begins. What is decided is said by people; here are only the waits,
until its minutes were confirmed, or that is recorded as overdue.
It can be thrown away and started anew: each step looks first at what the log says.
"""

from collections.abc import Iterator

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.meeting.calendar import CYCLES, places_of
    from domain.organisation.state import Organisation
    from domain.plan import Plan
    from workflows.meeting_messages import MeetingRequest, MeetingSituation, MeetingStep
    from workflows.meeting_steps import MeetingActivities
    from workflows.pace import taken, until, until_or_a_day
    from workflows.schedules import Recurring, Turn, begun

_MINUTES = "minutes-are-seen-to"


@workflow.defn
class MeetingWorkflow:
    """One place's meeting of one period."""

    @workflow.run
    async def run(self, turn: Turn) -> MeetingSituation:
        """Waits for the cut-off, draws the agenda, sees to the meeting and its minutes while anything may be due."""
        self._turn = begun(turn)
        meeting = await self._step(MeetingStep.LOOK)
        while meeting.cut_off is not None and workflow.now() < meeting.cut_off:
            await until(meeting.cut_off)
            meeting = await self._step(MeetingStep.LOOK)  # another plan may be in force, with another day
        if meeting.cut_off is None:
            return meeting
        meeting = await self._step(MeetingStep.DRAW)
        return await (self._followed if workflow.patched(_MINUTES) else self._until_the_last_day)(meeting)

    async def _followed(self, meeting: MeetingSituation) -> MeetingSituation:
        """The chair is reminded, nobody met, minutes are reminded of or overdue; when they sit, people decide."""
        while not meeting.ended:
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(self._turn)
            await until_or_a_day(meeting.next_at)
            meeting = await self._step(MeetingStep.FOLLOW)
        return meeting

    async def _until_the_last_day(self, meeting: MeetingSituation) -> MeetingSituation:
        """As workflows did that had drawn their agenda before minutes were seen to."""
        if meeting.remind_at is not None:
            await until(meeting.remind_at)
            meeting = await self._step(MeetingStep.REMIND)
        if meeting.meet_by is not None:
            await until(meeting.meet_by)
            meeting = await self._step(MeetingStep.UNHELD)
        return meeting

    async def _step(self, step: MeetingStep) -> MeetingSituation:
        name = f"{step.value}-{workflow.info().get_current_history_length()}"
        return await taken(MeetingActivities.meeting_step, MeetingRequest(turn=self._turn, step=step), name)


def meetings_wanted(organisation: Organisation, plan: Plan) -> Iterator[Recurring]:
    """Every committee, station and village of which the plan asks for meetings."""
    for kind, cycle in CYCLES.items():
        for place in places_of(kind, organisation, plan):
            yield Recurring(kind.value.replace("_", "-"), place.code, cycle, MeetingWorkflow.__name__)
