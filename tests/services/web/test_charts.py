"""Charts: what is drawn is what is said, in proportion, and nothing of it can break out."""

import re

import pytest

from services.web.charts import SHADES, Line, bar, line_chart, shade, stacked


def widths(drawn: str) -> list[float]:
    return [float(width) for width in re.findall(r'<rect[^>]* width="([0-9.]+)"', drawn)]


def test_given_parts_then_they_stand_side_by_side_in_proportion() -> None:
    drawn = stacked([(1, "a"), (2, "b"), (5, "c")], 10)
    assert widths(drawn) == [10, 20, 50]
    assert re.findall(r' x="([0-9.]+)"', drawn) == ["0.0", "10.0", "30.0"]
    assert 'aria-hidden="true"' in drawn


@pytest.mark.parametrize(("value", "most", "width"), [(0, 0, 0), (0, 5, 0), (5, 5, 100)])
def test_given_nothing_or_everything_then_a_bar_is_empty_or_full(value: int, most: int, width: int) -> None:
    assert widths(bar(value, most)) == [width]


def test_given_a_month_without_a_rate_then_the_line_breaks_and_never_falls_to_zero() -> None:
    drawn = line_chart("Rates", ["1", "2", "3", "4", "5"], [Line("x", [0.5, 0.6, None, 0.7, 0.8])], percent=True)
    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 4


def test_given_a_label_with_marks_then_it_is_written_out_and_styles_nothing() -> None:
    drawn = line_chart('"><script>', ["<b>"], [Line("x", [1])])
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert "style=" not in drawn
    assert 'role="img" aria-label="&#34;&gt;&lt;script&gt;"' in drawn


@pytest.mark.parametrize(("most", "top"), [(0, "2"), (2, "2"), (3, "4"), (9, "10"), (41, "100")])
def test_given_counts_then_the_highest_line_of_the_grid_is_a_round_number_not_below(most: int, top: str) -> None:
    drawn = line_chart("Counts", ["1"], [Line("x", [most])])
    assert f'class="at-end">{top}</text>' in drawn


def test_given_cells_then_shades_go_from_none_to_the_darkest() -> None:
    assert [shade(value, 10) for value in (0, 1, 5, 10)] == [0, 1, 2, SHADES]
    assert shade(0, 0) == 0
