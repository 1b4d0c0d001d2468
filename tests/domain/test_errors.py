"""Every refusal has a stable code of its own and a sentence in both languages that tells what to do next."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import domain
from domain.errors import HuiyinError, Refusal
from domain.organisation.errors import UnknownPlace
from domain.plan import PlanInvalid
from domain.plan_faults import PlanFault

CODE = re.compile(r"[a-z]+(-[a-z]+)*")
CHINESE = re.compile("[\u4e00-\u9fff]")


def _tree(kind: type[HuiyinError]) -> Iterator[type[HuiyinError]]:
    for child in kind.__subclasses__():
        if child.__module__.startswith("domain."):
            yield child
            yield from _tree(child)


ERRORS = tuple(kind for kind in _tree(HuiyinError) if kind is not Refusal)


def _raised(kind: type[HuiyinError]) -> HuiyinError:
    faults = ((PlanFault("clocks", "缺少此项。", "This entry is missing."),),) if kind is PlanInvalid else ()
    return kind(*faults)


def test_the_errors_of_the_organisation_are_in_the_tree() -> None:
    assert UnknownPlace in ERRORS


def test_no_two_errors_share_a_code_or_a_sentence() -> None:
    for texts in ([kind.code for kind in ERRORS], [kind.zh for kind in ERRORS], [kind.en for kind in ERRORS]):
        assert [text for text, count in Counter(texts).items() if count > 1] == []


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_each_error_has_code_and_sentences_of_its_own(kind: type[HuiyinError]) -> None:
    assert {"code", "zh", "en"} <= set(vars(kind))
    assert CODE.fullmatch(kind.code)
    assert CHINESE.search(kind.zh)
    assert kind.zh.endswith("。")
    assert not CHINESE.search(kind.en)
    assert kind.en.endswith(".")
    assert "{" not in kind.zh + kind.en


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_an_error_says_its_code_and_both_sentences(kind: type[HuiyinError]) -> None:
    said = str(_raised(kind))
    assert said.startswith(f"{kind.code}: ")
    assert kind.zh in said
    assert kind.en in said


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_no_error_is_left_that_nobody_raises(kind: type[HuiyinError]) -> None:
    root = Path(domain.__file__).parent
    sources = [path.read_text("utf-8") for path in root.rglob("*.py") if path.name != "errors.py"]
    assert any(re.search(rf"\b{kind.__name__}\b", source) for source in sources)
