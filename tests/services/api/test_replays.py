"""Replays and differences by the API: an issue event by event, two moments of it, two moments of the whole ledger."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.issue import commands as c
from tests.services.api.conftest import Api, assert_problem
from tests.support.states import a_new_case

DAY = timedelta(days=1)
PHONE = "13677045518"


@pytest.fixture(scope="module")
def number(api: Api) -> str:
    """Fixed on site, replied and closed; with a household's words."""
    found = api.lived("closed", household="H-77", description=f"请回电 {PHONE}。", place="村口")
    api.follow()
    return str(found.number)


def get(api: Api, path: str, by: str = "handler", **params: Any) -> Any:
    found = api.get(f"/api/v1/{path}", by=by, params=params)
    assert found.status_code == 200, found.text
    return found.json()


def test_given_an_issue_when_replayed_then_each_event_tells_state_rule_actor_and_both_times(
    api: Api, number: str
) -> None:
    found = get(api, f"issues/{number}/replay")
    logged, fixed, *_ = found["steps"]
    assert found["events"] == len(found["steps"]) == 5
    assert [step["state"]["stage"] for step in found["steps"]] == ["logged", "reply", "feedback", "answered", "closed"]
    assert (logged["commands"], [rule["id"] for rule in logged["rules"]]) == (["LogIssue"], ["L1"])
    assert (fixed["commands"], [rule["id"] for rule in fixed["rules"]]) == (["FixOnSite"], ["L2"])
    assert (fixed["actor_user"], fixed["actor_role"]) == ("handler", "case_handler")
    (limit,) = fixed["limits"]
    assert (limit["rule"], limit["zh"], limit["plan"][:2], limit["basis"]) == ("reply", "答复", "cx", limit["basis"])
    changed = {it["field"]: (it["before"], it["after"]) for it in fixed["changes"]}
    assert changed["stage"] == ("logged", "reply")
    assert changed["deadline.rule"] == ("on_site", "reply")
    assert {"环节：登记 → 待答复", "version: 1 → 2"} <= {
        it[language] for it in fixed["changes"] for language in ("zh", "en")
    }
    assert (fixed["checkpoint"], fixed["position"]) == (None, None), "nothing is sealed in this database"
    assert "receipt_hash" not in fixed["state"]


def test_given_an_earlier_moment_then_the_replay_ends_there(api: Api, number: str) -> None:
    steps = get(api, f"issues/{number}/replay")["steps"]
    until = get(api, f"issues/{number}/replay", as_of=steps[2]["occurred_at"])["steps"]
    known = get(api, f"issues/{number}/replay", known_at=steps[2]["recorded_at"])["steps"]
    assert until == known == steps[:3]


def test_given_an_auditor_then_words_are_masked_and_the_look_is_written_down(api: Api, number: str) -> None:
    looks = "select count(*) from look where user_name = 'auditor' and what = 'history' and shown = 'masked'"
    (before,) = api.inside.execute(looks).fetchone() or (0,)
    found = get(api, f"issues/{number}/replay", by="auditor")
    (after,) = api.inside.execute(looks).fetchone() or (0,)
    assert found["steps"][0]["details"]["description"] == "请回电 ＊＊＊＊。"
    assert found["steps"][0]["state"]["place"] == "村口"
    assert after > before
    assert PHONE in str(get(api, f"issues/{number}/replay"))


def test_given_finance_then_no_word_and_no_household_is_shown(api: Api, number: str) -> None:
    for path in (f"issues/{number}/replay", f"issues/{number}/difference?from_version=0"):
        found = str(get(api, path, by="finance"))
        assert not any(it in found for it in ("村口", "请回电", "'rating'", "'household'")), path


def test_given_two_versions_or_moments_then_state_and_row_differ_field_by_field(api: Api, number: str) -> None:
    steps = get(api, f"issues/{number}/replay")["steps"]
    by_version = get(api, f"issues/{number}/difference", from_version=1, to_version=2)
    moments = {"as_of": steps[0]["occurred_at"], "against_as_of": steps[1]["occurred_at"]}
    assert get(api, f"issues/{number}/difference", **moments) == by_version
    assert (by_version["versions"], by_version["between"]) == ([1, 2], [2])
    assert by_version["state"] == steps[1]["changes"]
    row = by_version["row"]
    assert (row["kind"], row["before"]["stage"], row["after"]["stage"]) == ("changed", "logged", "reply")
    assert "办理时限" in str(row["changes"])
    since = get(api, f"issues/{number}/difference", from_version=0)
    assert (since["row"]["kind"], since["row"]["before"]) == ("added", None)
    backwards = get(api, f"issues/{number}/difference", from_version=2, to_version=0)
    assert (backwards["row"]["kind"], backwards["row"]["after"]) == ("gone", None)
    alike = get(api, f"issues/{number}/difference", from_version=2, to_version=2)
    assert (alike["state"], alike["row"], alike["between"]) == ([], None, [])


def test_given_a_ledger_at_two_moments_then_rows_are_added_changed_or_left_out_a_page_at_a_time(
    api: Api, number: str
) -> None:
    first = datetime.fromisoformat(get(api, f"issues/{number}/replay")["steps"][0]["occurred_at"])
    life = a_new_case(at=first + DAY, key="later").do(c.FixOnSite)
    later = str(api.live(life).number)
    api.follow()
    path = "ledgers/issues/difference"
    found = get(api, path, as_of=(first + DAY / 2).isoformat())
    assert {it["number"]: it["kind"] for it in found["rows"]} == {later: "added"}
    assert (found["total"], found["next"]) == (1, None)
    found = get(api, path, as_of=first.isoformat())
    kinds = {it["number"]: it["kind"] for it in found["rows"]}
    assert kinds == {number: "changed", later: "added"}
    one = get(api, path, as_of=first.isoformat(), limit=1)
    two = get(api, path, as_of=first.isoformat(), limit=1, after=one["next"])
    assert [*one["rows"], *two["rows"]] == found["rows"]
    assert (one["total"], two["total"], two["next"]) == (2, None, None)
    assert get(api, path, village="QS")["rows"] == []
    assert_problem(api.get(f"/api/v1/{path}", by="villager", params={"village": "QS"}), 404)
    assert get(api, path, by="villager", as_of=first.isoformat())["rows"] == []


def test_given_the_days_of_a_ledger_then_each_has_its_events_on_either_axis(api: Api, number: str) -> None:
    happened = get(api, "ledgers/issues/days", village="QS")
    recorded = get(api, "ledgers/issues/days", axis="recorded")
    assert sum(it["events"] for it in happened["days"]) == sum(it["events"] for it in recorded["days"])
    assert [it["day"] for it in happened["days"]] == sorted((it["day"] for it in happened["days"]), reverse=True)
    assert {it["day"] for it in happened["days"]} != {it["day"] for it in recorded["days"]}


def test_given_a_village_that_is_not_theirs_then_the_issue_is_not_there(api: Api, number: str) -> None:
    for what in ("replay", "difference"):
        assert_problem(api.get(f"/api/v1/issues/{number}/{what}", by="villager"), 404, "not-found")
        assert_problem(api.get(f"/api/v1/issues/{number}/{what}", by="admin"), 403)
