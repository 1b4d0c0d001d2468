"""Under which name does somebody stand in an export? Households never under their own, officers only if that is asked.

An officer is told by role and place ("case_handler@QS"), as the organisation stood at that moment; a household by a
keyed digest that is the same within one export and, since its extent goes into the key, another in any other.
"""

import hmac
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

from domain.organisation.state import Organisation, Term
from domain.values import Actor, Role
from services.audit.exporting.extent import Extent

_DIGITS: Final = 16
_Posts = Mapping[tuple[str, Role], list[tuple[str, Term]]]


def household_key(secret: bytes, extent: Extent) -> bytes:
    """The key of one export's household names. The same log and question give the same."""
    return hmac.digest(secret, repr(extent).encode(), sha256)


@dataclass(frozen=True, slots=True)
class Naming:
    """Names for one export. `people`: officers by their accounts."""

    key: bytes
    posts: _Posts = field(default_factory=dict)
    people: bool = False

    @classmethod
    def of(cls, key: bytes, organisation: Organisation, *, people: bool = False) -> "Naming":
        """By the posts that this organisation remembers."""
        posts = defaultdict[tuple[str, Role], list[tuple[str, Term]]](list)
        for place, appointments in organisation.appointments.items():
            for it in appointments:
                posts[it.officer, it.role].append((place, it.period))
        for place, deputies in organisation.deputies.items():
            for acting in deputies:
                posts[acting.deputy, acting.role].append((place, acting.period))
        return cls(key, dict(posts), people)

    def household(self, village: str, household: str) -> str:
        """A household's name in this export."""
        return hmac.digest(self.key, f"{village}/{household}".encode(), sha256).hex()[:_DIGITS]

    def handler(self, actor: Actor, at: datetime) -> tuple[str, str]:
        """Whoever acts: their name in this export, and the places where they served in that role then."""
        held = self.posts.get((actor.user, actor.role), ())
        place = "+".join(sorted({place for place, term in held if term.holds(at)}))
        if self.people:
            return actor.user, place
        return (f"{actor.role.value}@{place}" if place else actor.role.value), place
