"""A process that shows checkpoints to witnesses, and can reach nothing but each of them.

Started by asking.py for a moment. Reads requests from standard input and writes one line for each that was answered;
follows no redirect, uses no proxy, takes no long answer.
"""

import http.client
import json
import signal
import ssl
import sys
from base64 import b64encode
from urllib.parse import urlsplit

from services.notify.posting_process import SECONDS_EACH, Guard

_MOST_BYTES = 65_536
_ANYWHERE = ["0.0.0.0/0", "::/0"]  # whoever keeps the machine names witnesses, also on the office's own network


def _out_of_time(*_: object) -> None:
    raise TimeoutError


def main() -> None:
    """Every witness in its turn."""
    requests = json.load(sys.stdin)
    guard = Guard()
    sys.addaudithook(guard)
    signal.signal(signal.SIGALRM, _out_of_time)
    for request in requests:
        at = urlsplit(request["url"])
        port = at.port or (443 if at.scheme == "https" else 80)
        guard.allow(at.hostname or "", port, _ANYWHERE)
        signal.alarm(SECONDS_EACH)
        try:
            status, kind, body = _answer(at.scheme, at.hostname or "", port, at.path, request["body"].encode())
        except (OSError, http.client.HTTPException):  # gone, too slow, or no HTTP
            continue
        finally:
            signal.alarm(0)
        told = {"witness": request["witness"], "status": status, "kind": kind, "body": b64encode(body).decode()}
        print(json.dumps(told), flush=True)  # noqa: T201


def _answer(scheme: str, host: str, port: int, path: str, body: bytes) -> tuple[int, str, bytes]:
    if scheme == "https":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, port, timeout=SECONDS_EACH, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(host, port, timeout=SECONDS_EACH)
    connection.request("POST", f"{path}/add-checkpoint", body, {"Content-Type": "text/plain; charset=utf-8"})
    response = connection.getresponse()
    return response.status, response.getheader("Content-Type", ""), response.read(_MOST_BYTES)


if __name__ == "__main__":
    main()
