"""A process that delivers messages by `apprise`, and can reach nothing but what each of them may.

Started by posting.py for a moment, so that `apprise` costs memory only while something is sent. Reads deliveries from
standard input and writes one line for each; it logs nothing, for addresses hold secrets.
"""

import ipaddress
import json
import logging
import signal
import sys
from importlib import import_module
from typing import Any

SECONDS_EACH = 10
CHANNELS = {
    "wecombot": ("apprise.plugins.wecombot", "NotifyWeComBot"),
    "dingtalk": ("apprise.plugins.dingtalk", "NotifyDingTalk"),
    "feishu": ("apprise.plugins.feishu", "NotifyFeishu"),
    "json": ("apprise.plugins.custom_json", "NotifyJSON"),
    "jsons": ("apprise.plugins.custom_json", "NotifyJSON"),
    "mailto": ("apprise.plugins.email.base", "NotifyEmail"),
    "mailtos": ("apprise.plugins.email.base", "NotifyEmail"),
}
"""Where `apprise` keeps the few channels that may be allowed at all."""


class Guard:
    """An audit hook, which nobody can take out again: each look-up and connection is held against what is allowed."""

    def __init__(self) -> None:
        self.host, self.port, self.networks = "", 0, list[Any]()

    def allow(self, host: str, port: int, networks: list[str]) -> None:
        """From now on only this host and port; not public addresses only within these networks."""
        self.host, self.port, self.networks = host, port, [ipaddress.ip_network(it) for it in networks]

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Raises PermissionError."""
        if event == "socket.getaddrinfo" and arguments[0] not in (self.host, self.host.encode()):
            raise PermissionError("another host")
        if event == "socket.connect":
            self._connects(arguments[1])
        if event in ("socket.sendto", "subprocess.Popen", "os.system"):
            raise PermissionError(event)

    def _connects(self, address: Any) -> None:
        if not isinstance(address, tuple) or address[1] != self.port:
            raise PermissionError("another port")
        ip = ipaddress.ip_address(address[0])
        ip = getattr(ip, "ipv4_mapped", None) or ip
        if not (ip.is_global and not ip.is_multicast) and not any(ip in network for network in self.networks):
            raise PermissionError("not a public address")


def _out_of_time(*_: Any) -> None:
    raise TimeoutError


def main() -> None:
    """Every delivery in its turn."""
    deliveries = json.load(sys.stdin)
    logging.disable(logging.CRITICAL)
    guard = Guard()
    sys.addaudithook(guard)
    load_once()
    signal.signal(signal.SIGALRM, _out_of_time)
    for delivery in deliveries:
        guard.allow(delivery["host"], delivery["port"], delivery["networks"])
        signal.alarm(SECONDS_EACH)
        try:
            done = _deliver(delivery)
        except Exception:  # whatever it was: its words may quote the address
            done = False
        finally:
            signal.alarm(0)
        print(json.dumps({"id": delivery["id"], "done": done}), flush=True)  # noqa: T201


def load_once() -> None:
    """What takes seconds the first time, and is no receiver's fault."""
    for module, _ in CHANNELS.values():
        import_module(module)


def _deliver(delivery: dict[str, Any]) -> bool:
    """Without apprise's own choice of channels: that loads all hundred and fifty, and would take any of them."""
    import apprise

    asset = apprise.AppriseAsset(
        app_id="Huiyin", app_desc="回音 Huiyin", app_url="", async_mode=False, http_redirects=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY, secure_logging=True,
    )  # fmt: skip
    module, name = CHANNELS[delivery["url"].partition("://")[0]]
    channel = getattr(import_module(module), name)
    parsed = channel.parse_url(delivery["url"])
    return bool(channel(**parsed, asset=asset).notify(title=delivery["title"], body=delivery["body"]))


if __name__ == "__main__":
    main()
