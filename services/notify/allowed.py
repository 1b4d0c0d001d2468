"""Where may notices go? Only to channels and hosts that the administrator allowed (HUIYIN_NOTICE_TARGETS).

An officer's address is read strictly and written anew for `apprise`, so that none of its many options can be reached.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

from domain.errors import Refusal

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SERVICES: Final = {
    "wecom": ("qyapi.weixin.qq.com", "wecombot://{0}", r"[A-Za-z0-9-]{8,64}"),
    "dingtalk": ("oapi.dingtalk.com", "dingtalk://{0}/", r"(?:[A-Za-z0-9]{8,100}@)?[A-Za-z0-9]{8,100}"),
    "feishu": ("open.feishu.cn", "feishu://{0}/", r"[A-Za-z0-9_-]{8,64}"),
}
"""Channel: its one host, how `apprise` writes it, and what a token looks like."""
_OWN_HOSTS: Final = {"json": 80, "jsons": 443, "mailto": 25, "mailtos": 587}
"""Channels of which the administrator says the hosts too, with their ports where none is given."""
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_MAIL: Final = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}")
_PATH: Final = re.compile(r"[A-Za-z0-9/_.~-]{0,200}")
_USER: Final = re.compile(r"[!-~]{1,100}")
_LONGEST: Final = 1000


class TargetNotAllowed(Refusal):
    code = "notice-target-not-allowed"
    zh = "此通知地址的渠道或主机未经管理员许可，或写法不合要求。请向管理员了解可用的渠道（HUIYIN_NOTICE_TARGETS）。"
    en = "That channel or host was not allowed, or the address is malformed. Ask which are (HUIYIN_NOTICE_TARGETS)."


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be used: `url` as `apprise` takes it, with its secrets; the one host and port it needs."""

    channel: str
    host: str
    port: int
    url: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the administrator allowed. `networks`: not public, and hosts may lie there all the same."""

    services: frozenset[str] = frozenset()
    hosts: frozenset[tuple[str, str, int]] = frozenset()
    networks: tuple[Network, ...] = ()

    def target(self, address: str) -> Target:
        """What an officer wrote, read strictly. Raises TargetNotAllowed, which repeats nothing of it."""
        try:
            found = _service(address) if address.partition("://")[0] in _SERVICES else _own_host(address)
        except ValueError:
            raise TargetNotAllowed from None
        if found.channel in self.services or (found.channel, found.host, found.port) in self.hosts:
            return found
        raise TargetNotAllowed


def allowed_of(text: str) -> Allowed:
    """`wecom, mailtos://mail.example:587, 10.1.0.0/16`. Raises ValueError."""
    services, hosts, networks = set[str](), set[tuple[str, str, int]](), list[Network]()
    for entry in filter(None, (part.strip() for part in text.split(","))):
        if entry in _SERVICES:
            services.add(entry)
        elif "://" in entry:
            channel, host, port = _host_of(entry)
            hosts.add((channel, host, port))
            networks += _literal(host)
        else:
            networks.append(ipaddress.ip_network(entry))
    return Allowed(frozenset(services), frozenset(hosts), tuple(networks))


def _literal(host: str) -> list[Network]:
    """An address that is itself written in the list is allowed by that."""
    try:
        return [ipaddress.ip_network(host)]
    except ValueError:
        return []


def _host_of(address: str) -> tuple[str, str, int]:
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme not in _OWN_HOSTS or not _HOST.fullmatch(host):
        raise ValueError("an entry such as jsons://hook.example, mailtos://mail.example:465, wecom or 10.1.0.0/16")
    return parts.scheme, host, parts.port or _OWN_HOSTS[parts.scheme]


def _service(address: str) -> Target:
    channel, _, token = address.partition("://")
    host, form, pattern = _SERVICES[channel]
    if not re.fullmatch(pattern, token):
        raise ValueError("token")
    return Target(channel, host, 443, form.format(token))


def _own_host(address: str) -> Target:
    if len(address) > _LONGEST or not address.isascii() or "%" in address or not address.isprintable():
        raise ValueError("characters")
    channel, host, port = _host_of(address)
    parts = urlsplit(address)
    user = _userinfo(parts.username, parts.password)
    if not _PATH.fullmatch(parts.path) or parts.fragment or ".." in parts.path:
        raise ValueError("path")
    if channel.startswith("json"):
        if parts.query:
            raise ValueError("query")
        return Target(channel, host, port, f"{channel}://{user}{host}:{port}{parts.path}")
    asked = dict(parse_qsl(parts.query, strict_parsing=True))
    if asked.keys() != {"to", "from"} or parts.path or not all(_MAIL.fullmatch(it) for it in asked.values()):
        raise ValueError("mail")
    mode = "insecure" if channel == "mailto" else "ssl" if port == 465 else "starttls"
    query = f"smtp={host}&to={quote(asked['to'])}&from={quote(asked['from'])}&mode={mode}"
    return Target(channel, host, port, f"{channel}://{user}{host}:{port}?{query}")


def _userinfo(user: str | None, password: str | None) -> str:
    if user is None:
        return ""
    given = [user] if password is None else [user, password]
    if not all(_USER.fullmatch(part) for part in given):
        raise ValueError("user")
    return ":".join(quote(part, safe="") for part in given) + "@"
