"""Which declared step is an event? Its topic, and which of its ways where a field of it says so.

Reads fields, not classes: an event that no decision of today would write still has a label.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from domain.events import DomainEvent
from domain.issue.words import CountyOutcome

_VARIANTS: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "escalated": ("overdue", lambda event: event.overdue),
    "submission_approved": ("money", lambda event: bool(event.subsidy)),
    "county_answered": ("sent_back", lambda event: event.outcome is CountyOutcome.SENT_BACK),
    "tranche_paid": ("first", lambda event: event.deadline is not None),
    "reply_given": ("nobody_asked", lambda event: not event.asks_household),
    "answer_rated": ("reopens", lambda event: event.deadline is None),
    "review_decided": ("not_upheld", lambda event: not event.upheld),
    "recheck_decided": ("not_upheld", lambda event: not event.upheld),
    "closed": ("of_an_earlier_system", lambda event: event.look_back is None),
}
"""Topic's last word -> another way, and when it is meant."""


def label_of(event: DomainEvent) -> str:
    """Such as `accepted`, or `escalated:overdue`."""
    name = event.TOPIC.removeprefix("issue.")
    variant = _VARIANTS.get(name)
    return f"{name}:{variant[0]}" if variant is not None and variant[1](event) else name


def base_of(label: str) -> str:
    """The label without its way."""
    return label.partition(":")[0]
