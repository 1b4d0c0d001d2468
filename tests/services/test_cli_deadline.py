"""`huiyin deadline`: right answers for people and programs, words and status 2 for what cannot be counted."""

import json

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from services.cli.deadline import deadline

app = typer.Typer()
app.command()(deadline)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_given_working_days_then_the_due_time_is_told_in_both_languages() -> None:
    done = run("--from", "2026-02-12T10:00+08:00", "--days", "5", "--unit", "working")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "截止 2026-02-26 23:59:59（北京时间）",
        "due 2026-02-26 23:59:59 (Beijing time)",
    ]


def test_given_json_then_a_program_can_read_it() -> None:
    done = run("--from", "2026-08-03T02:00Z", "--days", "60", "--unit", "natural", "--roll", "--json")
    assert json.loads(done.stdout) == {
        "started_at": "2026-08-03T10:00:00+08:00",
        "amount": 60,
        "unit": "natural",
        "roll": True,
        "due_at": "2026-10-08T23:59:59+08:00",
        "provisional": False,
    }


def test_given_explain_then_each_day_is_told_twice_and_as_data() -> None:
    arguments = ("--from", "2026-02-27T10:00+08:00", "--days", "2", "--unit", "working", "--explain")
    lines = run(*arguments).stdout.splitlines()
    assert lines[1] == "2026-02-28 周六    1  调休上班"
    assert lines[7] == "2026-02-28 Sat    1  make-up workday"
    answer = json.loads(run(*arguments, "--json").stdout)
    assert answer["days"][1] == {"date": "2026-02-28", "counted": True, "why": "make_up_day", "official": True}
    assert [*answer["explanation"]["zh"], "", *answer["explanation"]["en"]] == lines


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "2026-02-12T10:00", "--days", "5"), "时区"),
        (("--from", "2026-02-12", "--days", "5"), "时区"),
        (("--from", "tomorrow", "--days", "5"), "2026-02-12T10:00+08:00"),
        (("--from", "2026-02-12T10:00+08:00", "--days", "0"), "3660"),
        (("--from", "2026-02-12T10:00+08:00", "--days", "3661"), "3660"),
        (("--from", "2026-02-12T10:00+08:00", "--days", "5", "--unit", "working", "--roll"), "--roll"),
        (("--from", "9999-12-31T10:00+08:00", "--days", "5"), "9999"),
        (("--from", "0001-01-01T00:00+14:00", "--days", "5"), "9999"),
        (("--from", "2026-02-12T10:00+08:00", "--days", "many"), "--days"),
        (("--from", "2026-02-12T10:00+08:00", "--days", "5", "--unit", "weeks"), "--unit"),
        (("--days", "5"), "--from"),
    ],
)
def test_given_what_cannot_be_counted_then_it_is_refused_in_words(arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
