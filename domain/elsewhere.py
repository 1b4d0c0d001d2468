"""What do commands cause that go to no issue? To the organisation, a household, a meeting or a fund.

Called by casework; loads the one stream that the command goes to.
"""

from collections.abc import Callable, Iterator
from uuid import UUID

from domain import errors
from domain.commands import Command
from domain.context import Context
from domain.events import DomainEvent
from domain.fund.fund import SetBudget, fold_fund, set_budget
from domain.household.commands import HouseholdCommand
from domain.household.decide import decide as decide_household
from domain.household.state import fold as fold_household
from domain.issue import rules
from domain.meeting.meeting import RecordMeeting, record
from domain.organisation.commands import OrganisationCommand
from domain.organisation.decide import decide as decide_organisation
from domain.organisation.evolve import fold as fold_organisation
from domain.privacy import Vault, sealed_for, subject_of

History = Callable[[UUID], Iterator[DomainEvent]]
Events = tuple[DomainEvent, ...]


def decide_elsewhere(
    command: Command, history: History, context: Context, expected_version: int | None, vault: Vault
) -> Events:
    """The events, with a household's words sealed. Raises a Refusal, StaleVersion, Unavailable."""
    rules.role_may(command)
    rules.happened_by(context.now, command.occurred_at)
    if isinstance(command, OrganisationCommand):
        organisation = fold_organisation(history(command.stream_id))
        _as_read(organisation.version, expected_version)
        return decide_organisation(organisation, command, context)
    if isinstance(command, HouseholdCommand):
        household = fold_household(history(command.stream_id))
        _as_read(household.version if household else None, expected_version)
        subject = subject_of(command.village, command.household)
        return tuple(sealed_for(subject, event, vault) for event in decide_household(household, command, context))
    if isinstance(command, RecordMeeting):
        return record(command, context)
    if isinstance(command, SetBudget):
        fund = fold_fund(history(command.fund_id))
        _as_read(fund.version if fund else None, expected_version)
        return set_budget(fund, command, context)
    raise TypeError(f"no handler for {type(command).__name__}")


def _as_read(version: int | None, expected: int | None) -> None:
    """Nothing happened to it since the caller read it; what does not exist yet was not read."""
    if version is not None and expected not in (None, version):
        raise errors.StaleVersion
