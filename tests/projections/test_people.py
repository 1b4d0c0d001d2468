"""The people's-situation ledger 民情台账: where each matter went, and which one still waits for a place (F2, LL10)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from domain.issue import commands as c
from domain.issue.words import Rating
from domain.liaison.words import Whereabouts
from domain.visit import commands as v
from projections.issue_ledger import ISSUE_LEDGER
from projections.people import people
from projections.visits import VISITS
from tests.projections.ledger import Log
from tests.support.casework import START, case
from tests.support.memory_log import MemoryLog
from tests.support.visits import ISSUE, ask

pytestmark = pytest.mark.proves("F2", "LL10")
ALL: Mapping[str, Any] = {"village": None, "at": None, "key": None, "limit": None}
FORM = {"construction": None, "reply_wanted": False, "reply_by": None}


def places_of(log: Log) -> list[Whereabouts]:
    log.seal()
    log.fill(ISSUE_LEDGER, VISITS)
    return [line.whereabouts for line in people(log.connection, ALL)]


@pytest.mark.parametrize(
    ("state", "place"),
    [
        ("logged", Whereabouts.IN_HAND), ("works", Whereabouts.IN_HAND), ("reply", Whereabouts.IN_HAND),
        ("feedback", Whereabouts.ANSWERED), ("settled", Whereabouts.ANSWERED),
        ("dissatisfied", Whereabouts.IN_HAND), ("withdrawn", Whereabouts.WITHDRAWN),
    ],
)  # fmt: skip
def test_given_a_case_then_it_is_answered_when_its_reply_stands_and_in_hand_before(
    log: Log, state: str, place: Whereabouts
) -> None:
    log.append(case(state))
    assert places_of(log) == [place]


def test_given_a_duplicate_then_it_has_joined_the_other_until_that_ones_answer_reaches_it(log: Log) -> None:
    joined = case("merged")
    log.append(joined)
    assert places_of(log) == [Whereabouts.JOINED, Whereabouts.IN_HAND]


def test_given_one_case_that_answers_for_two_then_both_households_have_their_answer(log: Log) -> None:
    both = case("absorbing").do(c.FixOnSite).do(c.GiveReply).do(c.RateAnswer, rating=Rating.SATISFIED)
    log.append(both)
    assert places_of(log) == [Whereabouts.ANSWERED, Whereabouts.ANSWERED]


def test_given_a_case_that_was_split_then_its_parts_are_lines_of_their_own(log: Log) -> None:
    log.append(case("split"))
    assert sorted(places_of(log)) == sorted([Whereabouts.PASSED_ON, Whereabouts.IN_HAND, Whereabouts.IN_HAND])


@pytest.mark.parametrize(
    ("visit", "form", "place"),
    [
        ({"done": "当场换了灯泡。"}, None, Whereabouts.ON_THE_SPOT),
        ({"issues": (ISSUE,)}, {"reply_wanted": True, "reply_by": "当面"}, Whereabouts.PASSED_ON),
        ({}, {"reply_wanted": True, "reply_by": "当面"}, Whereabouts.WAITING),
        ({}, FORM, Whereabouts.NOTHING_ASKED),
        ({}, None, Whereabouts.NOTHING_ASKED),
    ],
)
def test_given_a_visit_then_what_was_asked_for_is_done_passed_on_or_waits(
    log: Log, visit: dict[str, Any], form: dict[str, Any] | None, place: Whereabouts
) -> None:
    diary = MemoryLog(case("logged", household=None).streams)
    diary.do(ask(v.RecordVisit, **visit))
    if form is not None:
        diary.do(ask(v.CollectOpinions, at=START + timedelta(hours=1), **form))
    for event in diary.streams[v.diary_id_of("QS", "2026-03")]:
        log.write(event)
    assert places_of(log) == [place]


def test_given_what_waited_when_it_becomes_an_issue_then_it_waits_no_more(log: Log) -> None:
    diary = MemoryLog(case("logged", household=None).streams)
    diary.do(ask(v.RecordVisit))
    diary.do(ask(v.CollectOpinions, at=START + timedelta(hours=1)))
    diary.do(ask(v.CorrectVisit, at=START + timedelta(hours=2), done=None, issues=(ISSUE,)))
    for event in diary.streams[v.diary_id_of("QS", "2026-03")]:
        log.write(event)
    assert places_of(log) == [Whereabouts.PASSED_ON]
