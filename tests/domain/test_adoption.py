"""A plan is in force when two administrators say so, from today or later, and one version is one content for ever."""

import hashlib
import json
from datetime import date, datetime, timedelta

import pytest

from domain.adoption import commands as c
from domain.adoption import errors as refused
from domain.adoption import events as e
from domain.adoption.decide import DECISIONS, decide
from domain.adoption.state import Adoptions, Standing, fold
from domain.errors import HuiyinError, InTheFuture, RoleNotAllowed, SamePerson
from domain.plan import Plan, PlanInvalid, load_plan
from domain.values import LOCAL_ZONE, Actor, Role
from tests.support.adoption import ADMIN, ADMIN2, adopting, after, ask, book, context, proposal_of, version
from tests.support.office import START, TOWNSHIP

NOTHING = Adoptions()
NEW = version(load_plan("cx"), 2, committee={"cut_off_day": 15})
TOMORROW = START.date() + timedelta(days=1)
PROPOSED = proposal_of(NEW, TOMORROW)
WAITING = after(NOTHING, PROPOSED)
CONFIRMED = ask(c.AdoptPlan, by=ADMIN2, proposal=PROPOSED.command_id)
WITHDRAWN = ask(c.WithdrawProposal, proposal=PROPOSED.command_id, reasons="另有新方案。")


def refuses(
    kind: type[HuiyinError], asked: c.AdoptionCommand, adoptions: Adoptions = NOTHING, now: datetime = START
) -> None:
    with pytest.raises(kind) as caught:
        decide(adoptions, asked, context(now))
    assert type(caught.value) is kind


def test_every_command_has_its_decision() -> None:
    assert set(DECISIONS) == set(c.ADOPTION_COMMANDS) == set(c.AdoptionCommand.__subclasses__())


@pytest.mark.parametrize("asked", [PROPOSED, CONFIRMED, WITHDRAWN], ids=lambda it: type(it).__name__)
def test_given_any_other_role_or_a_time_to_come_then_it_is_refused(asked: c.AdoptionCommand) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        refuses(RoleNotAllowed, asked.model_copy(update={"actor": Actor(user="somebody", role=role)}), WAITING)
    refuses(InTheFuture, asked.model_copy(update={"occurred_at": START + timedelta(hours=1)}), WAITING)


