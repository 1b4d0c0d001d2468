"""Withdrawn, merged, split, linked, led, corrected (L13)."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from domain.issue.commands.base import FIELD_STAFF, HANDLERS_OF_CASES, LEADERS, IssueCommand
from domain.issue.words import EntryField
from domain.values import Key, Role, Text, UserId, Value


class WithdrawIssue(IssueCommand):
    """撤回 (L13)."""

    ROLES: ClassVar = FIELD_STAFF | {Role.HOUSEHOLD}
    reasons: Text


class MergeIssue(IssueCommand):
    """并案 (L13)."""

    ROLES: ClassVar = FIELD_STAFF
    into: UUID
    reasons: Text


class Part(Value):
    """One part of a split issue."""

    category: Key
    description: Text


class SplitIssue(IssueCommand):
    """分案 (L13)."""

    ROLES: ClassVar = FIELD_STAFF
    reasons: Text
    parts: Annotated[tuple[Part, ...], Field(min_length=2, max_length=10)]


class LinkCommonCause(IssueCommand):
    """共性问题 (L13)."""

    ROLES: ClassVar = HANDLERS_OF_CASES | LEADERS
    cause: Key


class AssignLeader(IssueCommand):
    """领导包案 (L13)."""

    ROLES: ClassVar = LEADERS
    leader: UserId


class CorrectEntry(IssueCommand):
    """更正 (L13): by a correcting event, never by editing."""

    ROLES: ClassVar = HANDLERS_OF_CASES
    field: EntryField
    value: Text | None = None
    reason: Text
