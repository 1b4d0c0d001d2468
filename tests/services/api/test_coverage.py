"""What is short of visits, on the dashboard: as counted last, within one's villages, to those who may read them."""

from datetime import timedelta
from uuid import uuid4

import psycopg

from tests.services.api.conftest import Api, assert_problem

PATH = "/api/v1/dashboard/coverage"
COUNTED = """
insert into duty_tally (period_id, rule, officer, place, period, villages, counted_at, closed, basis, measure, quota,
  done, shortfall, late, after_closing)
values (%s, 'general_visits', %s, %s, '2026-03', %s, %s, true, 'LL2', 'visits', 2, %s, %s, 0, 0)
"""


def test_given_a_closed_period_then_each_duty_tells_how_many_met_it_and_who_is_short(api: Api) -> None:
    period, at = uuid4(), api.clock.now - timedelta(hours=1)
    with psycopg.connect(api.database.follower_dsn) as follower:
        for officer, village, done, short in (("wang", "QS", 2, 0), ("zhang", "LX", 1, 1)):
            follower.execute(COUNTED, (period, officer, village, [village], at, done, short))
    (duty,) = api.get(PATH, by="handler").json()["duties"]
    assert (duty["rule"], duty["measure"], duty["asked"], duty["met"]) == ("general_visits", "visits", 2, 1)
    assert [(line["officer"], line["done"], line["quota"]) for line in duty["short"]] == [("zhang", 1, 2)]
    (own,) = api.get(PATH, by="villager").json()["duties"]
    assert (own["asked"], own["met"]) == (1, 0)
    before = (at - timedelta(seconds=1)).isoformat()
    assert api.get(PATH, by="handler", params={"as_of": before}).json()["duties"] == []


def test_given_somebody_else_s_village_or_role_then_nothing_is_told(api: Api) -> None:
    assert_problem(api.get(PATH, by="villager", params={"village": "QS"}), 404)
    assert_problem(api.get(PATH, by="admin"), 403)
    assert_problem(api.get(PATH, by="handler", params={"known_at": "2026-03-01"}), 422, "malformed")
