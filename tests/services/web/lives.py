"""A township that has been at work for some months: random issues of two villages, some of them rated."""

import random
from datetime import timedelta
from uuid import uuid4

from domain.issue import commands as c
from domain.issue.words import Rating
from tests.services.api.conftest import Api
from tests.support.casework import START, case

_STATES = (
    "logged", "fixed", "resolved", "at_department", "escalated", "missed", "closed", "withdrawn", "declined",
    "feedback", "feedback", "feedback", "closed_silently", "dissatisfied", "works", "county_resolved",
)  # fmt: skip
_CATEGORIES = ("construction", "environment", "social_security", "public_safety")


def lived_through(api: Api, issues: int = 60) -> None:
    """The same each time; the clock stands twenty days after the last of it."""
    chance = random.Random(11)
    for nth in range(issues):
        at, state = START + timedelta(days=2 * nth), chance.choice(_STATES)
        village, category = chance.choice(("QS", "QS", "LX")), chance.choice(_CATEGORIES)
        life = case(state, key=uuid4().hex, village=village, at=at, category=category)
        if state == "feedback" and chance.random() < 0.9:
            life = life.do(c.RateAnswer, rating=chance.choice(list(Rating)), contacted=chance.random() < 0.8)
        api.live(life)
    api.clock.advance(timedelta(days=20))
    api.follow()
