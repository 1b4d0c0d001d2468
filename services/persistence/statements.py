"""The log's SQL. Each write is ONE statement in autocommit: no lock waits for a client's round trip.

Order inside a write: command, counter, number, events. So a repeated command fails on `command_log` before anything
else, and a notification id is drawn only while the village's counter row is locked: numbers and positions agree.
"""

from typing import Final

APPEND_ONE: Final = """
with command as (
  insert into command_log (command_id, originator_id, version, digest) values ($1, $2, $3, $4) returning 1
)
insert into ledger_events (originator_id, originator_version, topic, state)
select $5::uuid, $6::bigint, $7::text, $8::bytea from command
returning notification_id
"""
"""One command, one event."""

LOG_ONE: Final = """
with command as (
  insert into command_log (command_id, originator_id, version, digest) values ($1, $2, $3, $4) returning 1
), counted as (
  insert into village_counter as counter (village, year, last) select $5::text, $6::integer, 1 from command
  on conflict (village, year) do update set last = counter.last + 1
  returning last
), allotted as (
  insert into issue_number (number, village, year, serial, issue_id)
  select issue_number_text($5::text, $6::integer, last), $5::text, $6::integer, last, $7::uuid from counted
  returning number
)
insert into ledger_events (originator_id, originator_version, topic, state)
select $7::uuid, 1, $8::text, with_number($9::bytea, number) from allotted
returning notification_id, (select number from allotted)
"""
"""One command, the first event of one new issue, and its number."""

SAVE_ALL: Final = """
with command as (
  insert into command_log (command_id, originator_id, version, digest)
  select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bytea[])
  returning 1
), recorded as (
  select count(*) from command
), wanted as (
  select issue_id, village, year, row_number() over (partition by village, year order by nth) as nth
  from unnest($5::uuid[], $6::text[], $7::integer[]) with ordinality as wanted (issue_id, village, year, nth)
), counted as (
  insert into village_counter as counter (village, year, last)
  select village, year, count(*) from wanted cross join recorded group by village, year
  order by village, year  -- everybody locks counters in this order: no deadlock
  on conflict (village, year) do update set last = counter.last + excluded.last
  returning village, year, last
), allotted as (
  insert into issue_number (number, village, year, serial, issue_id)
  select issue_number_text(village, year, serial), village, year, serial, issue_id from (
    select village, year, issue_id, (last - count(*) over (partition by village, year) + nth)::integer as serial
    from wanted join counted using (village, year)
  ) as numbered
  returning issue_id, number
), appended as (
  insert into ledger_events (originator_id, originator_version, topic, state)
  select event.id, event.version, event.topic,
         case when allotted.number is null then event.state else with_number(event.state, allotted.number) end
  from recorded
  cross join unnest($8::uuid[], $9::bigint[], $10::text[], $11::bytea[]) with ordinality
    as event (id, version, topic, state, nth)
  left join allotted on allotted.issue_id = event.id and event.version = 1
  order by event.nth  -- notification ids rise as the caller listed the events
  returning notification_id
)
select array(select notification_id from appended order by notification_id),
       array(select issue_id from allotted order by issue_id), array(select number from allotted order by issue_id)
"""
"""Any number of commands, new issues and events, in one transaction."""

SELECT_EVENTS: Final = """
select originator_version, topic, state from ledger_events
where originator_id = $1 and originator_version > $2::bigint and originator_version <= $3::bigint
order by originator_version {direction} limit $4::bigint
"""
FIND_COMMAND: Final = "select command_id, originator_id, version, digest from command_log where command_id = $1"
KNOWN_COMMANDS: Final = "select command_id, digest from command_log where command_id = any($1::uuid[])"
FIND_ISSUE: Final = "select issue_id from issue_number where number = $1"
NUMBERS_OF: Final = "select issue_id, number from issue_number where issue_id = any($1::uuid[])"
LAST_NOTIFICATION: Final = "select max(notification_id) from ledger_events"
