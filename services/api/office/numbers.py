"""What does a path name? An issue by its number, if it is this account's business, or anything else by its id.

Malformed, unknown and somebody else's are one answer: NotFound. Called by the handlers of this folder.
"""

import re
from typing import Final
from uuid import UUID

from domain.casework import Casework
from domain.errors import NotFound
from domain.issue.state import Issue
from services.identity.accounts import Account

_NUMBER: Final = re.compile(r"([A-Z][A-Z0-9]{0,15})-[0-9]{4}-[0-9]{4,9}", re.ASCII)


def issue_id_in_scope(casework: Casework, account: Account, number: str) -> UUID:
    """The issue's id, if its village can be the account's business. Raises NotFound."""
    form = _NUMBER.fullmatch(number)
    if form is None or not account.covers_village(form[1]):
        raise NotFound
    return casework.issue_id(number)


def issue_in_sight(casework: Casework, account: Account, number: str) -> Issue:
    """The issue as the log has it, if this account may see it. Raises NotFound."""
    issue = casework.issue(issue_id_in_scope(casework, account, number))
    if issue is None or not account.covers(issue.village, issue.department) or issue.concerns in account.barred:
        raise NotFound
    return issue


def id_of(text: str) -> UUID:
    """The id that is written as ids are. Raises NotFound."""
    try:
        found = UUID(text)
    except ValueError:
        raise NotFound from None
    if str(found) != text.lower():
        raise NotFound
    return found
