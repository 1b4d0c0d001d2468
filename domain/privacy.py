"""Which words of an event belong to a household, and how are they sealed before they reach the log?

Event classes mark them `Personal`; casework seals them between decision and append. Nothing that follows the log ever
needs a key: a sealed text is a text. Only `services/privacy` opens it, for somebody who may, and records the look.
"""

from functools import lru_cache
from typing import Annotated, Any, Final, Protocol, TypeVar, get_args

from domain.events import DomainEvent
from domain.values import SEALED

E = TypeVar("E", bound=DomainEvent)


class _Mark:
    """Stands in the annotation of a field; pydantic passes it over, so that decoding costs nothing more."""


Personal = Annotated[str, _Mark()]
"""Free text about a case: it can name a person. Its length was the command's business; sealed, it is longer."""


class Vault(Protocol):
    """Keeps one key per household."""

    def seal(self, subject: str, place: str, words: str) -> str:
        """The words under the present key of `subject`, bound to `place`. Raises Unavailable: no key, nothing done."""
        ...

    def close(self) -> None:
        """Let go of whatever it holds open."""
        ...


def subject_of(village: str, household: str) -> str:
    """Whose words they are: the name under which a household has its key."""
    return f"{village}/{household}"


def is_sealed(text: str) -> bool:
    """Whether this is a sealed text; nobody can type one."""
    return text.startswith(SEALED)


@lru_cache(maxsize=512)
def personal_fields(kind: type[DomainEvent]) -> tuple[str, ...]:
    """The fields of an event class that are marked `Personal`."""
    return tuple(
        name
        for name, field in kind.model_fields.items()
        if any(isinstance(each, _Mark) for each in field.metadata) or _has_mark(field.annotation)
    )


def _has_mark(annotation: Any) -> bool:
    return isinstance(annotation, _Mark) or any(_has_mark(each) for each in get_args(annotation))


def sealed_for(subject: str, event: E, vault: Vault, names: tuple[str, ...] | None = None) -> E:
    """The event with its personal words (or those of `names`) sealed; what is sealed already stays as it is."""
    found: dict[str, str] = {}
    for name in personal_fields(type(event)) if names is None else names:
        words: str | None = getattr(event, name)
        if words is not None and not is_sealed(words):
            found[name] = vault.seal(subject, place_of(event, name), words)
    return event.model_copy(update=found) if found else event


def place_of(event: DomainEvent, field: str) -> str:
    """Where in the log the words stand: sealed words moved elsewhere do not open."""
    return f"{event.TOPIC}:{field}:{event.class_version}"


ERASED: Final = "（已清除）"
"""What is shown of words whose key was destroyed."""
UNREADABLE: Final = "（暂不可读）"
"""What is shown while the keys cannot be reached, or the look could not be recorded."""
WITHHELD: Final = "（不予显示）"
"""What is shown to those who may see the case but not the household's words."""
IN_ENGLISH: Final = {ERASED: "(erased)", UNREADABLE: "(cannot be read now)", WITHHELD: "(withheld)"}
