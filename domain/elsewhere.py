"""What do commands cause that go to no issue? To the plans, the organisation, a household, a fund: one line a kind.

Called by casework; loads the one stream that the command goes to.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from domain import errors
from domain.adoption.commands import AdoptionCommand
from domain.adoption.decide import decide as decide_adoption
from domain.adoption.decide import needs as adoption_needs
from domain.adoption.state import fold as fold_adoption
from domain.audit.commands import FINDING_COMMANDS, SAMPLE_COMMANDS
from domain.audit.decide import decide_finding, decide_sample, finding_needs, sample_needs
from domain.audit.decide import household_of as household_of_finding
from domain.audit.state import fold_finding, fold_sample
from domain.bulletin.commands import BULLETIN_COMMANDS
from domain.bulletin.decide import decide as decide_bulletin
from domain.bulletin.decide import needs as bulletin_needs
from domain.bulletin.state import fold as fold_bulletin
from domain.commands import Command
from domain.context import Context, Log
from domain.duty.commands import DUTY_COMMANDS
from domain.duty.decide import decide as decide_duties
from domain.duty.decide import needs as duty_needs
from domain.duty.state import fold as fold_duties
from domain.events import DomainEvent
from domain.fund.around import fund_needs
from domain.fund.commands import FundCommand
from domain.fund.decide import decide as decide_fund
from domain.fund.state import fold as fold_fund
from domain.holidays.commands import HolidaysCommand
from domain.holidays.decide import decide as decide_holidays
from domain.holidays.state import fold as fold_holidays
from domain.household.commands import HouseholdCommand
from domain.household.decide import decide as decide_household
from domain.household.state import fold as fold_household
from domain.issue import rules
from domain.issue.sealing import sealed
from domain.liaison.commands import LIAISON_COMMANDS
from domain.liaison.decide import decide as decide_liaison
from domain.liaison.decide import household_of as liaison_household_of
from domain.liaison.decide import needs as liaison_needs
from domain.liaison.state import fold as fold_liaison
from domain.meeting.commands import MeetingCommand
from domain.meeting.decide import decide as decide_meeting
from domain.meeting.loading import household_of_item, loaded_for
from domain.meeting.state import fold_meeting
from domain.organisation.commands import OrganisationCommand
from domain.organisation.decide import decide as decide_organisation
from domain.organisation.evolve import fold as fold_organisation
from domain.privacy import Vault, sealed_for, subject_of
from domain.spot_check.commands import SPOT_CHECK_COMMANDS
from domain.spot_check.decide import decide as decide_spot_check
from domain.spot_check.decide import household_of as household_of_check
from domain.spot_check.decide import needs as spot_check_needs
from domain.spot_check.state import fold as fold_spot_check
from domain.submission.commands import SUBMISSION_COMMANDS
from domain.submission.decide import decide as decide_submission
from domain.submission.decide import needs as submission_needs
from domain.submission.state import fold as fold_submissions
from domain.visit.commands import VISIT_COMMANDS
from domain.visit.decide import decide as decide_visit
from domain.visit.decide import household_of as visit_household_of
from domain.visit.decide import needs as visit_needs
from domain.visit.state import fold as fold_diary

Events = tuple[DomainEvent, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What stands behind one family of commands.

    `fold(history)` gives a state with a `version`, or None where nothing was recorded yet; `decide(state, command,
    context)` the events. `household(state, command, context)`: the village and register number of whose key seals their
    words. `needs(command, log)`: what of the log the decision looks at beside, as fields of the context.
    """

    fold: Callable[[Iterator[DomainEvent]], Any]
    decide: Callable[[Any, Any, Context], Events]
    household: Callable[[Any, Any, Context], tuple[str, str] | None] | None = None
    needs: Callable[[Any, Log], dict[str, Any]] | None = None


KINDS: Final[dict[type[Command], Kind]] = {
    AdoptionCommand: Kind(fold_adoption, decide_adoption, needs=adoption_needs),
    OrganisationCommand: Kind(fold_organisation, decide_organisation),
    HouseholdCommand: Kind(
        fold_household, decide_household, lambda _, command, __: (command.village, command.household)
    ),
    HolidaysCommand: Kind(fold_holidays, decide_holidays),
    MeetingCommand: Kind(fold_meeting, decide_meeting, household_of_item, loaded_for),
    FundCommand: Kind(fold_fund, decide_fund, needs=fund_needs),
    **dict.fromkeys(DUTY_COMMANDS, Kind(fold_duties, decide_duties, needs=duty_needs)),
    **dict.fromkeys(SUBMISSION_COMMANDS, Kind(fold_submissions, decide_submission, needs=submission_needs)),
    **dict.fromkeys(BULLETIN_COMMANDS, Kind(fold_bulletin, decide_bulletin, needs=bulletin_needs)),
    **dict.fromkeys(
        SPOT_CHECK_COMMANDS, Kind(fold_spot_check, decide_spot_check, household_of_check, spot_check_needs)
    ),
    **dict.fromkeys(FINDING_COMMANDS, Kind(fold_finding, decide_finding, household_of_finding, finding_needs)),
    **dict.fromkeys(SAMPLE_COMMANDS, Kind(fold_sample, decide_sample, needs=sample_needs)),
    **dict.fromkeys(LIAISON_COMMANDS, Kind(fold_liaison, decide_liaison, liaison_household_of, liaison_needs)),
    **dict.fromkeys(VISIT_COMMANDS, Kind(fold_diary, decide_visit, visit_household_of, visit_needs)),
}
"""By the base class of the commands."""


def decide_elsewhere(
    command: Command, log: Log, context: Context, expected_version: int | None, vault: Vault
) -> Events:
    """The events, with a household's words sealed. Raises a Refusal, StaleVersion, Unavailable."""
    rules.role_may(command)
    rules.happened_by(context.now, command.occurred_at)
    kind = _kind_of(command)
    state = kind.fold(log.history(command.stream_id))
    if state is not None and expected_version not in (None, state.version):
        raise errors.StaleVersion  # something happened to it since the caller read it
    if kind.needs:
        context = replace(context, **kind.needs(command, log))
    events = kind.decide(state, command, context)
    events = sealed(events, context.others.values(), vault)  # what happens to issues beside: each under its own key
    household = kind.household(state, command, context) if kind.household else None
    return events if household is None else tuple(sealed_for(subject_of(*household), it, vault) for it in events)


def _kind_of(command: Command) -> Kind:
    for family, kind in KINDS.items():
        if isinstance(command, family):
            return kind
    raise TypeError(f"no handler for {type(command).__name__}")
