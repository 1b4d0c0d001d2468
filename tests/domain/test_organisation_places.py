"""Places: registered, renamed, moved, closed; what belongs where, and what each rule refuses."""

import pytest

from domain.errors import AlreadySaid, HuiyinError, InTheFuture, RoleNotAllowed
from domain.organisation import commands as c
from domain.organisation import errors as refused
from domain.organisation import events as e
from domain.organisation.decide import DECISIONS, decide
from domain.organisation.evolve import fold
from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from domain.values import Actor, Role
from tests.support.office import START
from tests.support.organisation import ADMIN, ORGANISATION_COMMANDS, after, ask, context, county

COUNTY = county()


def refuses(kind: type[HuiyinError], asked: c.OrganisationCommand, organisation: Organisation = COUNTY) -> None:
    with pytest.raises(kind) as caught:
        decide(organisation, asked, context())
    assert type(caught.value) is kind


def name(kind: type[c.OrganisationCommand]) -> str:
    return kind.__name__


def test_every_command_has_its_decision_and_its_example() -> None:
    assert set(DECISIONS) == set(ORGANISATION_COMMANDS) == set(c.OrganisationCommand.__subclasses__())


@pytest.mark.parametrize("kind", ORGANISATION_COMMANDS, ids=name)
def test_given_its_example_then_one_event_follows_alike_each_time_and_the_state_is_as_before(
    kind: type[c.OrganisationCommand],
) -> None:
    before = repr(COUNTY)
    (event,) = decide(COUNTY, ask(kind), context())
    assert (event,) == decide(COUNTY, ask(kind), context())
    assert type(event) in e.ORGANISATION_EVENTS
    assert (event.originator_id, event.originator_version) == (c.ORGANISATION_ID, COUNTY.version + 1)
    assert (event.actor, event.occurred_at) == (ADMIN, START)
    assert fold([event], COUNTY).version == COUNTY.version + 1
    assert repr(COUNTY) == before


@pytest.mark.parametrize("kind", ORGANISATION_COMMANDS, ids=name)
def test_given_any_other_role_or_a_time_to_come_then_it_is_refused(kind: type[c.OrganisationCommand]) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        refuses(RoleNotAllowed, ask(kind, by=Actor(user="somebody", role=role)))
    refuses(InTheFuture, ask(kind, at=START.replace(hour=10)))


@pytest.mark.parametrize("kind", ORGANISATION_COMMANDS, ids=name)
def test_given_the_same_wish_again_then_it_is_refused_as_done(kind: type[c.OrganisationCommand]) -> None:
    done = after(COUNTY, ask(kind))
    with pytest.raises(HuiyinError):
        decide(done, ask(kind, key="again"), context())


def test_given_a_place_then_it_belongs_to_all_above_it() -> None:
    assert [place.code for place in COUNTY.upwards("QS")] == ["QS", "YL1", "YL", "YX"]
    assert COUNTY.township_of("QS") == "YL"
    assert COUNTY.township_of("YX") is None
    assert COUNTY.villages_under("YL") == {"QS", "LX", "BC"}
    assert COUNTY.villages_under("YL1") == {"QS", "LX"}
    assert COUNTY.villages_under("QS") == {"QS"}
    assert COUNTY.villages_under("YX") == {"QS", "LX", "BC", "WS"} == COUNTY.villages_under("department:water")
    assert COUNTY.villages_under("department:water@WS0") == {"WS"}
    assert COUNTY.villages_under("nowhere") == frozenset()


def test_given_one_county_then_it_alone_covers_whatever_comes() -> None:
    assert {code for code in COUNTY.places if COUNTY.covers_all(code)} == {"YX", "department:water"}
    two = after(COUNTY, ask(c.RegisterPlace, place="BX", kind=PlaceKind.COUNTY, name="白云县", parent=None))
    assert not [code for code in two.places if two.covers_all(code)]
    assert not COUNTY.covers_all("nowhere")


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        (PlaceKind.COUNTY, "YX"),
        (PlaceKind.TOWNSHIP, "YL"),
        (PlaceKind.STATION, "YX"),
        (PlaceKind.STATION, None),
        (PlaceKind.VILLAGE, "YX"),
        (PlaceKind.VILLAGE, "QS"),
        (PlaceKind.VILLAGE, None),
    ],
)
def test_given_a_parent_of_the_wrong_kind_then_it_is_refused(kind: PlaceKind, parent: str | None) -> None:
    refuses(refused.WrongParent, ask(c.RegisterPlace, kind=kind, parent=parent))


def test_given_a_parent_that_is_unknown_or_closed_then_it_is_refused() -> None:
    refuses(refused.UnknownPlace, ask(c.RegisterPlace, parent="NO"))
    closed = after(COUNTY, ask(c.ClosePlace), ask(c.ClosePlace, place="YL2"))
    refuses(refused.PlaceIsClosed, ask(c.RegisterPlace, parent="YL2"), closed)
    refuses(refused.PlaceIsClosed, ask(c.MovePlace, parent="YL2"), closed)


def test_given_a_code_in_use_then_it_is_refused_also_of_a_closed_place() -> None:
    refuses(refused.CodeTaken, ask(c.RegisterPlace, place="QS"))
    refuses(refused.CodeTaken, ask(c.RegisterPlace, place="BC"), after(COUNTY, ask(c.ClosePlace)))


