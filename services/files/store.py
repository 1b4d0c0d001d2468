"""Where do the contents lie? In a folder of this machine or in a store that speaks S3, each under an opaque name.

Called by kept.py with what is sealed already: nobody who reads the store can read a file.
"""

import contextlib
import os
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from services.files.problems import StoreAway

PREVIEW: Final = "-preview"


class Store(Protocol):
    """What kept.py needs of a store. Every method raises StoreAway."""

    def put(self, name: str, content: bytes) -> None:
        """The content under this name, durably."""
        ...

    def get(self, name: str) -> bytes | None:
        """What lies there, or None."""
        ...

    def remove(self, name: str) -> None:
        """Nothing lies there any more."""
        ...


def name_of(file_id: UUID, *, preview: bool = False) -> str:
    """Under which name a file's content lies: nothing of whose it is. The first letters spread it over folders."""
    return f"{file_id.hex[:2]}/{file_id.hex}{PREVIEW if preview else ''}"


class ObjectsAt:
    """A store of the library `obstore`."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put(self, name: str, content: bytes) -> None:
        """As Store.put."""
        try:
            obstore.put(self._store, name, content)
        except (BaseError, OSError) as error:
            raise StoreAway from error

    def get(self, name: str) -> bytes | None:
        """As Store.get."""
        try:
            return bytes(obstore.get(self._store, name).bytes())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise StoreAway from error

    def remove(self, name: str) -> None:
        """As Store.remove."""
        try:
            with contextlib.suppress(FileNotFoundError):
                obstore.delete(self._store, name)
        except (BaseError, OSError) as error:
            raise StoreAway from error


class Folder(ObjectsAt):
    """A folder of this machine, readable by us alone; what is put there survives a power cut."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(LocalStore(prefix=folder))
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        """As Store.put: the library writes beside and renames, but leaves it to the system when that is on disk."""
        super().put(name, content)
        path = self._folder / name
        try:
            for each in (path, path.parent, self._folder):
                _synced(each)
        except OSError as error:
            raise StoreAway from error


def _synced(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def open_store(url: str | None, home: Path) -> Store:
    """The store at `s3://bucket/prefix` or `file:///folder`; None: the folder `files` of the data folder.

    S3 takes its region, endpoint and credentials from the environment, in the names that everybody uses (AWS_…).
    """
    parts = urlsplit(url or "")
    if parts.scheme == "s3":
        return ObjectsAt(S3Store.from_url(str(url)))
    return Folder(Path(parts.path) if url else home / "files")
