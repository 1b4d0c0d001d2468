"""Settings come from the environment first, then from what runs on this machine, and say so when neither helps."""

import os
import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.embedded import MachineProblem
from services.running import Running, process_started
from services.settings import Settings


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HUIYIN_") or name == "DATABASE_URL"]:
        monkeypatch.delenv(name)


def what_runs(pid: int, started: float) -> Running:
    return Running(
        pid=pid,
        pid_started=started,
        address="http://127.0.0.1:8000",
        database_url="postgresql://app",
        owner_database_url="postgresql://owner",
        follower_database_url="postgresql://follower",
        keys_database_url="postgresql://keys",
        temporal_address="127.0.0.1:7233",
        processes={"api": pid},
    )


def test_given_a_checkout_when_nothing_is_set_then_the_data_lie_in_it() -> None:
    assert Settings().home == Path(__file__).parents[2] / ".huiyin"


@pytest.mark.parametrize("variable", ["DATABASE_URL", "HUIYIN_DATABASE_URL"])
def test_given_a_database_url_when_set_then_it_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    what_runs(os.getpid(), process_started(os.getpid())).write(tmp_path)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path))
    monkeypatch.setenv(variable, "postgresql://elsewhere")
    assert Settings().database_url == "postgresql://elsewhere"
    assert Settings().owner_database_url == "postgresql://owner"


def test_given_an_instance_runs_when_nothing_is_set_then_its_addresses_are_used(tmp_path: Path) -> None:
    what_runs(os.getpid(), process_started(os.getpid())).write(tmp_path)
    settings = Settings(home=tmp_path)
    assert settings.database_url == "postgresql://app"
    assert settings.follower_database_url == "postgresql://follower"
    assert settings.keys_database_url == "postgresql://keys"
    assert settings.temporal_address == "127.0.0.1:7233"
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600


def test_given_a_killed_instance_whose_pid_lives_again_when_asked_then_it_says_that_nothing_runs(
    tmp_path: Path,
) -> None:
    what_runs(os.getpid(), process_started(os.getpid()) - 3600).write(tmp_path)
    with pytest.raises(MachineProblem, match="make run") as refused:
        _ = Settings(home=tmp_path).database_url
    assert refused.value.code == "nothing-runs-here"


def test_given_a_half_written_state_when_asked_then_it_says_that_nothing_runs(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"pid": 1')
    assert Running.find(tmp_path) is None


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HUIYIN_PUBLIC_URL", "http://huiyin.example"),
        ("HUIYIN_PUBLIC_URL", "https://a/b"),
        ("HUIYIN_OIDC_ISSUER", "http://login.example"),
        ("HUIYIN_PORT", "0"),
        ("HUIYIN_PORT", "x"),
        ("HUIYIN_WAKE_SPREAD_SECONDS", "-1"),
        ("HUIYIN_PLAN", "../cx"),
    ],
)
def test_given_a_value_out_of_range_when_read_then_it_is_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValidationError):
        Settings()


def test_given_passwords_when_shown_then_they_are_left_out(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, given_database_url="postgresql://app:secret@db/huiyin")
    assert "secret" not in repr(settings)


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_given_proxies_that_are_no_addresses_when_read_then_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8")
    assert Settings().trusted_proxies == "10.0.0.0/8, fd00::/8"
    monkeypatch.setenv("HUIYIN_TRUSTED_PROXIES", "the balancer")
    with pytest.raises(ValidationError):
        Settings()