@pytest.mark.parametrize(
    ("place", "kind", "parent"),
    [
        ("department:roads", PlaceKind.VILLAGE, "YL"),
        ("ROADS", PlaceKind.DEPARTMENT, "YX"),
        ("department:roads@WS0", PlaceKind.DEPARTMENT, "YL"),
    ],
)
def test_given_a_code_that_does_not_fit_its_kind_then_it_is_refused(place: str, kind: PlaceKind, parent: str) -> None:
    refuses(refused.CodeUnfit, ask(c.RegisterPlace, place=place, kind=kind, parent=parent))


def test_given_a_departments_code_then_its_unit_is_without_the_township() -> None:
    place = COUNTY.place("department:water@WS0")
    assert place is not None
    assert place.unit == "department:water"


def test_given_a_name_beside_it_then_it_is_refused_and_elsewhere_it_is_not() -> None:
    refuses(refused.NameTaken, ask(c.RegisterPlace, name="青石村", parent="YL1"))
    assert decide(COUNTY, ask(c.RegisterPlace, name="青石村", parent="YL2"), context())
    refuses(refused.NameTaken, ask(c.RenamePlace, name="柳溪社区"))


def test_given_a_closed_village_then_its_name_is_free_again() -> None:
    closed = after(COUNTY, ask(c.ClosePlace))
    assert decide(closed, ask(c.RegisterPlace, name="白茶村", parent="YL2"), context())


def test_given_a_township_that_was_renamed_then_no_other_gets_its_old_name_and_it_may_go_back() -> None:
    renamed = after(COUNTY, ask(c.RenamePlace, place="YL", name="云岭街道"))
    village = renamed.village("QS", START)
    assert village is not None
    assert (village.township, village.earlier_townships) == ("云岭街道", ("云岭镇",))
    refuses(refused.NameTaken, ask(c.RenamePlace, place="WS0", name="云岭镇"), renamed)
    again = after(renamed, ask(c.RenamePlace, place="YL", name="云岭镇"))
    place = again.place("YL")
    assert place is not None
    assert place.name == "云岭镇"


def test_given_the_same_name_or_parent_then_nothing_changes() -> None:
    refuses(AlreadySaid, ask(c.RenamePlace, name="青石村"))
    refuses(AlreadySaid, ask(c.MovePlace, parent="YL1"))


def test_given_a_village_that_moves_then_it_belongs_elsewhere_and_is_looked_after_from_there() -> None:
    moved = after(COUNTY, ask(c.MovePlace, parent="WS0"))
    assert moved.township_of("LX") == "WS0"
    assert moved.villages_under("YL1") == {"QS"}
    village = moved.village("LX", START)
    assert village is not None
    assert (village.township, village.lead) == ("外山镇", "ws-lead")
    refuses(refused.WrongParent, ask(c.MovePlace, parent="YX"))
    refuses(refused.CodeUnfit, ask(c.MovePlace, place="department:water@WS0", parent="YL"))


def test_given_a_township_without_a_county_then_it_can_join_one() -> None:
    alone = after(
        Organisation(),
        ask(c.RegisterPlace, place="YL", kind=PlaceKind.TOWNSHIP, name="云岭镇", parent=None),
        ask(c.RegisterPlace, place="YX", kind=PlaceKind.COUNTY, name="云岭县", parent=None),
    )
    assert not alone.covers_all("YL")
    joined = after(alone, ask(c.MovePlace, place="YL", parent="YX"))
    assert joined.covers_all("YX")


@pytest.mark.parametrize(
    ("place", "townships"),
    [
        ("YX", {"云岭镇", "外山镇"}),
        ("YL", {"云岭镇"}),
        ("YL1", {"云岭镇"}),
        ("QS", {"云岭镇"}),
        ("department:water", {"云岭镇", "外山镇"}),
        ("department:water@WS0", {"外山镇"}),
        ("NO", set()),
    ],
)
def test_given_a_place_then_its_townships_are_the_one_above_or_those_below(place: str, townships: set[str]) -> None:
    assert COUNTY.townships_of(place) == townships


def test_given_a_township_renamed_then_it_is_known_by_both_names() -> None:
    renamed = after(COUNTY, ask(c.RenamePlace, place="YL", name="云顶镇"))
    assert renamed.townships_of("QS") == {"云岭镇", "云顶镇"}


def test_given_something_below_or_somebody_in_post_then_a_place_cannot_be_closed() -> None:
    refuses(refused.PlaceInUse, ask(c.ClosePlace, place="YL2"))
    refuses(refused.PlaceInUse, ask(c.ClosePlace, place="QS"))
    to_come = after(COUNTY, ask(c.AppointOfficer, place="BC", since=START.replace(month=5)))
    refuses(refused.PlaceInUse, ask(c.ClosePlace), to_come)
    ended = after(COUNTY, ask(c.EndAppointment))
    assert decide(ended, ask(c.ClosePlace, place="QS"), context())


def test_given_a_closed_village_then_it_is_known_as_closed_and_looked_after_from_above() -> None:
    closed = after(COUNTY, ask(c.EndAppointment), ask(c.ClosePlace, place="QS"))
    village = closed.village("QS", START)
    assert village is not None
    assert village.closed
    assert (village.handler, village.lead) == ("handler2", "lead")
    for asked in (ask(c.RenamePlace), ask(c.ClosePlace, place="QS"), ask(c.AppointOfficer), ask(c.LinkOfficer)):
        refuses(refused.PlaceIsClosed, asked, closed)


@pytest.mark.parametrize("code", ["qs", "", "Q S", "department:", "department:Water", "QS@YL", "Q" * 17])
def test_given_a_code_of_no_known_form_then_no_command_can_be_made(code: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        ask(c.RegisterPlace, place=code)
