"""One issue under another plan, whole: its own history, and what meetings and rounds said of it elsewhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.events import DomainEvent
from domain.issue import events as e
from domain.what_if.acts import acts
from domain.what_if.again import Both, both_worlds
from domain.what_if.limits import limits
from domain.what_if.meetings import Held, of_held
from domain.what_if.words import Changed, IssueChanges
from domain.what_if.world import World

DECIDED: Final = (
    e.SubmissionApproved,
    e.SubmissionDeferred,
    e.SubmissionReturned,
    e.SubmissionReferredUp,
    e.SubmissionDeclined,
)
"""What a meeting makes of a submission."""


def of_issue(
    history: Iterable[DomainEvent],
    world: World,
    now: datetime,
    elsewhere: Sequence[Changed] = (),
    held: Mapping[UUID, Held] | None = None,
) -> IssueChanges:
    """Every verdict of one issue that differs. `now`: up to when clocks that run are looked at.

    `elsewhere`: what meetings and rounds had to say of it; `held`: the meetings that were written down whole, by id.
    Raises BrokenHistory.
    """
    steps = both_worlds(history, world)
    last = steps[-1].after
    own = (*limits(steps, now), *acts(steps, world, now))
    others = (_answered_for(it, steps) for it in (*elsewhere, *_of_held(steps, held or {}, world)))
    changes = sorted((*own, *others), key=lambda it: it.at)
    return IssueChanges(last.issue_id, last.number, last.village, len(steps), tuple(changes))


def _of_held(steps: Sequence[Both], held: Mapping[UUID, Held], world: World) -> Iterator[Changed]:
    for step in steps:
        if isinstance(step.event, DECIDED) and (meeting := held.get(step.event.meeting_id)) is not None:
            changed = of_held(meeting, step.event, world)
            if changed is not None:
                yield changed


def _answered_for(changed: Changed, steps: Sequence[Both]) -> Changed:
    """By whoever had the case at that time."""
    before = [it.after for it in steps if it.event.occurred_at <= changed.at]
    holder = (before[-1] if before else steps[0].after).responsible
    return replace(changed, unit=holder.unit, person=holder.person)
