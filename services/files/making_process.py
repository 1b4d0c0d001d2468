"""A process that makes one file over, within bounds of memory and time, and that reaches nothing.

Started by making.py for each file: decoders of pictures are large programs in C, and what they read comes from anybody.
Reads the content from standard input; writes one line of JSON and then the content and its preview, or a refusal.
"""

import json
import resource
import sys
from importlib import import_module
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


def answer(raw: bytes, *, keep_position: bool) -> tuple[dict[str, Any], bytes, bytes]:
    """What is said of the file, its content as it is kept, and its preview; or the code of why it is refused."""
    from services.files import kinds, papers, pictures

    kind = kinds.kind_of(raw)
    try:
        if kind is None:
            return {"refused": "file-kind-not-taken"}, b"", b""
        if kind == kinds.PDF:
            return {"media_type": kind}, papers.made_over(raw), b""
        made = pictures.made_over(raw, kind, keep_position=keep_position)
    except pictures.Refused as refused:
        return {"refused": str(refused)}, b"", b""
    except MemoryError:
        return {"refused": "picture-too-large"}, b"", b""
    return {"media_type": made.media_type, "width": made.width, "height": made.height}, made.content, made.preview


def main() -> None:
    """One file."""
    import_module("services.files.papers")  # and with it all decoders, before nothing can be loaded any more
    _confine()
    said, content, preview = answer(sys.stdin.buffer.read(), keep_position="keep-position" in sys.argv)
    line = json.dumps({**said, "bytes": len(content)}).encode()
    sys.stdout.buffer.write(b"".join([line, b"\n", content, preview]))


if __name__ == "__main__":
    main()
