"""An entry as the commands that a person would have sent: logged, and if it was answered, resolved, replied and closed.

Called in both passes of an import. Ids follow from system, row and step, so that a second run repeats the first.
"""

from typing import Final
from uuid import UUID, uuid5

from domain.issue import commands as c
from domain.values import Actor, Role
from services.importing.entries import Entry

_NAMESPACE: Final = UUID("8f0c2f2e-3c1b-5b6e-9a51-1f7c2c3b7d40")
# The least of the roles that may log, resolve, reply and close. It is no person, so nobody's four eyes are used up.
IMPORTER: Final = Actor(user="import", role=Role.CASE_HANDLER)

Commands = tuple[c.LogIssue | c.IssueCommand, ...]


def command_id(system: str, row_id: str, step: str) -> UUID:
    """The id of one step of one row, for good: `log`, `resolve`, `reply` or `close`."""
    return uuid5(_NAMESPACE, f"{system}/{row_id}/{step}")


def command_ids(system: str, entry: Entry) -> tuple[UUID, ...]:
    """The ids of the commands of `commands_of`, in the same order."""
    steps = ("log", "resolve", "reply", "close") if entry.answer else ("log",)
    return tuple(command_id(system, entry.row_id, step) for step in steps)


def commands_of(system: str, entry: Entry) -> Commands:
    """The entry's commands in their order. Raises pydantic's ValidationError for texts that do not fit.

    An answered entry is closed without look-back, so that it is final; an open one stays logged, with its due date as
    the promise. The household is not known: such files name users, not household numbers.
    """
    log_id, *answer_ids = command_ids(system, entry)
    log = c.LogIssue(
        command_id=log_id,
        actor=IMPORTER,
        occurred_at=entry.logged_at,
        channel=entry.channel,
        village=entry.village,
        category=entry.category,
        title=entry.title,
        description=entry.description,
        place=entry.place,
        promised_by=entry.promised_by,
        source=f"{system}:{entry.row_id}",
    )
    return (log, *_answer_commands(log.issue_id, entry, answer_ids))


def _answer_commands(issue_id: UUID, entry: Entry, ids: list[UUID]) -> tuple[c.IssueCommand, ...]:
    answer = entry.answer
    if answer is None:
        return ()
    resolve_id, reply_id, close_id = ids
    return (
        c.ResolveIssue(
            command_id=resolve_id, actor=IMPORTER, occurred_at=answer.at, issue_id=issue_id, measures=answer.measures
        ),
        c.GiveReply(
            command_id=reply_id,
            actor=IMPORTER,
            occurred_at=answer.at,
            issue_id=issue_id,
            findings=answer.findings,
            opinion=answer.opinion,
        ),
        c.CloseIssue(
            command_id=close_id, actor=IMPORTER, occurred_at=answer.at, issue_id=issue_id, waive_look_back=True
        ),
    )
