"""`huiyin bench categories`: how often is the likeliest category the one that people gave? On labelled messages.

Each message is judged by a model that learned from the other four fifths (five folds, drawn with a fixed seed). The
messages do not come along: a folder with `zh_labelled_messages.csv` and `zh_taxonomy.csv` is read, of this address or
in HUIYIN_BENCH_DATA. Nothing of them is kept.
"""

import csv
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from services.bench.harness import Result, table
from services.embedded.problems import MachineProblem
from services.suggestions.categories import CategoryModel
from services.suggestions.learning import Example, learn

FOLDER: Final = Path(__file__).resolve().parents[3] / "shared" / "data"
FOLDS: Final = 5
_SEED: Final = 7
_SECRET: Final = b"bench"
_NINE: Final = {
    "城乡建设": "construction",
    "交通运输": "construction",
    "环境保护": "environment",
    "教育文体": "education_health",
    "卫生计生": "education_health",
    "劳动和社会保障": "social_security",
}
"""The first level of the messages' own tree -> the nine categories of the opinion form; commerce has no counterpart."""
_AMONG: Final = (
    "income", "construction", "social_security", "education_health", "environment", "culture", "hardship",
    "public_safety", "conduct",
)  # fmt: skip
_NONE: Final = "-"

Guess = Callable[[str], list[str]]
"""A text -> the categories that fit, the likeliest first."""


class Message(NamedTuple):
    """A text and its category as people gave it."""

    text: str
    label: str


class Judged(NamedTuple):
    """What was guessed of one message."""

    label: str
    guesses: list[str]

    @property
    def first(self) -> str:
        return self.guesses[0] if self.guesses else _NONE


def run(folder: Path | None = None) -> Result:
    """All ways to guess, on the messages' own seven categories and on the nine. Raises MachineProblem: no data."""
    folder = folder or Path(os.environ.get("HUIYIN_BENCH_DATA", FOLDER))
    messages = _messages(folder)
    names = _names(folder, {message.label for message in messages})
    mapped = [Message(it.text, _NINE[it.label]) for it in messages if it.label in _NINE]
    began = time.process_time()
    seven = _learned(messages, sorted(names))
    seconds = time.process_time() - began
    ways = {
        ("seven", "most frequent"): _held_out(messages, _most_frequent),
        ("seven", "names of the tree in the text"): _judged(messages, lambda text: _by_names(text, names)),
        ("seven", "learned"): seven,
        ("nine", "most frequent"): _held_out(mapped, _most_frequent),
        ("nine", "as installed (topics)"): _judged(mapped, _guess(CategoryModel(), _AMONG)),
        ("nine", "learned"): _learned(mapped, _AMONG),
    }
    rows = [_row(among, way, judged) for (among, way), judged in ways.items()]
    classes, confusion = per_class(seven), confused(seven)
    note = f"{seconds:.0f} s CPU to learn from four fifths and judge the rest, five times."
    tables = (
        table("categories", rows),
        table("each of the seven, learned", classes),
        table("confusion", confusion, [note]),
    )
    return {"rows": rows, "classes": classes, "confusion": confusion, "table": "\n\n".join(tables)}


# -- ways to guess --------------------------------------------------------------------------------------------------


def _guess(model: CategoryModel, among: Sequence[str]) -> Guess:
    return lambda text: [each.category for each in model.likely(text, among)]


def _learned(messages: Sequence[Message], among: Sequence[str]) -> list[Judged]:
    def taught(others: Sequence[Message]) -> Guess:
        examples = [Example(it.text, it.label, str(nth)) for nth, it in enumerate(others)]
        return _guess(CategoryModel(_SECRET, learn(examples, _SECRET, datetime.now(UTC))), among)

    return _held_out(messages, taught)


def _most_frequent(others: Sequence[Message]) -> Guess:
    order = [label for label, _ in Counter(message.label for message in others).most_common(3)]
    return lambda _: order


def _by_names(text: str, names: Mapping[str, Sequence[str]]) -> list[str]:
    """By how many names of its branch a text holds, longer ones counting for more."""
    scores = {label: sum(len(name) for name in mine if name in text) for label, mine in names.items()}
    return sorted((label for label, score in scores.items() if score), key=lambda label: (-scores[label], label))[:3]


def _held_out(messages: Sequence[Message], taught: Callable[[Sequence[Message]], Guess]) -> list[Judged]:
    """Each message, judged by what was learned from the other folds."""
    order = list(range(len(messages)))
    random.Random(_SEED).shuffle(order)  # noqa: S311 - a fixed draw, not a secret
    judged: list[Judged] = []
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        out = set(held)
        judged += _judged([messages[nth] for nth in held], taught([messages[nth] for nth in order if nth not in out]))
    return judged


def _judged(messages: Sequence[Message], guess: Guess) -> list[Judged]:
    return [Judged(message.label, guess(message.text)) for message in messages]


# -- figures --------------------------------------------------------------------------------------------------------


def _row(among: str, way: str, judged: Sequence[Judged]) -> dict[str, Any]:
    right = sum(it.first == it.label for it in judged)
    three = sum(it.label in it.guesses for it in judged)
    none = sum(it.first == _NONE for it in judged)
    shares = {"accuracy": right, "among the first three": three, "no guess": none}
    figures = {name: count / len(judged) for name, count in shares.items()}
    mean = [row["F1"] for row in per_class(judged)]
    return {"of": among, "way": way, "messages": len(judged), **figures, "mean F1": sum(mean) / len(mean)}


def per_class(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Precision, recall and F1 of each category that people gave."""
    rows = []
    for label in sorted({it.label for it in judged}):
        hit = sum(it.first == it.label == label for it in judged)
        said, given = (
            sum(one == label for one in of) for of in ([it.first for it in judged], [it.label for it in judged])
        )
        precision, recall = hit / said if said else 0.0, hit / given
        both = 2 * hit / (said + given)
        rows.append({"category": label, "messages": given, "precision": precision, "recall": recall, "F1": both})
    return rows


def confused(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """A row for each category given, with how often each was guessed."""
    counts = Counter((it.label, it.first) for it in judged)
    labels = sorted({it.label for it in judged})
    columns = [*labels, *([_NONE] if any(it.first == _NONE for it in judged) else [])]
    return [{"given": label, **{guess: counts[label, guess] for guess in columns}} for label in labels]


# -- data -----------------------------------------------------------------------------------------------------------


def _messages(folder: Path) -> list[Message]:
    rows = _read(folder / "zh_labelled_messages.csv")
    return [Message(f"{row['subject']}\n{row['body']}", row["label1"]) for row in rows]


def _names(folder: Path, labels: set[str]) -> dict[str, list[str]]:
    """Category -> the names in its branch of the tree."""
    found: dict[str, set[str]] = {label: {label} for label in labels}
    for row in _read(folder / "zh_taxonomy.csv"):
        if row["level1"] in found:
            found[row["level1"]] |= {row["level2"], row["level3"]} - {"", "其他"}
    return {label: sorted(names) for label, names in found.items()}


def _read(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        raise MachineProblem(
            "bench-no-data",
            zh=f"没有可供测量的数据：{path}。请以 HUIYIN_BENCH_DATA 指明其所在文件夹。",
            en=f"There is nothing to measure on: {path}. Name its folder by HUIYIN_BENCH_DATA.",
        ) from None
