"""What may be suggested to this reader about an issue or a draft? Reads what is nearby, and opens it to compare.

Called by the API. The connection is bound to the reader's scope, so that nothing is compared that they may not see.
Whose words a suggestion rests on is written down as a look before it is told; nothing else is written.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg

from domain.ledger_views import View
from domain.periods import Period
from projections.nearby import NearbyIssue, lately, logged_between
from services.privacy.looks import Seen
from services.privacy.unsealing import Reader, Unsealing
from services.suggestions.categories import CategoryModel, Likely
from services.suggestions.common_causes import CommonCause, common_causes
from services.suggestions.duplicates import Duplicate, duplicates
from services.suggestions.hot_topics import HotTopics, Spoken, compared_periods, hot_topics
from services.suggestions.matters import Matter, draft_of, matter_of
from services.suggestions.topics import topics_of

SINCE: Final = timedelta(days=180)
"""So far back issues are compared that are no longer open; open ones whenever they were logged."""
MOST_COMPARED: Final = 300
MOST_COUNTED: Final = 2_000
"""Of each period, for hot topics."""
_WORDS: Final = 3  # texts of an issue that are opened


@dataclass(frozen=True, slots=True)
class Related:
    """What may be the same matter, and what may share a cause; `compared`: how many issues were looked at."""

    matter: Matter
    duplicates: list[Duplicate] = field(default_factory=list)
    common_causes: list[CommonCause] = field(default_factory=list)
    compared: int = 0


class SuggestionDesk:
    """Compares and explains. `model`: the category model as it is now."""

    def __init__(self, unsealing: Unsealing, model: Callable[[], CategoryModel]) -> None:
        self._unsealing = unsealing
        self._model = model

    def related(
        self, connection: psycopg.Connection, reader: Reader, issue: NearbyIssue, villages: Collection[str]
    ) -> Related:
        """What is related to an issue that the reader may see, within `villages`."""
        if issue.concerns is not None:
            return Related(self._matters(reader, [issue])[0])
        until = issue.logged_at + SINCE
        near = lately(connection, villages, issue.logged_at - SINCE, until, but=issue.number, limit=MOST_COMPARED)
        matter, *others = self._matters(reader, [issue, *near])
        return self._told(reader, matter, others)

    def for_draft(
        self,
        connection: psycopg.Connection,
        reader: Reader,
        given: Mapping[str, Any],
        now: datetime,
        villages: Collection[str],
    ) -> Related:
        """What is related to a draft; `given`: what its form holds, at least `village` and `description`."""
        near = lately(connection, villages, now - SINCE, now, but=None, limit=MOST_COMPARED)
        return self._told(reader, draft_of(now, given["description"], given), self._matters(reader, near))

    def categories(self, text: str, among: Collection[str]) -> list[Likely]:
        """The likeliest of these categories."""
        return self._model().likely(text, among)

    def learned_from(self) -> int:
        """How many issues of the log the categories were learned from; 0: none, the topics alone speak."""
        learned = self._model().learned
        return learned.issues if learned else 0

    def hot(
        self, connection: psycopg.Connection, villages: Collection[str] | None, period: Period, now: datetime
    ) -> HotTopics:
        """Topics of these villages (None: all in scope) in a period and before it. No words are shown: no look."""
        spans = compared_periods(period, now)
        found = [logged_between(connection, villages, *span, limit=MOST_COUNTED + 1) for span in spans]
        spoken = [self._spoken(issues[:MOST_COUNTED]) for issues in found]
        return hot_topics(*spoken, whole=all(len(issues) <= MOST_COUNTED for issues in found))

    def _spoken(self, issues: Sequence[NearbyIssue]) -> list[Spoken]:
        opened = self._unsealing.compared([text for it in issues for text in (it.title, it.description)])
        texts = ("\n".join(filter(None, pair)) for pair in zip(opened[::2], opened[1::2], strict=True))
        return [Spoken(it.village, frozenset(topics_of(text))) for it, text in zip(issues, texts, strict=True)]

    def _matters(self, reader: Reader, issues: Sequence[NearbyIssue]) -> list[Matter]:
        if reader.view is not View.WORDS:
            return [matter_of(issue, None, None, None) for issue in issues]
        texts = [text for it in issues for text in (it.title, it.description, it.place)]
        opened = self._unsealing.compared(texts)
        groups = (opened[start : start + _WORDS] for start in range(0, len(opened), _WORDS))
        return [matter_of(issue, *words) for issue, words in zip(issues, groups, strict=True)]

    def _told(self, reader: Reader, matter: Matter, others: Sequence[Matter]) -> Related:
        """Nothing at all where the looks cannot be written down."""
        same, causes = duplicates(matter, others), common_causes(matter, others)
        named = [*(it.other for it in same), *(other for it in causes for other in it.others)]
        found = {it.issue.issue_id: it.issue for it in [*named, matter] if it.issue is not None} if named else {}
        texts = [(it.issue_id, text) for it in found.values() for text in (it.title, it.description, it.place)]
        if not self._unsealing.noted(reader, texts, Seen.SUGGESTION):
            return Related(matter)
        return Related(matter, same, causes, len(others))
