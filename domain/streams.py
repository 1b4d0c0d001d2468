"""Every kind of stream that the log holds, with its events. A new kind is one line here, and the log can be read.

Whoever decodes the log imports this, so that every topic is registered; whoever follows one kind passes by the rest.
"""

from collections.abc import Mapping
from typing import Final

from domain.adoption.events import ADOPTION_EVENTS
from domain.audit.events import AUDIT_EVENTS
from domain.bulletin.events import BULLETIN_EVENTS
from domain.duty.events import DUTY_EVENTS
from domain.events import DomainEvent
from domain.fund.events import FUND_EVENTS
from domain.holidays.events import HOLIDAYS_EVENTS
from domain.household.events import HOUSEHOLD_EVENTS
from domain.issue.events import ISSUE_EVENTS
from domain.liaison.events import LIAISON_EVENTS
from domain.meeting.events import MEETING_EVENTS
from domain.organisation.events import ORGANISATION_EVENTS
from domain.spot_check.events import SPOT_CHECK_EVENTS
from domain.submission.events import SUBMISSION_EVENTS
from domain.visit.events import VISIT_EVENTS

STREAMS: Final[Mapping[str, frozenset[type[DomainEvent]]]] = {
    "issue": ISSUE_EVENTS,
    "meeting": MEETING_EVENTS,
    "fund": FUND_EVENTS,
    "organisation": ORGANISATION_EVENTS,
    "household": HOUSEHOLD_EVENTS,
    "visit": VISIT_EVENTS,
    "duty": DUTY_EVENTS,
    "holidays": HOLIDAYS_EVENTS,
    "liaison": LIAISON_EVENTS,
    "adoption": ADOPTION_EVENTS,
    "spot_check": SPOT_CHECK_EVENTS,
    "submission": SUBMISSION_EVENTS,
    "bulletin": BULLETIN_EVENTS,
    "audit": AUDIT_EVENTS,
}
"""By the first word of their topics."""

EVERY_EVENT: Final = frozenset[type[DomainEvent]]().union(*STREAMS.values())


def elsewhere(ours: frozenset[type[DomainEvent]]) -> frozenset[type[DomainEvent]]:
    """Every event that is none of `ours`."""
    return EVERY_EVENT - ours
