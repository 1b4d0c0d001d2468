"""What an administrator may ask of the plans in force. All go to one stream of the installation."""

from typing import Annotated, Final
from uuid import UUID, uuid5

from pydantic import JsonValue, WithJsonSchema

from domain.commands import Command
from domain.values import GivenDay, Line

_NAMESPACE = UUID("9b0c3f4e-51a6-4b52-9b58-2b1d8f0f6a77")
ADOPTION_ID: Final = uuid5(_NAMESPACE, "adoption")
"""Where these events go."""

Document = Annotated[
    dict[str, JsonValue],
    WithJsonSchema({"type": "object", "description": "方案全文 the plan as its file has it: `huiyin plan schema`"}),
]
"""A plan as somebody sends it; what is wrong with it says plan_of."""


class AdoptionCommand(Command):
    """A command about which plan is in force."""

    @property
    def stream_id(self) -> UUID:
        return ADOPTION_ID


class ProposePlan(AdoptionCommand):
    """提出方案: one version of a scheme, from a day on, for the county or for one township.

    `document` is the plan as its file has it, as JSON. `township` by name; None: every township without a plan of its
    own.
    """

    document: Document
    starts_on: GivenDay
    township: Line | None = None


class AdoptPlan(AdoptionCommand):
    """采用方案: another administrator confirms the proposal, named by the id of the command that made it."""

    proposal: UUID


class WithdrawProposal(AdoptionCommand):
    """撤回方案: a proposal that was not adopted yet."""

    proposal: UUID
    reasons: Line


ADOPTION_COMMANDS: Final[tuple[type[AdoptionCommand], ...]] = (ProposePlan, AdoptPlan, WithdrawProposal)