def test_given_a_sound_plan_when_proposed_then_the_log_holds_all_of_it_with_its_digest() -> None:
    (event,) = decide(NOTHING, PROPOSED, context())
    assert isinstance(event, e.PlanProposed)
    assert Plan.model_validate_json(event.document) == NEW
    assert event.sha256 == hashlib.sha256(event.document.encode()).hexdigest()
    assert event.document == json.dumps(
        json.loads(event.document), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert (event.plan, event.starts_on, event.township) == ("cx@2", TOMORROW, None)
    assert decide(NOTHING, PROPOSED, context()) == (event,)


def test_given_an_unsound_plan_when_proposed_then_every_fault_is_told() -> None:
    document = {**PROPOSED.document, "version": 0, "committee": {"cut_off_day": 32, "members": 7, "quorum": 5}}
    with pytest.raises(PlanInvalid) as caught:
        decide(NOTHING, PROPOSED.model_copy(update={"document": document}), context())
    assert [fault.path for fault in caught.value.faults] == ["version", "committee.cut_off_day"]


def test_given_another_administrator_when_confirmed_then_it_is_in_force_from_the_day_proposed() -> None:
    (event,) = decide(WAITING, CONFIRMED, context())
    assert isinstance(event, e.PlanAdopted)
    assert event.since == datetime(2026, 3, 3, tzinfo=LOCAL_ZONE)
    assert (event.proposal, event.plan) == (PROPOSED.command_id, "cx@2")
    assert event.sha256 == WAITING.proposals[PROPOSED.command_id].sha256
    settled = fold([event], WAITING).proposals[PROPOSED.command_id]
    assert (settled.standing, settled.proposed_by, settled.settled_by) == (Standing.ADOPTED, "admin", "admin2")


def test_given_whoever_proposed_it_or_a_deputy_of_theirs_when_confirming_then_it_is_refused() -> None:
    refuses(SamePerson, ask(c.AdoptPlan, by=ADMIN, proposal=PROPOSED.command_id), WAITING)
    deputy = Actor(user="admin2", role=Role.ADMINISTRATOR, on_behalf_of="admin")
    refuses(SamePerson, ask(c.AdoptPlan, by=deputy, proposal=PROPOSED.command_id), WAITING)


def test_given_a_plan_from_today_when_confirmed_at_noon_then_the_morning_stays_as_it_was() -> None:
    noon = START + timedelta(hours=3)
    now = book(adopting(NOTHING, NEW, START.date(), now=noon))
    assert now.in_force(noon - timedelta(seconds=1)) == load_plan("cx")
    assert now.in_force(noon) == NEW


def test_given_a_day_that_has_passed_when_proposed_or_confirmed_then_it_is_refused() -> None:
    refuses(refused.StartsInThePast, proposal_of(NEW, START.date() - timedelta(days=1)))
    days_later = START + timedelta(days=2)
    refuses(refused.StartsInThePast, CONFIRMED, WAITING, now=days_later)


def test_given_a_confirmation_said_to_be_of_yesterday_then_our_own_clock_counts() -> None:
    backdated = CONFIRMED.model_copy(update={"occurred_at": START - timedelta(days=30)})
    (event,) = decide(WAITING, backdated, context())
    assert isinstance(event, e.PlanAdopted)
    assert event.since > START


def test_given_a_confirmed_or_withdrawn_proposal_when_settled_again_then_it_is_refused() -> None:
    for settled in (after(WAITING, CONFIRMED), after(WAITING, WITHDRAWN)):
        refuses(refused.ProposalSettled, CONFIRMED, settled)
        refuses(refused.ProposalSettled, WITHDRAWN, settled)
    refuses(refused.NoSuchProposal, CONFIRMED)


def test_given_the_same_wish_twice_then_it_waits_once() -> None:
    refuses(refused.AlreadyProposed, proposal_of(NEW, TOMORROW, key="again"), WAITING)
    after(WAITING, proposal_of(NEW, TOMORROW, township=TOWNSHIP), proposal_of(NEW, TOMORROW + timedelta(days=1)))


def test_given_a_version_number_then_it_means_one_content_for_ever() -> None:
    other = version(NEW, 2, committee={"cut_off_day": 16})
    refuses(refused.VersionTaken, proposal_of(other), WAITING)
    refuses(refused.VersionTaken, proposal_of(other), after(WAITING, CONFIRMED))
    refuses(refused.VersionTaken, proposal_of(version(NEW, 1)))  # the one that comes along is another
    after(after(WAITING, WITHDRAWN), proposal_of(other))  # what was never in force leaves its number
    after(NOTHING, proposal_of(load_plan("cx")))


def test_given_a_township_that_is_not_registered_when_proposed_then_it_is_refused() -> None:
    refuses(refused.UnknownTownship, proposal_of(NEW, township="无名镇"))


# -- which plan is in force -------------------------------------------------------------------------------------------

APRIL, MAY, JUNE = (datetime(2026, month, 1, tzinfo=LOCAL_ZONE) for month in (4, 5, 6))


def day(moment: datetime) -> date:
    return moment.date()


def test_given_nothing_adopted_then_the_plan_of_the_settings_is_in_force() -> None:
    assert book(NOTHING).in_force(START, TOWNSHIP) == load_plan("cx")
    assert not book(NOTHING).asks_where


def test_given_adoptions_in_any_order_then_the_last_that_began_is_in_force() -> None:
    later_first = adopting(adopting(NOTHING, NEW, day(MAY)), load_plan("ll"), day(APRIL))
    found = [book(later_first).in_force(moment).id for moment in (START, APRIL, MAY - timedelta(seconds=1), MAY)]
    assert found == ["cx@1", "ll@1", "ll@1", "cx@2"]


def test_given_two_from_the_same_day_then_the_one_adopted_last_is_in_force() -> None:
    corrected = adopting(adopting(NOTHING, NEW, day(APRIL)), load_plan("ll"), day(APRIL))
    assert book(corrected).in_force(APRIL).id == "ll@1"


def test_given_a_township_with_a_plan_of_its_own_then_the_countys_changes_leave_it_alone() -> None:
    own = adopting(NOTHING, load_plan("xf"), day(APRIL), township=TOWNSHIP)
    both = book(adopting(own, load_plan("ll"), day(MAY)))
    assert both.asks_where
    assert [both.in_force(JUNE, place).id for place in (TOWNSHIP, "外山镇", None)] == ["xf@1", "ll@1", "ll@1"]
    assert both.in_force(START, TOWNSHIP).id == "cx@1"


def test_given_a_plan_id_of_an_event_then_its_plan_is_found_also_if_another_is_in_force() -> None:
    found = book(adopting(NOTHING, NEW, day(APRIL)))
    assert found.named("cx@2") == NEW
    assert found.named("cx@1") == load_plan("cx")
    assert found.named("mz@1") == load_plan("mz")  # of an import under --plan
    assert found.named("nowhere@7") == load_plan("cx")


def test_given_a_category_that_a_later_plan_dropped_then_it_still_has_its_name() -> None:
    found = book(adopting(NOTHING, load_plan("mz"), day(APRIL)))
    assert [found.category("cx@1", key) and found.category("cx@1", key).zh for key in ("income", "land", "opera")] == [
        *("增加收入", "土地", None)
    ]
