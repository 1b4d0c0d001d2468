"""What happens when somebody acts? Token, headers and body become a command; casework decides; its answer goes out.

One raw handler for all write routes: FastAPI's body models and dependencies cost more than the rest of the request.
"""

from functools import partial
from typing import Final
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from domain.adoption.commands import ADOPTION_COMMANDS
from domain.audit.commands import FINDING_COMMANDS, SAMPLE_COMMANDS, AuditCommand
from domain.bulletin.commands import BULLETIN_COMMANDS, BulletinCommand
from domain.commands import Command
from domain.duty.commands import SetRota
from domain.errors import HuiyinError, NotFound, StaleVersion, WrongStage
from domain.fund.commands import FUND_COMMANDS, FundCommand
from domain.holidays.commands import AdoptHolidays, ConfirmHolidays
from domain.issue.commands import IssueCommand, LogIssue
from domain.issue.decisions.petition import SettledByRecheck
from domain.liaison.commands import LIAISON_COMMANDS, LiaisonCommand
from domain.meeting.commands import MEETING_COMMANDS, MeetingCommand, OnMeeting
from domain.meeting.state import fold_meeting
from domain.office import Outcome
from domain.plan import PlanInvalid
from domain.spot_check.commands import SPOT_CHECK_COMMANDS, SpotCheckCommand
from domain.submission.commands import SUBMISSION_COMMANDS, SubmissionCommand
from domain.values import Role
from domain.visit.commands import VISIT_COMMANDS, DiaryCommand
from services.api.accounts.people import People
from services.api.door.answers import answer
from services.api.door.fields import plan_problems
from services.api.door.middleware import name_route
from services.api.door.problems import Malformed, problem_of
from services.api.door.requests import expected_version, idempotency_key, json_body
from services.api.door.threads import Threads
from services.api.office.audit_findings import require_reach
from services.api.office.commands import ISSUE_COMMANDS, command_of
from services.api.office.file_matters import naming
from services.api.office.numbers import issue_id_in_scope
from services.api.parts import ApiParts
from services.identity.accounts import Account, OutsideScope

_IN_VILLAGE: Final = (LogIssue, DiaryCommand, LiaisonCommand)
_ID_NAMES: Final[dict[type[Command], str]] = {
    LogIssue: "issue_id",
    **dict.fromkeys(MEETING_COMMANDS, "meeting_id"),
    **dict.fromkeys(FUND_COMMANDS, "fund_id"),
    **dict.fromkeys(VISIT_COMMANDS, "diary_id"),
    AdoptHolidays: "holidays_id",
    ConfirmHolidays: "holidays_id",
    **dict.fromkeys(LIAISON_COMMANDS, "liaison_id"),
    **dict.fromkeys(ADOPTION_COMMANDS, "adoption_id"),
    SetRota: "duties_id",
    **dict.fromkeys(SPOT_CHECK_COMMANDS, "check_id"),
    **dict.fromkeys(SUBMISSION_COMMANDS, "submissions_id"),
    **dict.fromkeys(BULLETIN_COMMANDS, "bulletin_id"),
    **dict.fromkeys(FINDING_COMMANDS, "finding_id"),
    **dict.fromkeys(SAMPLE_COMMANDS, "sample_id"),
}

_READ_ONLY: Final = frozenset({"history", "deadlines", "what-next", "actions"})
"""What stands where a command would, and is only read."""


