"""Maps: the built-in ones hold, and everything wrong with one is said at once, by its path."""

from pathlib import Path

import pytest

from domain.issue.words import Channel
from domain.plan import load_plan
from services.importing.map_file import load_map, map_names, parse_map
from services.importing.words import ImportRefused
from tests.services.importing.files import MAP, a_map


def faults(text: str) -> dict[str, tuple[str, str]]:
    with pytest.raises(ImportRefused) as refused:
        parse_map(text)
    assert refused.value.code == "map-invalid"
    assert refused.value.is_usage
    return {fault.path: (fault.zh, fault.en) for fault in refused.value.faults}


@pytest.mark.parametrize("name", ["boston311", "zh-messages"])
def test_a_built_in_map_fits_the_plan_and_names_its_villages(name: str) -> None:
    map_ = load_map(name)

    assert map_.system == name
    assert map_.category.outcomes <= set(load_plan("cx").categories)
    assert map_.village.outcomes <= {village.code for village in map_.villages}


def test_there_are_two_built_in_maps() -> None:
    assert map_names() == ("boston311", "zh-messages")


def test_given_a_path_then_that_file_is_the_map(tmp_path: Path) -> None:
    path = tmp_path / "books.toml"
    path.write_text("\ufeff" + MAP, "utf-8")

    assert load_map(str(path)).system == "old-books"


def test_given_neither_name_nor_file_then_the_built_in_names_are_told() -> None:
    with pytest.raises(ImportRefused) as refused:
        load_map("zh_messages")
    assert refused.value.code == "map-unknown"
    assert "zh-messages" in refused.value.en


def test_given_a_map_then_every_column_it_reads_is_known_once() -> None:
    assert a_map().columns == [
        "id",
        "logged",
        "due",
        "via",
        "kind",
        "where",
        "state",
        "closed",
        "subject",
        "body",
        "answer",
    ]


def test_given_several_faults_then_all_are_told_by_path() -> None:
    text = (
        MAP.replace('zone = "Asia/Shanghai"', 'zone = "Asia/Nowhere"\nwhole_days = "yes"\ncolour = "red"')
        .replace('phone = "hotline"', 'phone = "carrier-pigeon"')
        .replace('code = "WT"', 'code = "wt"')
        .replace('id = "id"\n', "")
    )

    found = faults(text)

    assert set(found) == {"id", "zone", "whole_days", "colour", "channel.table.phone", "villages.1.code"}
    assert all(zh and en for zh, en in found.values())
    assert Channel.HOTLINE in found["channel.table.phone"][1]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('columns = ["subject"]\n\n[desc', "[desc", "title"),
        ('column = "kind"\notherwise = "other"\ntable = { water = "construction" }', "", "category"),
        ('column = "kind"\notherwise', "otherwise", "category"),
        ('open = ["open"]', 'open = ["open", "done"]', "status"),
        ('closed = ["done"]', "closed = []", "status.closed"),
        ('[description]\ncolumns = ["body"]', '[description]\ncolumns = [""]', "description.columns.0"),
        ('otherwise = "原登记簿未留存答复。"', 'otherwise = "\\u0000"', "answer.opinion.otherwise"),
        ('due_at = "due"', "due_within_days = 0", "due_within_days"),
        ('due_at = "due"', '[file]\nencoding = "latin-1"', "file.encoding"),
    ],
)
def test_given_one_fault_then_it_is_told_in_both_languages(old: str, new: str, path: str) -> None:
    assert old in MAP
    text = MAP.replace(old, new) if "[file]" not in new else MAP.replace(old, "") + new

    found = faults(text)

    assert path in found
    assert not any("不合要求" in zh for zh, _ in found.values())


def test_given_a_status_without_an_answer_then_it_is_refused() -> None:
    found = faults(MAP[: MAP.index("[answer]")])

    assert found["file"][1] == "A [status] needs an [answer] with its times."


def test_given_no_toml_then_the_line_is_told() -> None:
    assert "line 2, column 5" in faults("a = 1\nb = = 2\n")
