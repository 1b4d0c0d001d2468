"""What does this office's own log teach about categories? Reads the issues, learns, keeps the weights and no words.

Called by `huiyin suggest train`.
"""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import psycopg

from domain.errors import Refusal
from domain.privacy import subject_of
from projections.nearby import NearbyIssue, logged_between
from services.privacy.unsealing import Unsealing
from services.suggestions.learned_file import LearnedFile
from services.suggestions.learning import Example

LEAST_ISSUES: Final = 100
MOST_ISSUES: Final = 10_000
_LEAST_OF_ONE: Final = 5
_A_MOMENT: Final = timedelta(minutes=1)  # what was logged just now is before its end
_BEGINNING: Final = datetime.fromisoformat("2000-01-01T00:00:00+08:00")


class TooLittleToLearn(Refusal):
    code = "too-little-to-learn"
    zh = f"可供学习的问题不足 {LEAST_ISSUES} 件，或不足两个类别各 {_LEAST_OF_ONE} 件。暂按自带的主题词提示，以后再试。"
    en = (
        f"There are fewer than {LEAST_ISSUES} issues to learn from, or fewer than two categories with "
        f"{_LEAST_OF_ONE} each. Until then the topics that come along speak; try again later."
    )


class Taught(NamedTuple):
    """What was learned from, and where it is kept."""

    issues: int
    by_category: dict[str, int]
    pieces: int
    path: Path


def teach(connection: psycopg.Connection, unsealing: Unsealing, kept: LearnedFile, now: datetime) -> Taught:
    """Learns from the newest issues in the connection's scope. Raises TooLittleToLearn."""
    issues = logged_between(connection, None, _BEGINNING, now + _A_MOMENT, limit=MOST_ISSUES)
    examples = _examples(issues, unsealing)
    counted = Counter(example.category for example in examples)
    enough = {category for category, count in counted.items() if count >= _LEAST_OF_ONE}
    chosen = [example for example in examples if example.category in enough]
    if len(chosen) < LEAST_ISSUES or len(enough) < 2:
        raise TooLittleToLearn
    learned, path = kept.learn(chosen, now)
    by_category = {category: counted[category] for category in learned.categories}
    return Taught(len(chosen), by_category, len(learned.pieces), path)


def _examples(issues: list[NearbyIssue], unsealing: Unsealing) -> list[Example]:
    """Those whose words can be opened; of erased households nothing can."""
    opened = unsealing.compared([text for it in issues for text in (it.title, it.description)])
    texts = zip(opened[::2], opened[1::2], strict=True)
    return [
        Example("\n".join(text for text in (title, said) if text), issue.category, _owner(issue))
        for issue, (title, said) in zip(issues, texts, strict=True)
        if said
    ]


def _owner(issue: NearbyIssue) -> str:
    return str(issue.issue_id) if issue.household is None else subject_of(issue.village, issue.household)
