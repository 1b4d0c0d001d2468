"""The public notice board: what is counted, what is left out, and items that look like at least four others."""

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.values import LOCAL_ZONE
from projections.dashboard import DASHBOARD
from projections.notice_board import BoardRow, Status, board_of, notice_board
from projections.places import PLACES
from tests.projections.ledger import Log
from tests.support.casework import START, case

NAMES = {"QS": "青石村", "LX": "柳溪社区"}
CATEGORIES = ("construction", "environment", "conduct")
ANSWERED = BoardRow("", "QS", "construction", "closed", START, late=False, solved=True, rating="satisfied")


def rows(count: int, like: BoardRow = ANSWERED, **changes: object) -> list[BoardRow]:
    like = replace(like, **changes)  # type: ignore[arg-type]
    return [replace(like, number=f"{like.village}-2026-{nth + 1:04d}") for nth in range(count)]


def test_given_a_village_with_enough_then_it_is_told_and_one_with_few_is_not() -> None:
    board = board_of("2026-02", [*rows(6), *rows(4, village="LX")], NAMES, CATEGORIES)
    told, untold = board.villages
    assert (told.registered, told.resolved, told.answered, told.on_time, told.satisfied) == (6, 6, 6, 6, 6)
    assert (untold.name, untold.registered, untold.resolved, untold.satisfied) == ("柳溪社区", None, None, None)


def test_given_a_few_of_many_then_neither_they_nor_the_others_are_told() -> None:
    board = board_of(
        "2026-02", [*rows(10), *rows(2, solved=False, rating="dissatisfied", late=True)], NAMES, CATEGORIES
    )
    line = board.villages[0]
    assert (line.registered, line.answered) == (12, 12)
    assert (line.resolved, line.on_time, line.satisfied) == (None, None, None)


def test_given_five_that_look_alike_then_they_are_items_and_four_are_not() -> None:
    few = rows(4, category="environment")
    assert len(board_of("2026-02", [*rows(8), *few], NAMES, CATEGORIES).items) == 0  # four would be left of the village
    board = board_of("2026-02", [*rows(8), *rows(5, category="environment", stage="works", answered_at=None)], NAMES,
                     CATEGORIES)  # fmt: skip
    assert Counter((item.category, item.status, item.answered_in) for item in board.items) == {
        ("construction", Status.CLOSED, "2026-03"): 8,
        ("environment", Status.IN_HAND, None): 5,
    }


def test_given_officials_conduct_then_it_is_counted_and_never_an_item() -> None:
    board = board_of("2026-02", rows(9, category="conduct"), NAMES, CATEGORIES)
    assert board.villages[0].registered == 9
    assert board.items == ()


def test_given_any_month_then_items_look_alike_by_fives_and_leave_nothing_small_to_be_computed() -> None:
    drawn = random.Random(20260302)
    for _ in range(300):
        made = [
            replace(
                ANSWERED,
                number=f"{nth}",
                village=drawn.choice(["QS", "LX"]),
                category=drawn.choice(CATEGORIES),
                stage=drawn.choice(["closed", "works", "feedback"]),
            )
            for nth in range(drawn.randrange(60))
        ]
        board = board_of("2026-02", made, NAMES, CATEGORIES)
        village_of = {row.number: row.village for row in made}
        looks = Counter((village_of[item.number], item.category, item.status, item.answered_in) for item in board.items)
        assert all(count >= 5 for count in looks.values())
        for line in board.villages:
            left = (line.registered or 0) - sum(count for look, count in looks.items() if look[0] == line.village)
            assert left == 0 or left >= 5
        for category, count in board.categories.items():
            left = count - sum(count for look, count in looks.items() if look[1] == category)
            assert left == 0 or left >= 5


def test_given_the_log_then_a_month_is_counted_by_the_offices_calendar_without_complaints(log: Log) -> None:
    first, last = datetime(2026, 3, 1, tzinfo=LOCAL_ZONE), datetime(2026, 3, 31, 23, 59, tzinfo=LOCAL_ZONE)
    log.append(
        *(case("logged", at=first + timedelta(hours=nth), household=f"QS-{nth}") for nth in range(5)),
        case("logged", at=last),
        case("logged", at=last + timedelta(minutes=1)),
        case("logged", at=first - timedelta(minutes=1)),
        *(case("logged", at=first, household=f"QS-1{nth}", concerns="lead2") for nth in range(5)),
    )
    log.settle()
    log.fill(DASHBOARD, PLACES)
    since, until = first, datetime(2026, 4, 1, tzinfo=LOCAL_ZONE)
    board = notice_board(log.connection, "2026-03", since, until, CATEGORIES)
    assert {line.village: line.registered for line in board.villages} == {"QS": 6, "LX": None, "WS": None}
    assert board.categories == {"construction": 6} or board.categories == {}


@pytest.mark.parametrize(
    ("stage", "answered", "status"),
    [
        ("logged", False, Status.IN_HAND),
        ("feedback", True, Status.ANSWERED),
        ("settled", True, Status.CLOSED),
        ("merged", False, Status.ENDED),
    ],
)
def test_given_a_stage_then_the_board_tells_it_coarsely(stage: str, answered: bool, status: Status) -> None:
    assert replace(ANSWERED, stage=stage, answered_at=START if answered else None).status is status
