"""Which command does a path mean, and how does a body become one? The route table, made from the domain's classes.

Called by writing.py; the description and the docs page list the same table.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import orjson
from pydantic import ValidationError

from domain.adoption.commands import ADOPTION_COMMANDS
from domain.audit.commands import FINDING_COMMANDS, SAMPLE_COMMANDS
from domain.bulletin.commands import BULLETIN_COMMANDS
from domain.commands import Command
from domain.duty.commands import SetRota
from domain.fund.commands import FUND_COMMANDS, SetBudget
from domain.holidays.decide import DECISIONS as HOLIDAYS
from domain.issue import commands as issue_commands
from domain.issue.commands import IssueCommand, LogIssue
from domain.liaison.commands import LIAISON_COMMANDS
from domain.meeting.commands import MEETING_COMMANDS, RecordMeeting
from domain.organisation.decide import DECISIONS as ORGANISATION
from domain.spot_check.commands import SPOT_CHECK_COMMANDS
from domain.submission.commands import SUBMISSION_COMMANDS
from domain.values import Actor, Role
from domain.visit.commands import VISIT_COMMANDS
from services.api.door.fields import field_problems, unknown_field
from services.api.door.problems import Malformed
from services.api.door.strict_json import read_object

C = TypeVar("C", bound=Command)

NOT_IN_BODIES: Final = frozenset({"command_id", "actor", "issue_id", "causation", "source", "waive_look_back"})
"""Said by the headers, the token and the path, or by imports only; a body that says them is refused."""


def path_name(command: type[Command]) -> str:
    """`FixOnSite` -> `fix-on-site`."""
    return path_of(command.__name__)


def path_of(name: str) -> str:
    """As `path_name`, by the name of the class."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def for_people(command: type[Command]) -> bool:
    """Whether anybody but the issue's own workflow may ask for it."""
    return bool(command.ROLES - {Role.PROCESS})


def _issue_commands() -> dict[str, type[IssueCommand]]:
    classes = (getattr(issue_commands, name) for name in issue_commands.__all__)
    found = [kind for kind in classes if isinstance(kind, type) and issubclass(kind, IssueCommand)]
    return {path_name(kind): kind for kind in found if kind is not IssueCommand and for_people(kind)}


ISSUE_COMMANDS: Final[Mapping[str, type[IssueCommand]]] = _issue_commands()
"""`POST /api/v1/issues/{number}/<key>`."""
OTHER_COMMANDS: Final[Mapping[str, type[Command]]] = {
    "issues": LogIssue,
    "meetings": RecordMeeting,
    **{f"meetings/{path_name(it)}": it for it in MEETING_COMMANDS if for_people(it) and it is not RecordMeeting},
    "funds": SetBudget,
    **{f"funds/{path_name(it)}": it for it in FUND_COMMANDS if for_people(it) and it is not SetBudget},
    **{f"organisation/{path_name(kind)}": kind for kind in ORGANISATION},
    **{f"holidays/{path_name(kind)}": kind for kind in HOLIDAYS if for_people(kind)},
    **{f"visits/{path_name(kind)}": kind for kind in VISIT_COMMANDS},
    "duties/set-rota": SetRota,
    **{f"submissions/{path_name(kind)}": kind for kind in SUBMISSION_COMMANDS if for_people(kind)},
    **{f"liaison/{path_name(kind)}": kind for kind in LIAISON_COMMANDS},
    **{f"spot-checks/{path_name(kind)}": kind for kind in SPOT_CHECK_COMMANDS if for_people(kind)},
    **{f"bulletins/{path_name(kind)}": kind for kind in BULLETIN_COMMANDS if for_people(kind)},
    **{f"audit/{path_name(kind)}": kind for kind in (*FINDING_COMMANDS, *SAMPLE_COMMANDS)},
    **{f"plans/{path_name(kind)}": kind for kind in ADOPTION_COMMANDS},
}
"""`POST /api/v1/<key>`."""


def body_fields(command: type[Command], in_path: Collection[str] = ()) -> frozenset[str]:
    """The names that a body may hold; `in_path`: those that the path says."""
    return frozenset(command.model_fields) - NOT_IN_BODIES - frozenset(in_path)


def command_of(
    kind: type[C], raw: bytes, *, command_id: UUID, actor: Actor, now: datetime, in_path: Mapping[str, Any]
) -> C:
    """The command that a body asks for; `in_path`: the fields that the path says. Raises Malformed.

    Our own fields are spliced behind the caller's and everything is validated once, as JSON: pydantic's strict mode
    takes ids, times and enums only from there.
    """
    raw, members = read_object(raw)
    known = body_fields(kind, in_path)
    if not (NOT_IN_BODIES.isdisjoint(members) and in_path.keys().isdisjoint(members)):
        raise Malformed(unknown_field("body", known))
    said = {"command_id": command_id, "actor": actor.model_dump(mode="json", exclude_none=True)}
    ours: dict[str, Any] = {**said, **in_path}
    if "occurred_at" not in members:
        ours["occurred_at"] = now
    spliced = raw[:-1] + b"," + orjson.dumps(ours)[1:] if members else orjson.dumps(ours)
    try:
        return kind.model_validate_json(spliced, strict=True)
    except ValidationError as error:
        raise Malformed(*field_problems(error, "body", known)) from None
