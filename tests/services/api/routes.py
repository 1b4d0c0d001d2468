"""Every write route: its path, its command, who may ask, and a body that works. Shared by the tests of the door."""

import copy
from dataclasses import dataclass
from typing import Any, Final

from domain.commands import Command
from domain.values import Role
from services.api.openapi.document import all_commands
from services.api.openapi.examples import EXAMPLES
from tests.support.casework import PEOPLE

_NOT_FIRST: Final = frozenset({Role.PROCESS, Role.HOUSEHOLD, Role.DEPARTMENT})


@dataclass(frozen=True)
class WriteRoute:
    """`by`: somebody whose role may."""

    template: str
    kind: type[Command]
    by: str

    @property
    def on_issue(self) -> bool:
        return "{number}" in self.template

    @property
    def version(self) -> int | None:
        return 1 if self.on_issue else None

    def path(self, number: str) -> str:
        return self.template.replace("{number}", number)

    def body(self) -> dict[str, Any]:
        return copy.deepcopy(dict(EXAMPLES[self.kind.__name__]))


def _by(kind: type[Command]) -> str:
    return next(name for name, actor in PEOPLE.items() if actor.role in kind.ROLES - _NOT_FIRST)


WRITE_ROUTES: Final = tuple(WriteRoute(path, kind, _by(kind)) for path, kind in all_commands().items())
IDS: Final = [route.kind.__name__ for route in WRITE_ROUTES]
