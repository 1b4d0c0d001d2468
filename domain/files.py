"""Which photos and papers does a command or an event name? By digests: SHA-256 of what is stored, never of the picture.

The door asks of commands (services/files/claiming.py), readers of events; decisions never look at a file.
"""

from typing import Final

from pydantic import BaseModel

FILE_FIELDS: Final = ("photos", "before", "evidence")
"""The fields that name files: as they were taken, before the work, and after it."""


def files_by_field(said: BaseModel) -> dict[str, tuple[str, ...]]:
    """The digests of what is named, by field; fields that name nothing are left out."""
    found = {name: getattr(said, name, ()) for name in FILE_FIELDS}
    return {name: digests for name, digests in found.items() if digests}


def files_named_in(said: BaseModel) -> tuple[str, ...]:
    """The digests of everything that is named, each once."""
    return tuple(dict.fromkeys(digest for digests in files_by_field(said).values() for digest in digests))


def names_files(kind: type[BaseModel]) -> bool:
    """Whether commands or events of this class can name any."""
    return not kind.model_fields.keys().isdisjoint(FILE_FIELDS)
