"""Every way from one stage to another, found by trying every command with every outcome in every named state.

Called by the test that holds the state diagram of domain/README.md against the code.
"""

from collections.abc import Iterator
from typing import Any, Final

from domain.commands import Command
from domain.errors import HuiyinError
from domain.issue import commands as c
from domain.issue.decide import DECISIONS
from domain.issue.words import CountyOutcome, Outcome, Rating
from domain.meeting.commands import RecordMeeting
from tests.support.commands import command
from tests.support.examples import due_moment
from tests.support.states import STATES, Case, case, with_budget

VARIANTS: Final[dict[type[Command], list[dict[str, Any]]]] = {
    c.DecideSubmission: [
        {"outcome": outcome, "subsidy": subsidy, "reasons": "已研究。"} for outcome in Outcome for subsidy in (None, 1)
    ],
    c.RecordCountyAnswer: [{"outcome": outcome} for outcome in CountyOutcome],
    c.RateAnswer: [{"rating": rating} for rating in Rating],
    c.DecideReview: [{"upheld": upheld} for upheld in (True, False)],
    c.DecideRecheck: [{"upheld": upheld} for upheld in (True, False)],
    c.RecordLookBack: [{"holds": holds} for holds in (True, False)],
    c.CloseIssue: [{"waive_look_back": waived} for waived in (True, False)],
}

AT_HAND: Final = command(c.LogIssue, key="at hand")

Transition = tuple[str, str, str]
"""From which stage, to which, by which command."""


def transitions() -> set[Transition]:
    """All that change the stage, over issues with and without a household, ours and imported."""
    found: set[Transition] = set()
    for log_fields in ({"key": "diagram"}, {"household": None, "source": "old-system"}):
        for state in STATES:
            life = prepared(state, log_fields)
            if life is not None:
                found.update(_from(life))
    return found


def prepared(state: str, log_fields: dict[str, Any]) -> Case | None:
    """The case with a meeting, a budget and another issue at hand; None for what only a household can bring about."""
    try:
        life = case(state, **log_fields)
    except HuiyinError:
        return None
    return with_budget(life.after(AT_HAND), budget=900_000).do(RecordMeeting)


def _from(life: Case) -> Iterator[Transition]:
    for kind in DECISIONS:
        for fields in VARIANTS.get(kind, [{}]):
            if kind is c.MergeIssue:
                fields = {"into": AT_HAND.issue_id}
            try:
                after = life.do(kind, at=max(life.now, due_moment(kind, life.issue) or life.now), **fields)
            except HuiyinError:
                continue
            if after.issue.stage is not life.issue.stage:
                yield life.issue.stage.value, after.issue.stage.value, kind.__name__
