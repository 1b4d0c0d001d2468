"""A survey of histories as programs read it: the command line's JSON and the API's answer are the same."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from domain.conformance.deviations import Deviation, Kind
from domain.conformance.survey import Survey

_OF_ONE: Final = frozenset(
    {Kind.SKIPPED, Kind.WRONG_ORDER, Kind.WRONG_ACTOR, Kind.LATE, Kind.LATE_UNSAID, Kind.TOO_EARLY}
)


def of_one_history(kind: Kind) -> bool:
    """Whether it was found by holding one history against the declared process; the others are patterns.

    `shown`: which of the findings are listed; the counts are of all of them.
    """
    return kind in _OF_ONE


def _every(_: Deviation) -> bool:
    return True


def told(survey: Survey, shown: Callable[[Deviation], bool] = _every) -> dict[str, Any]:
    """The whole survey for a program: what was counted, each issue of which there is something to say, patterns."""
    unfit = [
        {
            "number": it.number,
            "issue_id": it.issue_id,
            "village": it.village,
            "steps": it.steps,
            "fitness": round(it.fitness, 4),
            "deviations": [finding(deviation) for deviation in it.deviations if shown(deviation)],
        }
        for it in survey.unfit
        if any(map(shown, it.deviations))
    ]
    return {
        "checked": survey.checked,
        "conformant": survey.conformant,
        "steps": survey.steps,
        "fitness": survey.fitness,
        "by_kind": {kind.value: count for kind, count in survey.by_kind.items()},
        "issues": unfit,
        "patterns": [finding(deviation) for deviation in survey.patterns if shown(deviation)],
    }


def finding(it: Deviation) -> dict[str, Any]:
    """One finding."""
    return {
        "kind": it.kind.value,
        "severity": it.severity.value,
        "rule": it.rule,
        "issues": it.issues,
        "events": [asdict(where) for where in it.events],
        "zh": it.zh,
        "en": it.en,
    }
