"""As a newcomer meets Huiyin: the demonstration township, the tours as they are written, the pages in a browser."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from domain.values import Role
from tests.support.browser import look_at
from tests.support.system import HUIYIN, System

ROOT = Path(__file__).resolve().parents[2]
INVENTED = (
    "message_id,user_id,subject,created_at,body,reply,replied_at,reply_hours\n"
    "X-1,U-1,路灯,2019-04-25T09:32:09,灯不亮,已修好,2019-04-26T09:00:00,23\n"
)


class Demonstration(System):
    """A system as `make run` leaves it on the first start."""

    @property
    def environment(self) -> dict[str, str]:
        """With the demonstration, and `huiyin` on the path as the tour puts it there."""
        path = f"{HUIYIN.parent}{os.pathsep}{os.environ['PATH']}"
        return super().environment | {"HUIYIN_DEMONSTRATION": "true", "PATH": path}

    def _let_people_in(self) -> None:
        self.tokens = json.loads((self.home / "demonstration-tokens.json").read_text())


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    system = Demonstration(tmp_path_factory.mktemp("newcomer") / "home")
    try:
        system.start()
        yield system
    finally:
        system.stop()


def tour_of(readme: str) -> str:
    """The commands of a README's tour."""
    text = (ROOT / readme).read_text("utf-8")
    tour = text[text.index("## A tour" if "## A tour" in text else "## 五分钟") :]
    return "\n".join(re.findall(r"```sh\n(.*?)```", tour, re.DOTALL))


def test_given_the_first_start_then_every_role_has_a_token_and_the_terminal_shows_where_to_go(
    demonstration: Demonstration,
) -> None:
    said = demonstration.output.read_text()
    assert demonstration.address in said
    assert str(demonstration.running.temporal_ui) in said
    for user, token in demonstration.tokens.items():
        assert f"{user} " in said
        assert token in said
    assert set(demonstration.tokens) == {"handler", "lead", "committee", "finance", "department", "auditor", "admin"}


def test_given_the_first_start_then_the_password_that_is_shown_logs_everybody_in(demonstration: Demonstration) -> None:
    home = Path(demonstration.environment["HUIYIN_HOME"])
    password = json.loads((home / "demonstration-password.json").read_text())["password"]
    assert password in demonstration.output.read_text()
    for user in demonstration.tokens:
        answer = httpx.post(f"{demonstration.address}/api/v1/session", json={"name": user, "password": password})
        assert answer.status_code == 200, answer.text
        assert answer.json()["must_change_password"] is False


@pytest.mark.parametrize("readme", ["README.md", pytest.param("README.zh-CN.md", marks=pytest.mark.slow)])
def test_given_the_tour_as_written_when_it_is_followed_then_it_does_what_it_says(
    demonstration: Demonstration, tmp_path: Path, readme: str
) -> None:
    file = tmp_path / "invented.csv"
    file.write_text(INVENTED, "utf-8")
    tour = tour_of(readme).replace("127.0.0.1:8000", f"127.0.0.1:{demonstration.port}").replace("FILE.csv", str(file))
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", tour],
        env=demonstration.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "receipt_code" in done.stderr
    if readme == "README.md":
        assert '"no-answer-given"' in done.stdout
    for expected in (
        "待党委会研究",
        "All is well",
        "no difference",
        "workflows told",
        "A dry run: nothing was written",
    ):
        assert expected in done.stdout, expected


def test_given_the_demonstration_then_each_role_finds_something_to_do(demonstration: Demonstration) -> None:
    with demonstration.client("lead") as client:
        stages = {item["stage"] for item in client.get("/api/v1/issues?limit=100").body["items"]}
    waiting_for = {
        Role.CASE_HANDLER: {"logged", "reply", "works"},
        Role.STATION_LEAD: {"submission", "answered", "with_county"},
        Role.COMMITTEE_MEMBER: {"committee"},
        Role.FINANCE: {"funding"},
        Role.DEPARTMENT: {"escalated"},
        Role.AUDITOR: {"closed"},
    }
    for role, owed in waiting_for.items():
        assert owed <= stages, role


def test_given_a_wrong_command_then_words_and_no_stack_trace(demonstration: Demonstration) -> None:
    for arguments, status in (
        (("issue", "show", "NO-2026-0001"), 1),
        (("ledger", "nothing"), 2),
        (("rebuild", "nothing"), 2),
        (("follow", "nothing"), 1),
        (("issue", "history", "QS-2026-0001", "--as-of", "yesterday"), 2),
        (("token", "create", "--user", "nobody"), 1),
    ):
        done = demonstration.cli(*arguments)
        assert done.returncode == status, (arguments, done.stdout, done.stderr)
        assert "Traceback" not in done.stdout + done.stderr
        assert re.search("[\u4e00-\u9fff]", done.stderr), arguments


def test_given_another_time_then_the_ledger_is_told_as_it_was(demonstration: Demonstration) -> None:
    def numbers(*when: str) -> list[str]:
        done = demonstration.cli("ledger", "issues", "--format", "json", *when)
        assert done.returncode == 0, done.stderr
        return [row["编号"] for row in json.loads(done.stdout)]

    now, before = numbers(), numbers("--as-of", "2000-01-01T00:00+08:00")
    assert before == []
    assert numbers("--known-at", "2999-01-01T00:00+08:00") == now


@pytest.mark.parametrize(("path", "heading"), [("/", "Huiyin"), ("/api/docs", "The API")])
def test_given_a_browser_then_the_page_shows_and_its_policy_blocks_nothing(
    demonstration: Demonstration, tmp_path: Path, path: str, heading: str
) -> None:
    seen = look_at(demonstration.address + path, tmp_path)
    assert heading in seen.page
    assert not seen.complained, seen.log


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_given_the_administrators_page_when_it_is_followed_then_every_command_does_what_it_says(
    demonstration: Demonstration, tmp_path: Path
) -> None:
    page = (ROOT / "docs" / "administrators.md").read_text("utf-8")
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL))
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", commands],
        env=demonstration.environment,
        cwd=tmp_path,
        input="seven quiet herons by the dyke\n",
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    copied = json.loads((tmp_path / "copy.json").read_text("utf-8"))
    assert copied["household"]["phone"] == "13900139000"
    for expected in (
        "村 SH 上河村 ← PC1",
        "新增 new 5",
        "adopted: pc@2, 平川镇, 2099-01-01 00:00",
        "keys/township.key",
        "second.admin 任 PC 管理员",
        "zhang.wei no longer case handler at PC1",
        "no difference",
        "All is well",
    ):
        assert expected in done.stdout, (expected, done.stdout)