class Writes:
    """The handlers of every POST."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def to_issue(self, request: Request) -> Response:
        """`POST /api/v1/issues/{number}/{command}`."""
        name = request.path_params["command"]
        kind = ISSUE_COMMANDS.get(name)
        if kind is None:
            raise HTTPException(405 if name in _READ_ONLY else 404)
        name_route(request, f"issues/{name}")
        account = await self._people.writer(request)
        key = idempotency_key(request)
        version = expected_version(request, required=True)
        raw = await json_body(request, self._parts.limits)
        number = request.path_params["number"]
        return await self._threads.run(partial(self._act, kind, account, number, key, version, raw))

    async def new(self, kind: type[Command], request: Request) -> Response:
        """`POST /api/v1/issues`, `/meetings`, `/funds`, and what is about no issue, such as `/plans/...`."""
        account = await self._people.writer(request)
        key = idempotency_key(request)
        version = expected_version(request, required=False)
        raw = await json_body(request, self._parts.limits)
        return await self._threads.run(partial(self._begin, kind, account, key, version, raw))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _act(
        self, kind: type[IssueCommand], account: Account, number: str, key: UUID, version: int | None, raw: bytes
    ) -> Response:
        casework = self._parts.casework
        issue_id = self._issue_id(account, number, key)
        now, in_path = self._parts.clock(), {"issue_id": issue_id}
        try:
            command = command_of(kind, raw, command_id=key, actor=account.actor, now=now, in_path=in_path)
            with naming(self._parts, command):
                outcome = casework.handle(command, expected_version=version)
        except HuiyinError as refusal:
            issue = casework.issue(issue_id)
            if issue and issue.concerns in account.barred:
                raise NotFound from None  # whatever else is wrong: for them there is no such complaint
            if issue and isinstance(refusal, WrongStage | StaleVersion):
                return problem_of(refusal, {"stage": issue.stage, "version": issue.version}).response()
            raise
        return _done(200, outcome, "issue_id")

    def _begin(self, kind: type[Command], account: Account, key: UUID, version: int | None, raw: bytes) -> Response:
        now = self._parts.clock()
        command = command_of(kind, raw, command_id=key, actor=account.actor, now=now, in_path={})
        if isinstance(command, _IN_VILLAGE) and not account.covers_village(command.village):
            raise OutsideScope
        if isinstance(command, SubmissionCommand) and not self._reaches(account, command.place):
            raise OutsideScope
        if isinstance(command, SetRota) and not self._covers_place(account, command.place):
            raise OutsideScope
        if isinstance(command, MeetingCommand | FundCommand) and not account.covers_township(command.township):
            raise OutsideScope
        if isinstance(command, SpotCheckCommand) and not self._in_township(account, command.township):
            raise OutsideScope
        if isinstance(command, BulletinCommand) and not self._in_township(account, command.place):
            raise OutsideScope
        if isinstance(command, AuditCommand):
            require_reach(self._parts, account, command)
        if isinstance(command, OnMeeting) and not self._sits_there(account, command):
            raise OutsideScope
        try:
            outcome = self._handled(command, version)
        except SettledByRecheck as refusal:
            return problem_of(refusal, {"earlier": refusal.number}).response()
        is_new = not outcome.repeated and outcome.version == 1
        return _done(201 if is_new else 200, outcome, _ID_NAMES.get(kind, "organisation_id"))

    def _handled(self, command: Command, version: int | None) -> Outcome:
        try:
            with naming(self._parts, command):
                return self._parts.casework.handle(command, expected_version=version)
        except PlanInvalid as refusal:
            raise Malformed(*plan_problems(refusal, "body.document")) from None

    def _covers_place(self, account: Account, place: str) -> bool:
        villages = self._parts.casework.organisation().villages_under(place)
        return bool(villages) and all(account.covers_village(village) for village in villages)

    def _in_township(self, account: Account, code: str) -> bool:
        township = self._parts.casework.organisation().place(code)
        return account.covers_township(township.name if township else "")

    def _reaches(self, account: Account, place: str) -> bool:
        """Whether some village of the place is theirs: a village hands in with its station."""
        villages = self._parts.casework.organisation().villages_under(place)
        return any(account.covers_village(village) for village in villages)

    def _sits_there(self, account: Account, command: OnMeeting) -> bool:
        """Whether it looks after a village of the place whose meeting it is; one of a whole township is anybody's.

        Of another township's nothing is told: casework answers that there is none.
        """
        meeting = fold_meeting(self._parts.casework.history(command.meeting_id))
        if meeting is None or meeting.place is None or meeting.township != command.township:
            return True
        villages = self._parts.directory.villages_under(meeting.place)
        return any(account.covers_village(village) for village in villages)

    def _issue_id(self, account: Account, number: str, key: UUID) -> UUID:
        """The issue with this number, if this account may handle it. Raises NotFound: one answer for every reason."""
        issue_id = issue_id_in_scope(self._parts.casework, account, number)
        if account.role in _LIMITED_BY_STATE and not self._covers(account, issue_id, key):
            raise NotFound
        return issue_id

    def _covers(self, account: Account, issue_id: UUID, key: UUID) -> bool:
        issue = self._parts.casework.issue(issue_id)
        if issue and account.covers(issue.village, issue.department):
            return True
        # What it did itself may have taken the case out of its hands; repeating that must give the same answer.
        done = self._parts.casework.store.find_command(key)
        return done is not None and done.originator_id == issue_id


_LIMITED_BY_STATE: Final = frozenset({Role.DEPARTMENT, Role.HOUSEHOLD})


def _done(status: int, outcome: Outcome, id_name: str) -> Response:
    document = {id_name: outcome.stream_id, "version": outcome.version, "repeated": outcome.repeated}
    location = None
    if outcome.number is not None:
        document["number"] = outcome.number
        location = f"/api/v1/issues/{outcome.number}"
    if outcome.receipt_code is not None:
        document["receipt_code"] = outcome.receipt_code
    return answer(document, status, version=outcome.version, location=location)
