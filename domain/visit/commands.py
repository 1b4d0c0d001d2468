"""What may be asked of the visit diary 民情日记. Each village has one for each month: a stream of its own.

So everything that a period's duties are counted from is read off the log itself, in few and short streams.
"""

from datetime import timedelta
from functools import lru_cache
from typing import Annotated, Final, Self
from uuid import UUID, uuid5

from pydantic import Field, model_validator

from domain.commands import Command
from domain.household.words import WelfareReason
from domain.values import GivenDay, GivenMoment, HouseholdId, IssueNumber, Line, Text, UserId, ValueRefused, VillageCode
from domain.visit.words import HazardLevel, Month, VisitKind, local_day, month_of

_NAMESPACE = UUID("b7a6a2c1-5a1d-4b5c-8f0e-4f6b5b7a9c31")
_LONGEST: Final = timedelta(hours=24)
Entry = Annotated[int, Field(ge=1, le=100_000)]
"""The number of a visit within its diary."""
Issues = Annotated[tuple[IssueNumber, ...], Field(max_length=50)]


@lru_cache(maxsize=4_096)
def diary_id_of(village: str, month: str) -> UUID:
    """Where the visits to a village in one month go."""
    return uuid5(_NAMESPACE, f"{village}/{month}")


class DiaryCommand(Command):
    """A command to one village's diary."""

    village: VillageCode


class RecordVisit(DiaryCommand):
    """走访登记: who came, with whom, to which household or place, what was said and what came of it.

    `occurred_at` is when they arrived. `priority`: a visit for this welfare need, to which the household agreed.
    """

    kind: VisitKind
    household: HouseholdId | None = None
    place: Line | None = None
    companions: Annotated[tuple[UserId, ...], Field(max_length=20)] = ()
    left_at: GivenMoment | None = None
    said: Text
    done: Text | None = None
    issues: Issues = ()
    next_visit: GivenDay | None = None
    priority: WelfareReason | None = None

    @property
    def officers(self) -> tuple[str, ...]:
        """Everybody who came; whoever writes it down was there."""
        return (self.actor.user, *self.companions)

    @property
    def month(self) -> str:
        """The month of the diary: that of the arrival, on the office's calendar."""
        return month_of(local_day(self.occurred_at))

    @property
    def stream_id(self) -> UUID:
        return diary_id_of(self.village, self.month)

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if (self.household is None) == (self.place is None) or (self.kind is VisitKind.HOUSEHOLD) == bool(self.place):
            raise ValueRefused(
                "visit-nowhere",
                zh="入户走访写户号；其他走访写户号或地点，二者择一。",
                en="A household visit names the household; others name a household or a place, one of them.",
            )
        if self.priority is not None and self.household is None:
            raise ValueRefused(
                "priority-without-household", zh="重点走访须写户号。", en="A priority visit names the household."
            )
        return self

    @model_validator(mode="after")
    def _everyone_once(self) -> Self:
        if len(set(self.officers)) != len(self.officers):
            raise ValueRefused(
                "officers-repeated", zh="同行人不能重复，也不写本人。", en="Companions are others, each named once."
            )
        return self

    @model_validator(mode="after")
    def _one_day_at_most(self) -> Self:
        if self.left_at is not None and not timedelta(0) <= self.left_at - self.occurred_at <= _LONGEST:
            raise ValueRefused(
                "left-before-arrival",
                zh="离开时间须在到场之后，且不超过 24 小时。",
                en="They left after they arrived, and within 24 hours.",
            )
        return self


class EntryCommand(DiaryCommand):
    """A command about one visit that is in the diary."""

    month: Month
    entry: Entry

    @property
    def stream_id(self) -> UUID:
        return diary_id_of(self.village, self.month)


class CorrectVisit(EntryCommand):
    """更正走访: a further event; what is left out stays as it was."""

    said: Text | None = None
    done: Text | None = None
    left_at: GivenMoment | None = None
    next_visit: GivenDay | None = None
    issues: Issues | None = None
    reason: Line

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(given is None for given in (self.said, self.done, self.left_at, self.next_visit, self.issues)):
            raise ValueRefused("nothing-corrected", zh="没有写明更正什么。", en="It does not say what to correct.")
        return self


class StrikeVisit(EntryCommand):
    """走访作废: it was entered wrongly and counts no more; what was written stays in the log."""

    reason: Line


class CollectOpinions(EntryCommand):
    """意见反馈表: what the form of a visit says, by its nine categories (SG4); none of them means no opinion.

    `concerns`: the official complained of, who is kept from it.
    """

    income: Text | None = None
    construction: Text | None = None
    social_security: Text | None = None
    education_health: Text | None = None
    environment: Text | None = None
    culture: Text | None = None
    hardship: Text | None = None
    public_safety: Text | None = None
    conduct: Text | None = None
    suggestion: Text | None = None
    reply_wanted: bool = False
    reply_by: Line | None = None
    concerns: UserId | None = None

    @model_validator(mode="after")
    def _reply_way(self) -> Self:
        if self.reply_wanted == (self.reply_by is None):
            raise ValueRefused(
                "reply-way-missing",
                zh="要求答复时写明答复方式；不要求答复时不写。",
                en="Say how to reply where a reply is wanted, and only there.",
            )
        return self


class RegisterHazard(EntryCommand):
    """隐患登记: the issue that was logged of a hazard found on an inspection: its level, and what is required.

    Leader, unit, person, plan and deadline are the issue's own; striking it off is closing it.
    """

    issue: IssueNumber
    level: HazardLevel
    requirement: Text


VISIT_COMMANDS: tuple[type[DiaryCommand], ...] = (
    RecordVisit, CorrectVisit, StrikeVisit, CollectOpinions, RegisterHazard,
)  # fmt: skip
