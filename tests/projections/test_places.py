"""The places' table: registered, renamed, moved, closed; people pass it by; what it does not know stops it."""

import pytest

from domain.organisation import commands as c
from domain.organisation.decide import decide
from domain.organisation.events import OfficerLinked
from domain.organisation.evolve import fold
from domain.organisation.state import Organisation
from projections.places import PLACES
from projections.projection import Recorded, UnknownEvent
from tests.projections.ledger import Log
from tests.support.organisation import ask, context, county_commands


def test_given_a_life_of_places_then_the_rows_are_as_the_organisation_has_them(log: Log) -> None:
    changes = [ask(c.RenamePlace), ask(c.MovePlace), ask(c.ClosePlace)]
    organisation = Organisation()
    for command in (*county_commands(), *changes):
        events = decide(organisation, command, context())
        organisation = fold(events, organisation)
        for event in events:
            log.write(event)
    log.seal()
    log.fill(PLACES)
    rows = log.query("select code, kind, name, parent, closed from place order by code")
    assert rows == sorted(
        (it.code, it.kind.value, it.name, it.parent, it.closed) for it in organisation.places.values()
    )
    named = {code: (name, parent, closed) for code, _, name, parent, closed in rows}
    assert (named["QS"][0], named["LX"][1], named["BC"][2]) == ("青石社区", "YL2", True)


def test_given_an_event_of_the_organisation_that_nobody_listed_then_it_is_refused(log: Log) -> None:
    class Unheard(OfficerLinked):
        pass

    (event,) = decide(Organisation(), county_commands()[0], context())
    unheard = Unheard.model_construct(**dict(event))
    with pytest.raises(UnknownEvent):
        PLACES.apply(log.follower, [Recorded(0, event.occurred_at, unheard)])
