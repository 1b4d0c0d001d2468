"""What a process remembers of the issues it wrote last: so many, the newest, and nothing of what was forgotten."""

from collections.abc import Sequence
from dataclasses import replace

from domain.events import DomainEvent
from domain.issue.evolve import fold
from domain.issue.state import Issue
from domain.lately import LatelyWritten
from tests.support.states import Case, case


def before_last(life: Case) -> tuple[Issue | None, Sequence[DomainEvent]]:
    """The issue before what happened last, and that."""
    *earlier, last = life.events
    return fold(earlier), [last]


def test_given_more_than_it_keeps_then_the_one_written_longest_ago_is_forgotten() -> None:
    lately = LatelyWritten(most=2)
    lives = [case("logged", key=key) for key in range(3)]
    for number in (0, 1, 0, 2):
        lately.keep(None, lives[number].events, None)
    assert [lately.of(life.issue_id) for life in lives] == [lives[0].issue, None, lives[2].issue]


def test_given_a_number_when_kept_then_the_issue_has_it_and_keeps_it() -> None:
    lately = LatelyWritten()
    life = case("fixed")
    lately.keep(None, life.events[:1], "QS-2026-0044")
    logged = lately.of(life.issue_id)
    assert logged is not None
    lately.keep(logged, life.events[1:], logged.number)
    assert lately.of(life.issue_id) == replace(life.issue, number="QS-2026-0044")


def test_given_events_of_two_issues_when_one_is_kept_then_the_other_is_forgotten() -> None:
    lately = LatelyWritten()
    other, life = case("logged", key="other"), case("fixed")
    lately.keep(None, other.events, None)
    issue, events = before_last(life)
    lately.keep(issue, [*events, events[0].model_copy(update={"originator_id": other.issue_id})], None)
    assert lately.of(life.issue_id) == life.issue
    assert lately.of(other.issue_id) is None


def test_given_an_issue_when_forgotten_then_it_is_gone_also_if_it_was_gone_before() -> None:
    lately = LatelyWritten()
    life = case("logged")
    lately.keep(None, life.events, None)
    for _ in range(2):
        lately.forget(life.issue_id)
        assert lately.of(life.issue_id) is None
