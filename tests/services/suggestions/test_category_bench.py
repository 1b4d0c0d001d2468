"""The bench of categories, on messages invented here; and the floor that real ones must not fall under."""

import csv
from pathlib import Path
from typing import Any

import pytest

from services.bench.categories import FOLDER, Judged, confused, per_class, run
from services.embedded.problems import MachineProblem

SAID = {"城乡建设": "路灯不亮，道路坑洼", "环境保护": "垃圾没有清运，污水横流"}


def write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty messages of each of two categories, and a tree."""
    messages = [
        {"subject": f"第{nth}组", "body": text, "label1": label} for nth in range(30) for label, text in SAID.items()
    ]
    write(tmp_path, "zh_labelled_messages.csv", messages)
    tree = [{"level1": label, "level2": text[:2], "level3": "其他"} for label, text in SAID.items()]
    write(tmp_path, "zh_taxonomy.csv", tree)
    return tmp_path


def test_given_messages_that_are_easy_then_every_way_but_the_most_frequent_is_right(folder: Path) -> None:
    result = run(folder)
    accuracy = {(row["of"], row["way"]): row["accuracy"] for row in result["rows"]}
    assert accuracy.pop(("seven", "most frequent")) < 0.6
    assert accuracy.pop(("nine", "most frequent")) < 0.6
    assert set(accuracy.values()) == {1.0}
    assert result["confusion"] == [
        {"given": "城乡建设", "城乡建设": 30, "环境保护": 0},
        {"given": "环境保护", "城乡建设": 0, "环境保护": 30},
    ]
    assert "| seven | learned | 60 | 1 |" in result["table"]


def test_given_the_same_messages_then_the_same_figures(folder: Path) -> None:
    assert run(folder)["rows"] == run(folder)["rows"]


def test_given_guesses_then_precision_recall_and_confusion_are_counted() -> None:
    judged = [Judged("a", ["a"]), Judged("a", ["b", "a"]), Judged("b", ["b"]), Judged("b", [])]
    first, second = per_class(judged)
    assert (first["precision"], first["recall"], first["F1"]) == (1.0, 0.5, pytest.approx(2 / 3))
    assert (second["precision"], second["recall"]) == (0.5, 0.5)
    assert confused(judged)[1] == {"given": "b", "a": 0, "b": 1, "-": 1}


def test_given_no_data_then_it_is_said_where_they_were_looked_for(tmp_path: Path) -> None:
    with pytest.raises(MachineProblem, match="HUIYIN_BENCH_DATA"):
        run(tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(not FOLDER.is_dir(), reason="the real messages do not come along: ../shared/data is absent")
def test_given_real_messages_then_what_is_suggested_does_not_fall_below_its_floor() -> None:
    found = {(row["of"], row["way"]): row["accuracy"] for row in run()["rows"]}
    assert found["seven", "learned"] > 0.79
    assert found["nine", "learned"] > 0.85
    assert found["nine", "as installed (topics)"] > 0.64
    assert found["seven", "learned"] > 2 * found["seven", "names of the tree in the text"]
