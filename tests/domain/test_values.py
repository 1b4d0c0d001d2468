"""What somebody types is a value of its kind, or it is refused with a code; nothing is guessed."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.values import GivenDay, GivenMoment, Line, Text, ValueRefused, Yuan

MOMENT = TypeAdapter(GivenMoment)
DAY = TypeAdapter(GivenDay)
YUAN = TypeAdapter(Yuan)
TEXT = TypeAdapter(Text)
LINE = TypeAdapter(Line)


def refusal_code(adapter: TypeAdapter, written: str) -> str:
    """The code with which `written` (JSON) is refused: ours, or pydantic's type of error."""
    with pytest.raises(ValidationError) as refused:
        adapter.validate_json(written, strict=True)
    error = refused.value.errors()[0]
    cause = error.get("ctx", {}).get("error")
    return cause.code if isinstance(cause, ValueRefused) else error["type"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"2026-03-01T09:00:00+08:00"', "2026-03-01T09:00:00+08:00"),
        ('"2026-03-01T01:00Z"', "2026-03-01T09:00:00+08:00"),
        ('"2026-03-01 09:00:00.250+08:00"', "2026-03-01T09:00:00.250+08:00"),
    ],
)
def test_given_a_written_moment_then_it_is_that_moment(written: str, meant: str) -> None:
    assert MOMENT.validate_json(written, strict=True) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('"0"', "time-unreadable"),
        ('"1700000000"', "time-unreadable"),
        ('"2026-03-01"', "time-unreadable"),
        ('"2026-06-30T23:59:60Z"', "time-unreadable"),
        ('"0000-01-01T00:00:00Z"', "time-unreadable"),
        ('"2026-02-30T00:00:00Z"', "time-unreadable"),
        ('"２０２６-03-01T00:00:00Z"', "time-unreadable"),
        ('"2026-03-01T00:00:00+99:00"', "time-unreadable"),
        ('"腊月初八"', "time-unreadable"),
        ('"2026-03-01T09:00:00"', "timezone_aware"),
        ('"9999-12-31T23:59:59-14:00"', "time-out-of-range"),
        ('"0001-01-01T00:00:00+14:00"', "time-out-of-range"),
        ("0", "datetime_type"),
        ("true", "datetime_type"),
    ],
)
def test_given_no_proper_moment_then_it_is_refused(written: str, code: str) -> None:
    assert refusal_code(MOMENT, written) == code


def test_given_a_written_day_then_it_is_that_day() -> None:
    assert DAY.validate_json('"2026-03-01"', strict=True) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('"0"', "date-unreadable"),
        ('"2026-3-1"', "date-unreadable"),
        ('"2026-02-30"', "date-unreadable"),
        ('"20260301"', "date-unreadable"),
        ('"9999-12-31"', "time-out-of-range"),
        ("0", "date_type"),
    ],
)
def test_given_no_proper_day_then_it_is_refused(written: str, code: str) -> None:
    assert refusal_code(DAY, written) == code


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1200", "1200"), ('"1200.50"', "1200.50"), ("1200.5", "1200.5"), ("1e2", "100"), ("-0.0", "0"), ("-0", "0")],
)
def test_given_an_amount_then_it_is_exact(written: str, meant: str) -> None:
    amount = YUAN.validate_json(written, strict=True)
    assert amount == Decimal(meant)
    assert not amount.is_signed()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('"1_000"', "amount-unreadable"),
        ('" 5"', "amount-unreadable"),
        ('"５"', "amount-unreadable"),
        ('"-0"', "amount-unreadable"),
        ('"+5"', "amount-unreadable"),
        ('"1e2"', "amount-unreadable"),
        ('"NaN"', "amount-unreadable"),
        ("-1", "greater_than_equal"),
        ("1.005", "decimal_max_places"),
        ('"1.005"', "decimal_max_places"),
        ("1000000000000.01", "decimal_max_digits"),
        ("true", "is_instance_of"),
        ("null", "is_instance_of"),
    ],
)
def test_given_no_proper_amount_then_it_is_refused(written: str, code: str) -> None:
    assert refusal_code(YUAN, written) == code


def test_given_the_same_word_composed_and_decomposed_then_one_text_is_kept() -> None:
    assert TEXT.validate_json('"cafe\\u0301"', strict=True) == TEXT.validate_json('"caf\\u00e9"', strict=True)


def test_given_mark_up_or_a_formula_then_it_is_kept_as_written() -> None:
    assert TEXT.validate_python("<script>alert(1)</script>\r\n=1+1") == "<script>alert(1)</script>\n=1+1"


def test_given_the_longest_text_in_astral_letters_then_code_points_count() -> None:
    assert len(TEXT.validate_python("𠮷" * 10_000)) == 10_000
    with pytest.raises(ValidationError):
        TEXT.validate_python("𠮷" * 10_001)


@pytest.mark.parametrize(
    "character",
    [
        "\0",
        "\x1b",
        "\x85",
        "\u061c",
        "\u200e",
        "\u2028",
        "\u202e",
        "\u2066",
        "\ufdd0",
        "\ufeff",
        "\ufff9",
        "\U000e0041",
    ],
    ids=ascii,
)
def test_given_a_character_that_hides_or_reorders_then_the_text_is_refused(character: str) -> None:
    with pytest.raises(ValidationError, match="not allowed"):
        TEXT.validate_python(f"drain {character} blocked")


@pytest.mark.parametrize("nothing", ["", "   ", "\u3000", "\u200b\u200d", "\n\t"], ids=ascii)
def test_given_nothing_to_be_seen_then_the_text_is_refused(nothing: str) -> None:
    with pytest.raises(ValidationError, match="empty"):
        TEXT.validate_python(nothing)


@pytest.mark.parametrize("broken", ["a\nb", "a\tb", "a\r\nb"], ids=ascii)
def test_given_two_lines_where_one_is_asked_then_it_is_refused(broken: str) -> None:
    with pytest.raises(ValidationError, match="One line"):
        LINE.validate_python(broken)


def test_given_a_refused_text_then_the_refusal_does_not_repeat_it() -> None:
    with pytest.raises(ValidationError) as refused:
        TEXT.validate_python("canary-4711\x00")
    cause = refused.value.errors()[0]["ctx"]["error"]
    assert "canary" not in f"{cause}{cause.zh}{cause.en}"
