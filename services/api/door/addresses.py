"""From which address does a request come? The peer's, unless it is a proxy of ours: then what that proxy says.

Used for counting requests only. A header that anybody may send is believed only as far as our own proxies wrote it.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]

_UNKNOWN: Final = "unknown"
_ONE_CUSTOMER: Final = 64
"""Bits of an IPv6 address that name a line; the rest a household's devices choose as they like."""


def networks(text: str) -> Networks:
    """`10.0.0.0/8, 192.168.1.7` as networks. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def counted_address(host: str, forwarded_for: Sequence[str], trusted_proxies: Networks) -> str:
    """The address for which a request from `host` counts; `forwarded_for`: every X-Forwarded-For that it brought."""
    peer = _read(host)
    if peer is None:
        return _UNKNOWN
    hops = ",".join(forwarded_for).split(",")
    while hops and _is_one_of(peer, trusted_proxies):
        before = _read(hops.pop().strip())
        if before is None:
            break
        peer = before
    if isinstance(peer, IPv6Address):
        return str(ip_network((peer, _ONE_CUSTOMER), strict=False))
    return str(peer)


def _read(text: str) -> Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _is_one_of(address: Address, known: Networks) -> bool:
    return any(address.version == network.version and address in network for network in known)
