"""`huiyin bench NAME`: measurements of this machine as ratios and CPU costs. docs/benchmarks.md says what they mean.

Each entry measures when called and returns a dict for JSON whose `table` is the same for people.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

_MODULES: Final[Mapping[str, str]] = {
    "actions": "services.bench.actions",
    "relay": "services.bench.relay",
    "import": "services.bench.importing",
    "rebuild": "services.bench.rebuild",
    "rls": "services.bench.rls",
    "deadlines": "services.bench.deadlines",
    "pages": "services.bench.pages",
    "exports": "services.bench.exports",
    "categories": "services.bench.categories",
    "audit": "services.bench.audit",
    "conformance": "services.bench.conformance",
}


_ON_DATA: Final = frozenset({"categories"})
"""They need data that do not come along, and are measured by name only."""


def _measure(name: str, **size: int) -> dict[str, Any]:
    result: dict[str, Any] = import_module(_MODULES[name]).run(**size)
    return result


def _measure_all() -> dict[str, Any]:
    results = {name: _measure(name) for name in _MODULES if name not in _ON_DATA}
    return {**results, "table": "\n\n".join(str(result.pop("table")) for result in results.values())}


def _bench(name: str) -> Callable[..., dict[str, Any]]:
    return lambda **size: _measure(name, **size)


OF_A_SIZE: Final = frozenset({"audit", "pages", "rebuild"})
"""They take `issues`, how many there are."""
BENCHES: Final[Mapping[str, Callable[..., dict[str, Any]]]] = {
    **{name: _bench(name) for name in _MODULES},
    "all": _measure_all,
}
"""Name on the command line -> what measures."""
