"""The household register's rows: what is agreed, what waits, nothing readable; the same by event or all at once."""

from datetime import timedelta
from typing import Any

import pytest

from domain.events import DomainEvent
from domain.household import commands as c
from domain.household.decide import decide
from domain.household.events import HOUSEHOLD_EVENTS
from domain.household.state import fold
from domain.privacy import is_sealed, sealed_for
from projections.household_register import HOUSEHOLD_REGISTER, HouseholdRow, entry, erasures_due
from projections.per_issue import BrokenStream
from services.persistence.scope import Scope, scoped
from tests.domain.test_household import AFTER_THE_WAIT, PATHS, ask, context, happened
from tests.projections.ledger import Log, taken_in
from tests.support.vault import VAULT

WHOLE_LIFE = (
    c.RegisterHousehold, c.CorrectHousehold, c.RecordPriorityConsent, c.ObjectToProcessing, c.AnswerObjection,
    c.RequestCopy, c.ProposeErasure, c.ConfirmErasure, c.EraseHousehold,
)  # fmt: skip


def life(*kinds: type[c.HouseholdCommand]) -> list[DomainEvent]:
    """The events of these commands, as the log holds them."""
    return [sealed_for("QS/QS-012", event, VAULT) for event in happened(*(ask(kind) for kind in kinds))]


def row(events: list[Any]) -> HouseholdRow:
    (found,) = taken_in(HOUSEHOLD_REGISTER, events).values()
    assert isinstance(found, HouseholdRow)
    return found


def test_every_event_is_taken_in_or_passed_over() -> None:
    named = {*HOUSEHOLD_REGISTER.begins, *HOUSEHOLD_REGISTER.changes}
    assert named == HOUSEHOLD_REGISTER.follows == HOUSEHOLD_EVENTS
    assert not HOUSEHOLD_REGISTER.passes_over


def test_given_a_registered_household_then_its_words_are_sealed() -> None:
    found = row(life(c.RegisterHousehold))
    assert all(is_sealed(str(words)) for words in (found.name, found.phone, found.address))
    assert (found.village, found.household, found.version, found.erasure) == ("QS", "QS-012", 1, None)


def test_given_consents_then_they_are_listed_until_withdrawn_or_an_objection_is_upheld() -> None:
    assert row(life(c.RegisterHousehold, c.RecordPriorityConsent)).consents == "age"
    assert row(life(*PATHS[c.WithdrawConsent], c.WithdrawConsent)).consents is None
    settled = row(life(c.RegisterHousehold, c.RecordPriorityConsent, c.ObjectToProcessing, c.AnswerObjection))
    assert (settled.consents, settled.objection) == (None, "upheld")


def test_given_a_correction_then_the_new_words_stand() -> None:
    corrected = row(life(c.RegisterHousehold, c.CorrectHousehold)).phone
    assert VAULT.open_all([str(corrected)]) == ["13900139000"]


def test_given_an_erasure_then_it_waits_and_then_nothing_is_left() -> None:
    confirmed = row(life(*PATHS[c.EraseHousehold]))
    assert (confirmed.erasure, confirmed.erasure_reason, confirmed.proposed_by) == (
        "confirmed", "purpose_met", "handler",
    )  # fmt: skip
    assert row(life(*PATHS[c.CancelErasure], c.CancelErasure)).erasure is None
    erased = row(life(*WHOLE_LIFE))
    assert (erased.name, erased.phone, erased.address, erased.consents, erased.erasure) == (None,) * 5
    assert erased.erased_at == AFTER_THE_WAIT


def test_given_an_event_before_the_beginning_then_the_log_is_damaged() -> None:
    with pytest.raises(BrokenStream):
        taken_in(HOUSEHOLD_REGISTER, life(c.RegisterHousehold, c.RequestCopy)[1:])


def test_given_the_table_then_each_event_by_itself_gives_the_same_row_and_the_due_are_found(log: Log) -> None:
    for event in life(*PATHS[c.EraseHousehold]):
        log.write(event)
        log.seal()
    recorded = log.read()
    for each in recorded:
        HOUSEHOLD_REGISTER.apply(log.follower, [each])
    ((one_by_one,), expected) = log.rows(HOUSEHOLD_REGISTER), row([each.event for each in recorded])
    assert one_by_one[0] == expected.household_id
    with scoped(log.connection, Scope.whole()):
        found = entry(log.connection, "QS", "QS-012")
        due = erasures_due(log.connection, AFTER_THE_WAIT)
        early = erasures_due(log.connection, AFTER_THE_WAIT - timedelta(days=1))
    assert found is not None
    assert (found.version, found.erasure, found.consents) == (3, "confirmed", None)
    assert [each.household for each in due] == ["QS-012"]
    assert early == []


def test_given_an_erased_household_when_registered_anew_then_its_row_is_too_event_by_event(log: Log) -> None:
    erased = happened(*(ask(kind) for kind in (*PATHS[c.EraseHousehold], c.EraseHousehold)))
    (again,) = decide(fold(erased), ask(c.RegisterHousehold, at=AFTER_THE_WAIT), context(AFTER_THE_WAIT))
    for event in (sealed_for("QS/QS-012", event, VAULT) for event in (*erased, again)):
        log.write(event)
    log.seal()
    for each in log.read():
        HOUSEHOLD_REGISTER.apply(log.follower, [each])
    with scoped(log.connection, Scope.whole()):
        found = entry(log.connection, "QS", "QS-012")
    assert found == row([each.event for each in log.read()])
    assert (found.version, found.erased_at, is_sealed(str(found.name))) == (5, None, True)


def test_given_another_villages_scope_then_the_household_is_not_seen(log: Log) -> None:
    for event in life(c.RegisterHousehold):
        log.write(event)
    log.seal()
    log.fill(HOUSEHOLD_REGISTER)
    with scoped(log.connection, Scope(villages=frozenset({"LX"}), departments=None)):
        assert entry(log.connection, "QS", "QS-012") is None
    with scoped(log.connection, Scope(villages=frozenset({"QS"}), departments=None)):
        assert entry(log.connection, "QS", "QS-012") is not None
