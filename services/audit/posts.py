"""Who held which post when? The organisation's appointments and deputyships by person, made once for many questions."""

from collections import defaultdict
from datetime import datetime
from itertools import chain

from domain.conformance.acting import Held
from domain.organisation.state import Organisation, Term
from domain.values import Actor, Role


def posts_held(organisation: Organisation) -> Held | None:
    """For conformance.py; None where no organisation is known, and nobody can say."""
    terms: defaultdict[tuple[str, Role, str | None], list[Term]] = defaultdict(list)
    for own in chain.from_iterable(organisation.appointments.values()):
        terms[own.officer, own.role, None].append(own.period)
    for acting in chain.from_iterable(organisation.deputies.values()):
        terms[acting.deputy, acting.role, acting.officer].append(acting.period)

    def held(actor: Actor, at: datetime) -> bool:
        return any(term.holds(at) for term in terms.get((actor.user, actor.role, actor.on_behalf_of), ()))

    return held if terms else None
