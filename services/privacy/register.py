"""How does a household come into the register so that its telephone number finds it? Commands, and the blind index.

The API and the command line send every command about a household through here; the index is HMAC under a pepper that is
in no database. First the number is indexed, then recorded: one too many in the index finds nobody (households.py).
"""

import hashlib
import hmac
from typing import Final

from domain.casework import Casework
from domain.errors import NotFound, Refusal, StaleVersion, Unavailable
from domain.household.commands import CorrectHousehold, HouseholdCommand, RegisterHousehold
from domain.household.words import HouseholdField, phone_digits
from domain.office import Outcome
from domain.privacy import subject_of
from services.persistence.household_keys import HouseholdKeys, KeysAway

PHONE: Final = "phone"
_TOKEN_BYTES: Final = 8


class BlindIndex:
    """Finds households by telephone number without holding one. `pepper`: 32 bytes kept apart from any database."""

    def __init__(self, keys: HouseholdKeys, pepper: bytes) -> None:
        self._keys = keys
        self._pepper = pepper

    def add(self, subject: str, phone: str) -> bool:
        """The number finds the household, beside any other that does; whether it did not before."""
        return self._keys.add_to_index(subject, PHONE, self._token(phone))

    def take_back(self, subject: str, phone: str) -> None:
        """The number finds the household no more: nothing was recorded."""
        self._keys.take_from_index(subject, PHONE, self._token(phone))

    def keep_only(self, subject: str, phone: str | None) -> None:
        """This number finds the household, and no other does."""
        self._keys.index(subject, PHONE, None if phone is None else self._token(phone))

    def find(self, phone: str) -> list[str]:
        """Subjects that may have this number."""
        return self._keys.find(PHONE, self._token(phone))

    def _token(self, phone: str) -> bytes:
        said = f"{PHONE}|{phone_digits(phone)}".encode()
        return hmac.digest(self._pepper, said, hashlib.sha256)[:_TOKEN_BYTES]


class Register:
    """Sends commands about households to casework and keeps the blind index in step."""

    def __init__(self, casework: Casework, index: BlindIndex) -> None:
        self._casework = casework
        self._index = index

    def handle(self, command: HouseholdCommand, *, expected_version: int | None = None) -> Outcome:
        """As Casework.handle. Raises Unavailable while the key store is away; then nothing was recorded."""
        subject = subject_of(command.village, command.household)
        sets_phone, phone = _phone_said(command)
        added = False
        try:
            added = phone is not None and self._index.add(subject, phone)
            outcome = self._casework.handle(command, expected_version=expected_version)
            if sets_phone and not outcome.repeated:
                self._index.keep_only(subject, phone)
        except KeysAway as away:
            raise Unavailable from away
        except (Refusal, NotFound, StaleVersion):
            if added and phone is not None:
                self._index.take_back(subject, phone)
            raise
        return outcome


def _phone_said(command: HouseholdCommand) -> tuple[bool, str | None]:
    """Whether the command says what the telephone number is, and which."""
    if isinstance(command, RegisterHousehold):
        return True, command.phone
    if isinstance(command, CorrectHousehold) and command.field is HouseholdField.PHONE:
        return True, command.value
    return False, None
