"""What is a text about? Topics of a closed list (topics.toml), found by their words; none of them can name a person.

Used by common causes, hot topics and the first guess of a category.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from services.suggestions.wording import normal

_LIST: Final = files("services.suggestions") / "topics.toml"


@dataclass(frozen=True, slots=True)
class Topic:
    """One line of the list: what it is called, the categories it belongs to (of any plan), the words it is known by."""

    key: str
    zh: str
    en: str
    categories: tuple[str, ...]
    words: tuple[str, ...]

    def found_in(self, text: str) -> tuple[str, ...]:
        """The topic's words that a normal text holds, longest first; Latin ones where a word begins."""
        return tuple(word for word in self.words if word in text and (word[0] > "z" or _begins(word, text)))


@lru_cache(maxsize=1)
def topics() -> Mapping[str, Topic]:
    """The list, by key."""
    raw = tomllib.loads(_LIST.read_text("utf-8"))
    return {
        key: Topic(key, entry["zh"], entry["en"], tuple(entry["categories"]), _words(entry["words"]))
        for key, entry in raw.items()
    }


def topics_of(text: str) -> dict[str, tuple[str, ...]]:
    """Topic -> its words that occur in the text, the topics with most words first."""
    plain = normal(text)
    found = {key: words for key, topic in topics().items() if (words := topic.found_in(plain))}
    return dict(sorted(found.items(), key=lambda it: (-sum(map(len, it[1])), it[0])))


def _begins(word: str, text: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(word)}", text) is not None


def _words(given: list[str]) -> tuple[str, ...]:
    return tuple(sorted((normal(word) for word in given), key=lambda word: (-len(word), word)))
