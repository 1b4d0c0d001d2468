"""The guards of the household register: each is one sentence, written once. They refuse by raising."""

from datetime import date, datetime

from domain import errors
from domain.household import errors as refused
from domain.household.state import Erasure, Household
from domain.household.words import WelfareReason
from domain.values import LOCAL_ZONE


def not_registered(household: Household | None) -> None:
    """A household is registered once; anew only after it was erased."""
    if household is not None and not household.is_erased:
        raise errors.AlreadyExists


def registered(household: Household | None) -> Household:
    """The household is in the register and was not erased."""
    if household is None or household.is_erased:
        raise refused.HouseholdUnregistered
    return household


def by_today(day: date, now: datetime) -> None:
    """Nobody consents tomorrow."""
    if day > now.astimezone(LOCAL_ZONE).date():
        raise errors.InTheFuture


def consented(household: Household, reason: WelfareReason) -> None:
    """There is a consent of this kind to withdraw."""
    if reason not in household.consents:
        raise refused.NoConsent


def objection_waits(household: Household) -> None:
    """There is an objection to answer."""
    if not household.objection_open:
        raise refused.NoObjection


def no_open_case(open_cases: int) -> None:
    """While something is owed to the household its words are needed, and nothing is erased."""
    if open_cases:
        raise refused.CaseStillOpen


def no_erasure_yet(household: Household) -> None:
    """One erasure at a time."""
    if household.erasure is not None:
        raise refused.AlreadyUnderWay


def erasure_proposed(household: Household) -> Erasure:
    """An erasure was proposed and not cancelled."""
    if household.erasure is None:
        raise refused.NoErasure
    return household.erasure


def waited_long_enough(erasure: Erasure, now: datetime) -> None:
    """Confirmed by a second person, and the waiting period is over."""
    if erasure.erase_at is None:
        raise refused.NoErasure
    if now < erasure.erase_at:
        raise errors.NotDueYet
