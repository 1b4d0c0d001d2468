"""Withdrawn, merged, split, linked, led, corrected (L13)."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from domain.issue.commands.base import IssueCommand
from domain.issue.words import EntryField
from domain.values import HouseholdId, Key, Line, Text, UserId, Value, ValueRefused


class WithdrawIssue(IssueCommand):
    """撤回 (L13)."""

    reasons: Text


class MergeIssue(IssueCommand):
    """并案 (L13)."""

    into: UUID
    reasons: Text


class Part(Value):
    """One part of a split issue."""

    category: Key
    description: Text


class SplitIssue(IssueCommand):
    """分案 (L13)."""

    reasons: Text
    parts: Annotated[tuple[Part, ...], Field(min_length=2, max_length=10)]


class LinkCommonCause(IssueCommand):
    """共性问题 (L13)."""

    cause: Key


class AssignLeader(IssueCommand):
    """领导包案 (L13)."""

    leader: UserId


_SHAPES: Final[Mapping[EntryField, TypeAdapter[Any]]] = {
    EntryField.TITLE: TypeAdapter(Line),
    EntryField.DESCRIPTION: TypeAdapter(Text),
    EntryField.CATEGORY: TypeAdapter(Key),
    EntryField.PLACE: TypeAdapter(Line),
    EntryField.HOUSEHOLD: TypeAdapter(HouseholdId),
}


class CorrectEntry(IssueCommand):
    """更正 (L13): by a correcting event, never by editing."""

    field: EntryField
    value: Text | None = None
    reason: Text

    @model_validator(mode="after")
    def _shaped_as_logged(self) -> Self:
        """A correction obeys what logging obeys: a household is a register number, never a name."""
        if self.value is not None:
            try:
                _SHAPES[self.field].validate_python(self.value)
            except ValidationError:
                raise ValueRefused(
                    "correction-unfit",
                    zh="更正内容不合该项登记时的要求。请按登记时的格式填写。",
                    en="The corrected value does not fit that entry. Write it as it would be logged.",
                ) from None
        return self
