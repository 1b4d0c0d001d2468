"""Makes PDFs of printed pages, through a process of its own (pdf_process.py): WeasyPrint's memory is nobody else's.

The process stays for a while after a page, for it takes longer to start than to print; then it ends by itself.
"""

import os
import select
import subprocess  # our own program, no shell
import sys
import threading
import time
from functools import cache
from typing import Final

from domain.errors import HuiyinError

SECONDS_EACH: Final = 120.0
"""So long one document may take; then the process is ended."""
_KEPT: Final = ("PATH", "PYTHONPATH", "LANG", "HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME")
"""Of our environment: no database address, no key, no proxy."""
_HEAD: Final = 9
PDF, AWAY, FAILED = b"P", b"A", b"F"
"""How an answer begins: a document; what it needs is not on this machine; it could not be made."""


class PdfNotAvailable(HuiyinError):
    code = "pdf-not-available"
    zh = (
        "本机缺少生成 PDF 所需的 Pango 或中文字体。请管理员安装："
        "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk；"
        "在此之前可打开打印页面（html）用浏览器打印，或导出 xlsx。"
    )
    en = (
        "PDFs need Pango and a Chinese font, which this machine lacks. Install them: "
        "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk; "
        "until then print the html from a browser, or take the xlsx."
    )


class PdfFailed(HuiyinError):
    code = "pdf-failed"
    zh = "未能在规定时间内生成 PDF。请缩小范围（村、期间）后重试，或导出 xlsx。"
    en = "The PDF could not be made in time. Ask for less (a village, a period) and try again, or take the xlsx."


class PdfPress:
    """One process that prints, one document at a time. Safe to call from several threads; `close` ends it."""

    def __init__(self, seconds_each: float = SECONDS_EACH) -> None:
        self._seconds_each = seconds_each
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def pdf(self, page: str) -> bytes:
        """The page as a PDF. Raises PdfNotAvailable, PdfFailed."""
        with self._lock:
            for _ in range(2):  # it may have gone to rest a moment ago
                answered = self._ask(page.encode())
                if answered is not None:
                    kind, content = answered
                    if kind == PDF:
                        return content
                    raise PdfNotAvailable if kind == AWAY else PdfFailed
            raise PdfFailed

    def close(self) -> None:
        """Ends the process, if it is there."""
        with self._lock:
            self._end()

    def _ask(self, page: bytes) -> tuple[bytes, bytes] | None:
        process = self._running()
        until = time.monotonic() + self._seconds_each
        if process.stdin is None or process.stdout is None:
            raise PdfFailed
        try:
            process.stdin.write(len(page).to_bytes(_HEAD - 1) + page)
            process.stdin.flush()
            head = self._read(process.stdout.fileno(), _HEAD, until)
            return head[:1], self._read(process.stdout.fileno(), int.from_bytes(head[1:]), until)
        except TimeoutError:
            self._end()
            raise PdfFailed from None
        except (EOFError, OSError):
            self._end()
            return None

    def _read(self, pipe: int, length: int, until: float) -> bytes:
        """So many bytes. Raises EOFError, TimeoutError."""
        found = bytearray()
        while len(found) < length:
            if not select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError
            piece = os.read(pipe, min(length - len(found), 1 << 20))
            if not piece:
                raise EOFError
            found += piece
        return bytes(found)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
            command = [sys.executable, "-m", "services.exports.pdf_process"]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment)  # noqa: S603
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was not flushed went with the process


@cache
def press() -> PdfPress:
    """This process's own press."""
    return PdfPress()
