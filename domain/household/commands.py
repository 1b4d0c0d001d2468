"""What may be asked of the household register. Each household has a stream of its own."""

from functools import lru_cache
from typing import Annotated, Self
from uuid import UUID, uuid5

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from domain.commands import Command
from domain.household.words import ErasureReason, HouseholdField, Phone, SpokenBy, WelfareReason
from domain.privacy import subject_of
from domain.values import GivenDay, HouseholdId, Line, Text, ValueRefused, VillageCode

_NAMESPACE = UUID("8c5a1d5e-91f7-4e0e-9d0e-5a3c0c7a2e41")
_SHAPES: dict[HouseholdField, TypeAdapter[str]] = {
    HouseholdField.NAME: TypeAdapter(Line),
    HouseholdField.PHONE: TypeAdapter(Phone),
    HouseholdField.ADDRESS: TypeAdapter(Line),
}


@lru_cache(maxsize=4_096)
def household_id_of(village: str, household: str) -> UUID:
    """Where a household's events go."""
    return uuid5(_NAMESPACE, subject_of(village, household))


class HouseholdCommand(Command):
    """A command about one household."""

    village: VillageCode
    household: HouseholdId

    @property
    def stream_id(self) -> UUID:
        return household_id_of(self.village, self.household)


class RegisterHousehold(HouseholdCommand):
    """登记户: only what is needed to reach it; all of it may be left out."""

    name: Line | None = None
    phone: Phone | None = None
    address: Line | None = None


class CorrectHousehold(HouseholdCommand):
    """更正户资料 (PIPL 46): by a further event; without a value the entry is taken out."""

    field: HouseholdField
    value: Line | None = None

    @model_validator(mode="after")
    def _shaped_as_registered(self) -> Self:
        if self.value is not None:
            try:
                _SHAPES[self.field].validate_python(self.value)
            except ValidationError:
                raise ValueRefused(
                    "correction-unfit-for-register",
                    zh="更正内容不合该项登记时的要求。电话只写一个号码。",
                    en="The value does not fit that entry. A telephone entry is one number.",
                ) from None
        return self


class RecordPriorityConsent(HouseholdCommand):
    """优先走访同意: welfare need only, with who consented and on what day."""

    reason: WelfareReason
    given_by: SpokenBy
    given_on: GivenDay


class WithdrawConsent(HouseholdCommand):
    """撤回同意: as easily as it was given (PIPL 15)."""

    reason: WelfareReason


class ObjectToProcessing(HouseholdCommand):
    """异议 (PIPL 44): the household restricts or refuses the processing of its data."""

    request: Text
    spoken_by: SpokenBy


class AnswerObjection(HouseholdCommand):
    """答复异议: upheld, priority visits end; otherwise with reasons."""

    upheld: bool
    answer: Text


class RequestCopy(HouseholdCommand):
    """查阅复制 (PIPL 45): the household asks for its own data."""

    spoken_by: SpokenBy


class ProposeErasure(HouseholdCommand):
    """提出清除 (PIPL 47)."""

    reason: ErasureReason


class ConfirmErasure(HouseholdCommand):
    """确认清除: by another person; then the waiting period begins."""


class CancelErasure(HouseholdCommand):
    """撤销清除: at any time before it is done."""

    reasons: Text


class EraseHousehold(HouseholdCommand):
    """清除: the waiting period is over. `generation`: up to which of its keys are destroyed."""

    generation: Annotated[int, Field(ge=0)]


HOUSEHOLD_COMMANDS: tuple[type[HouseholdCommand], ...] = (
    RegisterHousehold, CorrectHousehold, RecordPriorityConsent, WithdrawConsent, ObjectToProcessing, AnswerObjection,
    RequestCopy, ProposeErasure, ConfirmErasure, CancelErasure, EraseHousehold,
)  # fmt: skip
