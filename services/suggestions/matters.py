"""What is a matter likened by? Its words in the clear, taken apart once; and what a reason looks like. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.issue.words import Stage
from projections.nearby import NearbyIssue
from services.suggestions.topics import topics_of
from services.suggestions.wording import wording


@dataclass(frozen=True, slots=True)
class Matter:
    """An issue, or a draft of one (without `issue`), as it is likened; `title`: shown once the look is recorded."""

    village: str
    category: str | None
    household: str | None
    place: str | None
    at: datetime
    words: frozenset[str]
    topics: Mapping[str, tuple[str, ...]]
    title: str | None = None
    issue: NearbyIssue | None = None

    @property
    def issue_id(self) -> UUID | None:
        """None of a draft."""
        return self.issue.issue_id if self.issue else None

    @property
    def stage(self) -> Stage | None:
        """None of a draft."""
        return Stage(self.issue.stage) if self.issue else None


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence in both languages."""

    zh: str
    en: str


def joined(said: list[Said]) -> Said:
    """Several reasons as one."""
    return Said("，".join(each.zh for each in said), " and ".join(each.en for each in said))


def matter_of(issue: NearbyIssue, title: str | None, description: str | None, place: str | None) -> Matter:
    """An issue with its words opened; None where they cannot be: it is then likened by what is open."""
    text = _text(title, description)
    known = (issue.village, issue.category, issue.household, place, issue.logged_at)
    return Matter(*known, wording(text), topics_of(text), title, issue)


def draft_of(at: datetime, description: str, given: Mapping[str, Any]) -> Matter:
    """A draft, of what the form holds so far."""
    text = _text(given.get("title"), description)
    known = (given["village"], given.get("category"), given.get("household"), given.get("place"))
    return Matter(*known, at, wording(text), topics_of(text))


def _text(title: str | None, description: str | None) -> str:
    return "\n".join(each for each in (title, description) if each)
