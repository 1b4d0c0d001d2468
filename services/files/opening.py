"""The files of an installation as its settings say, joined for services/bootstrap.py, worker and command line."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from domain.casework import Casework
from services.files.checking import Checking
from services.files.kept import Files
from services.files.sealing import FileSeal
from services.files.store import open_store
from services.files.sweeping import Sweeping
from services.keys import load_or_create
from services.persistence.file_book import FileBook
from services.persistence.household_keys import HouseholdKeys
from services.privacy.vault import Vault
from services.settings import Settings


def open_files(settings: Settings, vault: Vault) -> Files:
    """Photos and papers; `vault` is the caller's to close. No database is asked yet."""
    return Files(
        FileBook(settings.database_url),
        open_store(settings.files_url, settings.home),
        FileSeal(vault, load_or_create(settings.home, "files")),
        load_or_create(settings.home, "digest"),
    )


@contextmanager
def open_sweeping(settings: Settings, casework: Casework) -> Iterator[Sweeping]:
    """The step that removes files that nothing names, for as long as the `with` lasts."""
    keys = HouseholdKeys(settings.keys_database_url, load_or_create(settings.home, "township"))
    with closing(Vault(keys)) as vault, closing(open_files(settings, vault)) as files:
        yield Sweeping(files, casework)


def open_checking(settings: Settings) -> Checking:
    """What looks whether all files are there. Nothing is asked yet."""
    return Checking(open_store(settings.files_url, settings.home), settings.database_url)
