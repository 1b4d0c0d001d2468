"""Logs: one line of JSON for each thing said, whatever is in it."""

import json
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
