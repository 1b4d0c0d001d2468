"""What may this person ask of this issue now? Each command is tried; what no wording could bring through is left out.

Pure: nothing is written. Asked by `GET /api/v1/issues/{number}/actions`. The trials come from probes.py.
"""

from collections.abc import Callable
from typing import Final

from domain import errors
from domain.context import Context
from domain.errors import HuiyinError
from domain.issue.commands import IssueCommand
from domain.issue.decide import DECISIONS, decide
from domain.issue.probes import Asker, probes_of
from domain.issue.state import Issue

ContextOf = Callable[[IssueCommand], Context]

WRITTEN: Final[tuple[type[HuiyinError], ...]] = (
    errors.NotFound,  # the meeting or the fund that would be named
    errors.OtherTownship,
    errors.CannotMerge,
    errors.PersonBarred,
    errors.UnknownCategory,
    errors.UnknownDepartment,
    errors.ReasonsNeeded,
    errors.OverBudget,
)
"""Refusals about what was written: another body could be accepted. All others hold whatever is written now."""


def possible(issue: Issue, asker: Asker, context_of: ContextOf) -> tuple[type[IssueCommand], ...]:
    """The commands that this person may ask for now, in the order of an issue's life."""
    return tuple(
        kind for kind in DECISIONS if asker.actor.role in kind.ROLES and _is_possible(issue, kind, asker, context_of)
    )


def _is_possible(issue: Issue, kind: type[IssueCommand], asker: Asker, context_of: ContextOf) -> bool:
    for probe in probes_of(kind, issue, asker):
        try:
            decide(issue, probe, context_of(probe))
        except WRITTEN:
            return True
        except errors.HuiyinError:
            continue
        return True
    return False
