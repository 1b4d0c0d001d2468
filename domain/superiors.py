"""Who stands above whom, as far as villages and heads of units tell: handler < lead < township < county.

Called by directories. A complaint about an official is kept from everybody who has that official above them.
"""

from collections.abc import Iterable, Mapping

from domain.context import Village


def superiors(user: str, villages: Iterable[Village], heads: Mapping[str, str]) -> frozenset[str]:
    """Everybody above `user`, in any place where they work; never the user."""
    found: set[str] = set()
    tops = [person for unit in ("township", "county") if (person := heads.get(unit))]
    for village in villages:
        if user == village.handler:
            found |= {*filter(None, [village.lead]), *tops}
        elif user == village.lead:
            found |= set(tops)
    for unit, person in heads.items():
        if person == user and unit != "county":
            found |= set(tops if unit.startswith("department:") else tops[1:])
    return frozenset(found - {user})
