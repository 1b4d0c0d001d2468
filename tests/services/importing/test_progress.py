"""Progress goes to stderr: a bar at a terminal, plain lines now and then elsewhere."""

import io

import pytest
from rich.console import Console
from rich.progress import Progress

from services.importing.progress import Bar, Lines, watch


def test_given_no_terminal_then_plain_lines_come_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = iter([0.0, 1.0, 5.0, 5.0, 6.0, 11.0, 11.0])
    monkeypatch.setattr("services.importing.progress.time.monotonic", lambda: next(seconds))

    told = Lines().writing(400)
    for _ in range(4):
        told(100)

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == ["写入 Writing: 200/400", "写入 Writing: 400/400"]


def test_given_no_terminal_then_watch_gives_lines() -> None:
    with watch() as seen:
        assert isinstance(seen, Lines)


def test_given_a_terminal_then_a_bar_shows_how_far_it_is() -> None:
    drawn = io.StringIO()
    bars = Progress(console=Console(file=drawn, force_terminal=True, width=80), auto_refresh=False)
    bar = Bar(bars)

    bar.reading(50)(25)
    bar.writing(200)(100)

    assert [(task.completed, task.total) for task in bars.tasks] == [(25, 50), (100, 200)]
