"""The half-yearly and yearly summary of a village: found, reported, handled, settled; from the events alone."""

from datetime import datetime, timedelta

import pytest

from domain.issue import commands as c
from domain.issue.words import Channel
from domain.values import LOCAL_ZONE
from projections.dashboard import DASHBOARD
from projections.issue_ledger import ISSUE_LEDGER
from projections.issue_spells import ISSUE_SPELLS
from projections.pages import WHOLE
from projections.places import PLACES
from projections.summaries import ALL, SummaryLine, summaries
from services.exports.forms import FORMS
from tests.projections.ledger import Log
from tests.support.casework import case

JUNE = datetime(2026, 6, 20, 9, tzinfo=LOCAL_ZONE)
MARCH = datetime(2026, 3, 2, 9, tzinfo=LOCAL_ZONE)


@pytest.fixture
def half(log: Log) -> Log:
    """March: one settled, one sent up and dissatisfied, one hazard; June: one that goes on into the second half."""
    log.append(
        case("settled", at=MARCH, key="a", category="construction"),
        case("dissatisfied", at=MARCH, key="b", category="construction"),
        case("logged", at=MARCH, key="c", category="environment", channel=Channel.HAZARD_INSPECTION),
        case("logged", at=JUNE, key="d", category="construction").do(c.ResolveIssue, at=JUNE + timedelta(days=30)),
        case("withdrawn", at=MARCH, key="e", village="LX", category="construction"),
    )
    log.settle()
    log.fill(DASHBOARD, ISSUE_LEDGER, ISSUE_SPELLS, PLACES)
    return log


def lines(log: Log, period: str | None, village: str | None = "QS", **more: object) -> list[SummaryLine]:
    return summaries(log.connection, {**WHOLE, "period": period, "village": village, **more})


@pytest.mark.proves("F16", "LL8")
def test_given_a_half_year_then_each_category_and_all_of_it_are_told(half: Log) -> None:
    told = {it.category: it for it in lines(half, "2026-H1")}
    assert told.keys() == {"construction", "environment", ALL}
    whole = told[ALL]
    assert (whole.village_name, whole.found, whole.hazards, whole.brought, whole.reported) == ("青石村", 4, 1, 0, 1)
    assert (whole.answered, whole.closed, whole.satisfied, whole.dissatisfied, whole.looked_back) == (2, 1, 1, 1, 1)
    assert whole.still_open == 3
    assert whole.overdue == 3, "none of the open ones was done by the end of June"
    assert (told["environment"].found, told["environment"].hazards) == (1, 1)


@pytest.mark.proves("F16", "LL8")
def test_given_the_second_half_then_it_begins_with_what_was_left(half: Log) -> None:
    (whole,) = [it for it in lines(half, "2026-H2") if it.category == ALL]
    assert (whole.found, whole.brought, whole.answered) == (0, 3, 0)
    (year,) = [it for it in lines(half, "2026") if it.category == ALL]
    assert (year.found, year.brought, year.closed) == (4, 0, 1)


def test_given_no_period_then_the_latest_year_and_its_halves_page_by_page(half: Log) -> None:
    everything = lines(half, None, None)
    assert {it.period for it in everything} == {"2026-H1", "2026-H2", "2026"}
    first = lines(half, None, None, limit=4)
    rest = lines(half, None, None, at=first[-1].at, key=first[-1].key)
    assert first + rest == everything
    assert {it.village for it in everything} == {"QS", "LX"}


def test_given_a_period_that_is_no_half_and_no_year_or_nothing_at_all_then_no_line(log: Log, half: Log) -> None:
    assert lines(half, "2026-Q1") == []
    assert lines(half, "2019") == []


def test_given_the_form_then_its_cells_are_filled(half: Log) -> None:
    form = FORMS["summaries"]
    row = dict(zip(form.columns, form.row(lines(half, "2026-H1")[-1]), strict=True))
    assert (row["期间"], row["村(社区)"], row["类别"], row["梳理问题"]) == ("2026-H1", "青石村", ALL, "4")
    assert row["群众评价"] == "满意 1、基本满意 0、不满意 1"
