"""Logs: one line of JSON for each thing said, whatever is in it."""

import json
import os
import subprocess
import sys

FORGED = 'somebody\n{"event": "log_in", "user": "admin"}\r\n\u2028\x1b[2J'


def logged(program: str) -> str:
    """What a process that logs as the services do says on stderr; `FORGED` is a name in its program."""
    begin = f"import logging, structlog\nfrom services.logs import log_as_json\nlog_as_json()\nFORGED = {FORGED!r}\n"
    done = subprocess.run([sys.executable, "-c", begin + program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stderr.removesuffix("\n")


def test_given_line_breaks_in_what_is_logged_then_it_is_one_line_all_the_same() -> None:
    line = logged("structlog.get_logger('test').warning('said', user=FORGED)")
    assert json.loads(line)["user"] == FORGED
    assert not {"\n", "\r", "\x1b"} & set(line)


def test_given_a_librarys_message_then_the_values_in_it_are_left_out() -> None:
    line = logged("logging.getLogger('a.library').warning('said by %s', FORGED)")
    assert json.loads(line)["message"] == "said by %s"
    assert "admin" not in line


def test_given_the_worker_when_a_step_fails_then_its_log_has_the_kind_of_error_and_no_word_of_it() -> None:
    begin = "import logging; from services.worker import run_worker; from services.settings import Settings\n"
    start = "try:\n    run_worker(Settings())\nexcept Exception:\n    pass\n"  # without a database it ends at once
    fails = f"try:\n    raise ValueError({FORGED!r})\nexcept ValueError:\n    "
    said = "logging.getLogger('temporalio.activity').warning('Completing activity as failed', exc_info=True)\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + start + fails + said],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "HUIYIN_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"},
    )
    line = json.loads(done.stderr.splitlines()[-1])
    assert (line["message"], line["error"]) == ("Completing activity as failed", "ValueError")
    assert "admin" not in done.stderr
