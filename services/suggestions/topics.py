"""What is a text about? Topics of a closed list (topics.toml), found by their words; none of them can name a person.

Used by common causes, hot topics and the first guess of a category.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import add
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
    known = _by_beginning()
    found: dict[str, tuple[str, ...]] = {}
    for pair in known.keys() & set(map(add, plain, plain[1:])):
        for topic, word in known[pair]:
            if word in plain and (word[0] > "z" or _begins(word, plain)):
                found[topic] = (*found.get(topic, ()), word)
    found = {topic: tuple(sorted(words, key=_longest_first)) for topic, words in found.items()}
    return dict(sorted(found.items(), key=lambda it: (-sum(map(len, it[1])), it[0])))


def _begins(word: str, text: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(word)}", text) is not None


def _words(given: list[str]) -> tuple[str, ...]:
    return tuple(sorted((normal(word) for word in given), key=_longest_first))


def _longest_first(word: str) -> tuple[int, str]:
    return -len(word), word


@lru_cache(maxsize=1)
def _by_beginning() -> Mapping[str, list[tuple[str, str]]]:
    """First two letters -> topics and words that begin so: few of the list have to be looked for in a text."""
    found: dict[str, list[tuple[str, str]]] = {}
    for topic in topics().values():
        for word in topic.words:
            found.setdefault(word[:2], []).append((topic.key, word))
    return found
