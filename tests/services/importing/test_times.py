"""From a cell to a time: zones, clock changes, days alone. Boston's clocks changed on 13 March and 6 November 2011."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from services.importing.times import TimeReader, TimeUnreadable

BOSTON = ZoneInfo("America/New_York")
SUMMER, WINTER = timezone(timedelta(hours=-4)), timezone(timedelta(hours=-5))


def read(
    cell: str | date,
    *,
    form: str | None = None,
    whole_days: bool = False,
    ends: bool = False,
    after: datetime | None = None,
) -> tuple[datetime, str | None]:
    return TimeReader(BOSTON, form, whole_days).read(cell, ends=ends, not_before=after)


@pytest.mark.parametrize("text", ["2011-07-01T02:28:04", "2011-07-01 02:28:04"])
def test_given_a_bare_time_then_it_is_the_zones(text: str) -> None:
    moment, note = read(text)

    assert moment == datetime(2011, 7, 1, 2, 28, 4, tzinfo=SUMMER)
    assert moment.utcoffset() == timedelta(hours=-4)
    assert note is None


def test_given_an_offset_then_it_counts() -> None:
    assert read("2011-07-01T02:28:04+08:00")[0] == datetime(2011, 6, 30, 18, 28, 4, tzinfo=UTC)


def test_given_a_time_that_came_twice_then_the_earlier_is_taken_and_noted() -> None:
    assert read("2011-11-06T01:30:00") == (datetime(2011, 11, 6, 1, 30, tzinfo=SUMMER), "ambiguous-time")


def test_given_that_the_earlier_lay_before_the_logging_then_the_later_is_taken() -> None:
    logged = datetime(2011, 11, 6, 1, 45, tzinfo=SUMMER)

    assert read("2011-11-06T01:30:00", after=logged) == (datetime(2011, 11, 6, 1, 30, tzinfo=WINTER), "ambiguous-time")


def test_given_a_time_that_was_skipped_then_it_is_read_as_if_clocks_had_not_moved() -> None:
    assert read("2011-03-13T02:30:00") == (datetime(2011, 3, 13, 2, 30, tzinfo=WINTER), "nonexistent-time")


def test_given_a_format_then_only_that_is_read() -> None:
    assert read("3/4/2011 14:05", form="%d/%m/%Y %H:%M")[0] == datetime(2011, 4, 3, 14, 5, tzinfo=SUMMER)
    with pytest.raises(TimeUnreadable, match="time-unreadable"):
        read("2011-04-03T14:05:00", form="%d/%m/%Y %H:%M")


@pytest.mark.parametrize(
    "text", ["", "soon", "2011-02-30T10:00:00", "2011-13-01T00:00:00", "0000-00-00 00:00:00", "１２"]
)
def test_given_no_time_then_it_is_unreadable(text: str) -> None:
    with pytest.raises(TimeUnreadable, match="time-unreadable"):
        read(text)


@pytest.mark.parametrize(("cell", "form"), [("2011-07-01", None), (date(2011, 7, 1), None), ("1.7.2011", "%d.%m.%Y")])
def test_given_a_day_alone_then_it_is_refused_unless_the_map_takes_whole_days(
    cell: str | date, form: str | None
) -> None:
    with pytest.raises(TimeUnreadable, match="time-of-day-missing"):
        read(cell, form=form)

    start, note = read(cell, form=form, whole_days=True)
    end, _ = read(cell, form=form, whole_days=True, ends=True)

    assert (start, note) == (datetime(2011, 7, 1, tzinfo=SUMMER), "whole-day")
    assert end == datetime(2011, 7, 1, 23, 59, 59, tzinfo=SUMMER)


def test_given_a_workbooks_own_time_then_its_format_does_not_matter() -> None:
    assert read(datetime(2011, 7, 1, 2, 28), form="%d/%m/%Y")[0] == datetime(2011, 7, 1, 2, 28, tzinfo=SUMMER)  # noqa: DTZ001


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_given_a_placeholder_at_the_ends_of_time_then_it_can_be_compared(text: str) -> None:
    moment, _ = read(text)

    assert (moment > datetime(2011, 7, 1, tzinfo=SUMMER)) is text.startswith("9")
