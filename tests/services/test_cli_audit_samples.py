"""`huiyin audit sample`: asked for, sealed, drawn; drawn again the same, and not from a log that was changed."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from domain.audit.errors import SampleNotSealed
from projections.seal import seal_once
from services.cli import audit_samples
from services.cli.audit_samples import SampleDiffers
from services.cli.organisation import OptionUnfit
from tests.services.test_bulletin_basis import Township, township
from tests.services.test_cli_bulletins import run
from tests.support.casework import clock

__all__ = ["clock", "township"]


@pytest.fixture
def sealer(township: Township) -> Iterator[Township]:
    """The township, whose log somebody seals meanwhile."""
    done = threading.Event()

    def seal() -> None:
        with psycopg.connect(township.database.follower_dsn, autocommit=True) as connection:
            while not done.wait(0.05):
                seal_once(connection)

    thread = threading.Thread(target=seal)
    thread.start()
    yield township
    done.set()
    thread.join()


def test_given_a_sample_then_it_is_drawn_again_the_same_and_not_from_another_log(
    sealer: Township, tmp_path: Path
) -> None:
    words = ("audit", "sample", "--number", "3", "--by", "auditor", "--json")
    done = run(sealer.database, tmp_path, *words)
    assert done.exit_code == 0, done.output
    drawn = json.loads(done.output)
    assert 0 < len(drawn["items"]) <= 3
    verify = ("audit", "sample", "--verify", drawn["sample_id"])
    again = run(sealer.database, tmp_path, *verify)
    assert (again.exit_code, again.output.count("一致 same")) == (0, 6)
    with psycopg.connect(sealer.database.superuser_dsn, autocommit=True) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute("alter table ledger_events disable trigger append_only")
        owner.execute("update ledger_events set recorded_at = recorded_at + interval '1 second'"
                      " where topic = 'audit.sample_asked'")  # fmt: skip
    assert isinstance(run(sealer.database, tmp_path, *verify).exception, SampleDiffers)


def test_given_nobody_who_seals_then_it_says_so(
    township: Township, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_samples, "_SEALED_WITHIN", 0.0)
    done = run(township.database, tmp_path, "audit", "sample", "--number", "3", "--by", "auditor")
    assert isinstance(done.exception, SampleNotSealed)


@pytest.mark.parametrize("words", [("--number", "0", "--by", "auditor"), ("--number", "3"), ("--kind", "x")])
def test_given_options_that_do_not_fit_then_nothing_is_asked_for(
    township: Township, tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert isinstance(run(township.database, tmp_path, "audit", "sample", *words).exception, OptionUnfit)
