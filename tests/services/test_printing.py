"""Forms on paper: title with unit and period, bordered table, notes, who signs; as a page and as a PDF."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from services.exports.formats import Format, disposition, write
from services.exports.layouts import _OF, LAYOUTS, paper_of
from services.exports.paper import Occasion, period_in_words, unit_of
from services.exports.pdf import PdfNotAvailable, PdfPress, press
from services.exports.pdf_process import refuse_network
from services.exports.printing import STYLESHEET, form_page, style
from tests.support.office import FakeDirectory
from tests.support.printing import Taken, pages_of, printed

MARCH = Occasion("云岭镇青石村", datetime(2026, 4, 1, tzinfo=UTC), "2026-03")
ROW = ["1", "青石村", "灯杆锈蚀。", "更换。", "50000.00", "30000.00", "2026-09-30", "2026-03-28", "", "", "紧急"]


@pytest.fixture(scope="module", autouse=True)
def at_rest() -> Iterator[None]:
    """No press is left behind."""
    yield
    press().close()


def page(name: str, rows: list[list[str]], stylesheet: str | None = None) -> str:
    file = io.BytesIO()
    write(Format.HTML, paper_of(name, MARCH), rows, file, stylesheet=stylesheet)
    return file.getvalue().decode()


@pytest.mark.proves("F4", "CX5")
def test_given_a_form_then_its_page_has_title_unit_period_table_notes_and_who_signs() -> None:
    taken = Taken(page("committee", [ROW]))
    assert taken.of("h1") == ["云岭镇青石村2026年3月需提请党委会研究解决问题表"]
    spans = taken.of("span")
    assert spans[:3] == ["填报单位：云岭镇青石村", "期间：2026年3月", "填表日期：2026-04-01"]
    assert spans[3:] == ["填表人：", "驻点组长（分管领导）审核：", "日期："]
    assert taken.of("th") == list(LAYOUTS["committee"].columns)
    assert taken.of("td") == ROW
    assert any(text.startswith("注：本表于每月30日前报送") for text in taken.of("p"))


def test_given_a_page_that_the_site_serves_then_its_style_comes_from_the_site_alone() -> None:
    served = page("committee", [ROW], STYLESHEET)
    assert "<style" not in served
    assert f'<link rel="stylesheet" href="{STYLESHEET}">' in served
    assert "style" not in Taken(served).attributes
    assert "<link" not in page("committee", [ROW])


def test_given_words_that_look_like_markup_then_they_stay_words() -> None:
    odd = ["1", "<script>alert(1)</script>", *ROW[2:]]
    assert Taken(page("committee", [odd])).of("td") == odd
    assert "<script" not in page("committee", [odd])


def test_given_no_row_then_the_form_says_so() -> None:
    assert Taken(page("committee", [])).of("td") == ["无"]


@pytest.mark.parametrize("name", LAYOUTS)
def test_given_any_form_then_its_columns_fill_the_page_and_have_their_classes(name: str) -> None:
    shares = paper_of(name, MARCH).shares
    assert len(shares) == len(LAYOUTS[name].columns)
    assert 85 <= sum(shares) <= 115
    assert all(f".c{share} {{" in style() for share in shares)


def test_given_widths_then_each_is_of_a_column_that_some_form_has() -> None:
    assert set(_OF) <= {column for layout in LAYOUTS.values() for column in layout.columns}


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2026", "2026年"),
        ("2026-03", "2026年3月"),
        ("2026-03-05", "2026年3月5日"),
        (None, ""),
        ("2026-Q1", "2026年第1季度"),
        ("2026-H2", "2026年下半年"),
    ],
)
def test_given_a_period_then_it_is_written_as_offices_do(period: str | None, words: str) -> None:
    assert period_in_words(period) == words


def test_given_a_place_then_its_unit_bears_the_townships_name() -> None:
    organisation = FakeDirectory().organisation
    assert unit_of(organisation, "QS") == "云岭镇青石村"
    assert unit_of(organisation, "T1") == "云岭镇"
    assert unit_of(organisation, None) == "各乡镇"


def test_given_a_chinese_title_then_the_file_bears_it_and_browsers_of_old_get_a_plain_one() -> None:
    header = disposition('青石村"问题"台账', Format.XLSX)
    assert header.startswith("attachment; filename=\"huiyin.xlsx\"; filename*=UTF-8''")
    assert header.isascii()
    assert '青石村"' not in header
    assert disposition("台账", Format.HTML).startswith("inline;")


def test_given_many_rows_then_the_pdf_counts_its_pages_and_repeats_the_heading() -> None:
    rows = [[str(number), *ROW[1:]] for number in range(1, 61)]
    pages = pages_of(printed(lambda: press().pdf(form_page(paper_of("committee", MARCH), rows))))
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        assert f"第 {number} 页" in text
        assert f"共 {len(pages)} 页" in text
        assert "问题现状" in text.replace("\n", "")
    assert "云岭镇青石村2026年3月需提请党委会研究解决问题表" in pages[0].replace("\n", "")
    assert "填表人" in pages[-1]


def test_given_a_page_that_wants_something_from_elsewhere_then_it_is_printed_without_it() -> None:
    asks = '<img src="http://127.0.0.1:9/x.png"><img src="file:///etc/hostname"><p>回音</p>'
    (text,) = pages_of(printed(lambda: press().pdf(asks)))
    assert text.strip() == "回音"
    with pytest.raises(PermissionError):
        refuse_network("socket.getaddrinfo", ("example.org",))


def test_given_a_press_that_was_ended_then_the_next_page_is_printed_by_another() -> None:
    own = PdfPress()
    printed(lambda: own.pdf("<p>回音</p>"))
    assert own._process is not None
    own._process.kill()
    own._process.wait()
    assert pages_of(own.pdf("<p>回音</p>"))
    own.close()
    assert own._process is None


def test_given_a_machine_without_a_chinese_font_then_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    empty = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    empty.write_text("<fontconfig></fontconfig>", "utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(empty))
    own = PdfPress()
    with pytest.raises(PdfNotAvailable, match="apt-get install"):
        own.pdf("<p>回音</p>")
    own.close()
