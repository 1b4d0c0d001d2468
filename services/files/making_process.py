"""A process that makes one file over, within bounds of memory and time, and that reaches nothing.

Started by making.py for each file: decoders of pictures are large programs in C, and what they read comes from anybody.
Reads the content from standard input; writes one line of JSON and then the content and its preview, or a refusal.
"""

import json
import resource
import sys
from typing import Any

MOST_MEMORY = 1 << 30  # bytes
MOST_SECONDS = 20  # of the processor
_FORBIDDEN = ("socket.", "subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn", "ctypes.dlopen")


def _confine() -> None:
    """No more memory and time than this, no file written; from here on nothing is connected or started."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def guard(event: str, _: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError(event)

    sys.addaudithook(guard)


def main() -> None:
    """One file."""
    from services.files import kinds, papers, pictures

    _confine()
    raw = sys.stdin.buffer.read()
    kind = kinds.kind_of(raw)
    try:
        if kind is None:
            raise pictures.Refused("file-kind-not-taken")
        if kind == kinds.PDF:
            said, parts = {"media_type": kind}, (papers.made_over(raw), b"")
        else:
            made = pictures.made_over(raw, kind, keep_position="keep-position" in sys.argv)
            said = {"media_type": made.media_type, "width": made.width, "height": made.height}  # type: ignore[dict-item]
            parts = (made.content, made.preview)
    except pictures.Refused as refused:
        said, parts = {"refused": str(refused)}, (b"", b"")
    except MemoryError:
        said, parts = {"refused": "picture-too-large"}, (b"", b"")
    line = json.dumps({**said, "bytes": len(parts[0])}).encode()
    sys.stdout.buffer.write(b"".join([line, b"\n", *parts]))


if __name__ == "__main__":
    main()
