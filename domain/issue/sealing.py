"""Under whose key do the words of these events go? Each under that of the household whose issue it happened to.

Called by casework between decision and append. Issues without a household stay as they are.
"""

from collections.abc import Iterable, Iterator

from domain.events import DomainEvent
from domain.issue.events import EntryCorrected, IssueLogged
from domain.issue.state import Issue
from domain.issue.words import EntryField
from domain.privacy import Vault, personal_fields, sealed_for, subject_of

_PLAIN_VALUES = frozenset({EntryField.CATEGORY, EntryField.HOUSEHOLD})
"""Corrected by a key or a register number: later decisions read these."""


def sealed(events: Iterable[DomainEvent], issues: Iterable[Issue], vault: Vault) -> tuple[DomainEvent, ...]:
    """The events as the log may hold them. `issues`: those they happened to, as they stood. Raises Unavailable."""
    return tuple(_sealed(events, issues, vault))


def _sealed(events: Iterable[DomainEvent], issues: Iterable[Issue], vault: Vault) -> Iterator[DomainEvent]:
    homes = {issue.issue_id: (issue.village, issue.household) for issue in issues}
    for event in events:
        if isinstance(event, IssueLogged):
            homes[event.originator_id] = (event.village, event.household)
        elif isinstance(event, EntryCorrected) and event.field is EntryField.HOUSEHOLD and event.value:
            homes[event.originator_id] = (homes[event.originator_id][0], event.value)
        village, household = homes.get(event.originator_id, ("", None))
        yield event if household is None else sealed_for(subject_of(village, household), event, vault, _names(event))


def _names(event: DomainEvent) -> tuple[str, ...]:
    names = personal_fields(type(event))
    if isinstance(event, EntryCorrected) and event.field in _PLAIN_VALUES:
        return tuple(name for name in names if name != "value")
    return names
