"""Which matter is a file for? An issue, a finding of a spot check, or a village's household of an issue to be logged.

Said by whoever uploads, and by the command that names the file: both must come to the same household. Called by
files.py and writing.py.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import Field, model_validator

from domain.commands import Command
from domain.errors import NotFound, RoleNotAllowed
from domain.files import files_named_in, names_files
from domain.issue.commands import IssueCommand, LogIssue
from domain.issue.state import Issue
from domain.spot_check.commands import ReportRectification
from domain.spot_check.state import Found
from domain.spot_check.state import fold as fold_check
from domain.values import HouseholdId, Role, ValueRefused, VillageCode
from services.api.door.queries import Flag, IssueNumber, Query, WholeNumber, WrittenId
from services.api.office.commands import ISSUE_COMMANDS
from services.api.office.numbers import issue_id_in_scope
from services.api.office.spot_checks import may_know
from services.api.parts import ApiParts
from services.files.claiming import Matter, claimed
from services.identity.accounts import Account, OutsideScope

_NAMING: Final[tuple[type[Command], ...]] = (LogIssue, ReportRectification, *ISSUE_COMMANDS.values())
UPLOADERS: Final = frozenset(role for kind in _NAMING if names_files(kind) for role in kind.ROLES) - {
    Role.PROCESS, Role.HOUSEHOLD,
}  # fmt: skip
"""Whoever may ask for something that names files."""


class UploadQuery(Query):
    """`POST /api/v1/files`: for an issue, a finding, or a village (and household) of an issue not yet logged."""

    issue: IssueNumber | None = None
    check: WrittenId | None = None
    finding: Annotated[int, Field(ge=1, le=9999), WholeNumber] | None = None
    village: VillageCode | None = None
    household: HouseholdId | None = None
    keep_position: Flag = False

    @model_validator(mode="after")
    def _for_one_matter(self) -> Self:
        matters = [it for it in (self.issue, self.check, self.village) if it is not None]
        whole = (self.check is None) == (self.finding is None) and not (self.household and not self.village)
        if len(matters) != 1 or not whole:
            raise ValueRefused(
                "for-one-matter",
                zh="须写明为哪一件：issue=编号；check 与 finding；尚未登记的，village=村代码（及 household=户号）。",
                en="Say for what: issue=NUMBER; check=ID and finding=N; or, before it is logged, village=CODE "
                "(and household=NUMBER).",
            )
        return self


def whom_it_shows(parts: ApiParts, account: Account, query: UploadQuery) -> tuple[str, str | None]:
    """The place and household that an upload is for. Raises NotFound, OutsideScope."""
    if query.issue is not None:
        issue = seen_issue(parts, account, query.issue)
        return issue.village, issue.household
    if query.check is not None:
        found = _finding(parts, UUID(query.check), query.finding or 0)
        if found is None or not may_know(account, found):
            raise NotFound
        return _of_finding(found)
    village = query.village or ""
    if not account.covers_village(village) or parts.directory.village(village) is None:
        raise OutsideScope
    return village, query.household


def seen_issue(parts: ApiParts, account: Account, number: str) -> Issue:
    """The issue of this number, if this account may see it now. Raises NotFound: one answer for every reason."""
    issue = parts.casework.issue(issue_id_in_scope(parts.casework, account, number))
    if issue is None or not account.covers(issue.village, issue.department) or issue.concerns in account.barred:
        raise NotFound
    return issue


def naming(parts: ApiParts, command: Command) -> AbstractContextManager[None]:
    """The files that the command names are its matter's, if what is done within succeeds. Raises FileNotForThis."""
    digests = files_named_in(command)
    if not digests:
        return nullcontext()
    if command.actor.role not in type(command).ROLES:
        raise RoleNotAllowed  # before anything is said of files
    return claimed(parts.files.book, command.actor.user, _matter(parts, command), digests)


def _matter(parts: ApiParts, command: Command) -> Matter:
    place, household = _home(parts, command)
    return Matter(command.stream_id, place, household)


def _home(parts: ApiParts, command: Command) -> tuple[str, str | None]:
    """Whom the files of a command show; an absent issue or finding is casework's to refuse."""
    if isinstance(command, LogIssue):
        return command.village, command.household
    if isinstance(command, IssueCommand):
        issue = parts.casework.issue(command.issue_id)
        return (issue.village, issue.household) if issue else ("", None)
    if isinstance(command, ReportRectification):
        found = _finding(parts, command.check_id, command.finding)
        return _of_finding(found) if found else ("", None)
    return "", None


def _finding(parts: ApiParts, check_id: UUID, number: int) -> Found | None:
    check = fold_check(parts.casework.history(check_id))
    return check.findings.get(number) if check else None


def _of_finding(found: Found) -> tuple[str, str | None]:
    return (found.village or found.station), (found.household if found.village else None)
