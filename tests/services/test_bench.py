"""The benches measure the real thing: short runs of each, and the arithmetic of their tables."""

import os
import subprocess
import sys

import pytest

from services.bench import BENCHES
from services.bench.actions import run as run_actions
from services.bench.audit import run as run_audit
from services.bench.deadlines import run as run_deadlines
from services.bench.exports import run as run_exports
from services.bench.harness import quantile, table, tree_cpu_seconds
from services.bench.pages import run as run_pages
from services.bench.relay import run as run_relay
from services.bench.rls import run as run_rls

BURN = (
    "import time\nuntil = time.process_time() + 0.3\nwhile time.process_time() < until: pass\nprint('done', flush=True)"
)
WAIT = "\ninput()"


def test_given_values_when_asked_for_quantiles_then_the_share_of_values_below() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert quantile(values, 0.5) == 51
    assert quantile(values, 0.95) == 96
    assert quantile([3.0], 0.95) == 3


def test_given_rows_when_shown_then_a_table_with_every_figure() -> None:
    shown = table("a bench", [{"clients": 8, "rate": 1234.56, "share": 0.1234}], ["a note"])
    assert "| clients | rate | share |" in shown
    assert "| 8 | 1,235 | 0.123 |" in shown
    assert "a note" in shown


def test_given_a_process_and_its_child_when_they_burn_time_then_both_are_counted() -> None:
    child = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])\n"
    process = subprocess.Popen(
        [sys.executable, "-c", child + BURN + WAIT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert [process.stdout.readline().strip() for _ in range(2)] == ["done", "done"]
        assert tree_cpu_seconds(process.pid) >= 0.5
    finally:
        process.communicate("\n")


def test_given_the_list_of_benches_then_there_is_one_for_each_figure() -> None:
    named = {
        "actions",
        "relay",
        "import",
        "rebuild",
        "rls",
        "deadlines",
        "pages",
        "exports",
        "categories",
        "audit",
        "conformance",
    }
    assert set(BENCHES) == named | {"all"}


@pytest.mark.slow
def test_given_a_short_run_when_actions_are_measured_then_all_are_answered_and_the_environment_is_left_alone() -> None:
    before = dict(os.environ)
    result = run_actions((2,), slices=2, http_seconds=0.5, raw_seconds=0.3, warm_up_seconds=0.3)
    (row,) = result["rows"]
    assert row["refused"] == 0
    assert row["actions"] > 20
    assert row["raw inserts/s"] > row["actions/s"] > 0
    assert 0 < row["p50 ms"] <= row["p95 ms"]
    assert row["api"] > 0
    assert "| 2 |" in result["table"]
    assert dict(os.environ) == before


@pytest.mark.slow
def test_given_a_short_run_when_deadlines_are_measured_then_every_open_one_is_moved() -> None:
    result = run_deadlines(deadlines=50, issues=30)
    assert result["moved"] == 30
    assert [row["number"] for row in result["rows"]] == [50, 30]
    assert all(row["per second"] > 0 for row in result["rows"])


@pytest.mark.slow
def test_given_a_short_run_when_row_level_security_is_measured_then_each_question_is_answered_alike() -> None:
    result = run_rls(rows=4_000, tries=20)
    assert [row["question"] for row in result["rows"]] == ["page of 50", "one issue", "count + sum"]
    for row in result["rows"]:
        assert row["ratio"] == pytest.approx(row["with RLS"] / row["without RLS"])
        in_both = (row["with RLS, one transaction"], row["without RLS, in a transaction"])
        assert row["transactions: ratio"] == pytest.approx(in_both[0] / in_both[1])
        assert row["without RLS"] > 0
    assert "| one issue |" in result["table"]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_given_a_short_run_when_the_relay_is_measured_then_nothing_is_lost_and_every_deadline_is_kept() -> None:
    result = run_relay(rounds=1, per_round=20, burst=150, deadlines=30, wake_spread_seconds=5)
    assert result["new: ratio"] > 0
    assert result["running: ratio"] > 0
    assert result["burst: lost"] == result["deadlines: lost"] == result["answered meanwhile: lost"] == 0
    assert result["deadlines: last kept after s"] >= 0
    assert "| burst: lost | 0 |" in result["table"]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_given_a_short_run_when_pages_are_measured_then_each_is_answered_to_somebody_and_no_table_is_large() -> None:
    rows = run_pages(issues=300, tries=2)["rows"]
    asked = {(row["page"], row["by"]) for row in rows}
    assert {("/api/v1/dashboard", "township"), ("/api/v1/dashboard", "county")} <= asked
    assert len({page for page, _ in asked}) > 20
    assert all(0 < row["p50 ms"] <= row["p95 ms"] for row in rows)
    assert {row["read whole"] for row in rows} == {"none"}


@pytest.mark.slow
def test_given_a_short_run_when_proofs_are_measured_then_each_question_is_answered() -> None:
    rows = run_audit(issues=60)["rows"]
    asked = [row["what"].partition(":")[0] for row in rows]
    assert asked[:3] == ["seal, sha256", "seal, sm3", "verify"]
    assert asked[-2:] == ["what if, plan pc", "replay"]
    assert all(row["seconds"] > 0 and row["number"] > 0 for row in rows)


@pytest.mark.slow
def test_given_a_short_run_when_copies_are_measured_then_every_format_holds_every_row() -> None:
    result = run_exports(rows=60)
    assert {row["format"] for row in result["rows"]} == {"csv", "xlsx", "json", "html"}
    assert all(row["rows"] == 60 and row["MB"] > 0 for row in result["rows"])
    assert "pdf: CPU s a page" in result
