-- The event log, the commands that wrote it, and the numbers of issues.
-- The role huiyin_app does everything at run time; it may add to the log and read it, nothing else.

do $$
begin
  if not exists (select from pg_roles where rolname = 'huiyin_app') then
    create role huiyin_app login;
  end if;
exception when duplicate_object or unique_violation then
  null;  -- another database of this cluster is being migrated at the same moment
end
$$;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % is refused', tg_table_name, lower(tg_op)
    using errcode = 'insufficient_privilege', hint = 'Record a correcting event instead.';
end
$$;

create sequence ledger_events_notification_id_seq as bigint cache 1;

-- The sealer (projections/seal.py) may call a missing notification_id dead only because whoever draws one already has a
-- transaction id. nextval() alone gives none, so the default asks for it first, whatever statement does the insert.
create table ledger_events (
  originator_id      uuid        not null,
  originator_version bigint      not null check (originator_version >= 1),
  topic              text        not null,
  state              bytea       not null,
  notification_id    bigint      not null unique default
    case when pg_current_xact_id() is null then null else nextval('ledger_events_notification_id_seq') end,
  recorded_at        timestamptz not null default clock_timestamp(),
  primary key (originator_id, originator_version)
);
alter sequence ledger_events_notification_id_seq owned by ledger_events.notification_id;

-- One row a command, in its events' transaction: a repeated command gets the first one's answer.
create table command_log (
  command_id    uuid        primary key,
  originator_id uuid        not null,
  version       bigint      not null,
  digest        bytea       not null,
  recorded_at   timestamptz not null default clock_timestamp()
);

-- The last number given out, by village and year. Its locked row is what keeps numbers free of gaps.
create table village_counter (
  village text    not null,
  year    integer not null,
  last    integer not null check (last >= 0),
  primary key (village, year)
) with (fillfactor = 50);

create table issue_number (
  number   text    primary key,
  village  text    not null,
  year     integer not null,
  serial   integer not null check (serial >= 1),
  issue_id uuid    not null unique
);

-- How a number reads: CX-2026-0042; past 9999 it grows longer.
create function issue_number_text(village text, year integer, serial integer) returns text
  language sql immutable
  return village || '-' || year || '-' || lpad(serial::text, greatest(4, length(serial::text)), '0');

-- A stored event (JSON, UTF-8) with its issue's number as first field; the event must not carry that field yet.
create function with_number(state bytea, number text) returns bytea
  language sql immutable
  return convert_to('{"number":' || to_json(number)::text || ',', 'UTF8') || substr(state, 2);

-- "always": also for sessions that replay a replica's changes, where ordinary triggers are silent.
create trigger append_only before update or delete or truncate on ledger_events
  for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on command_log
  for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on issue_number
  for each statement execute function refuse_change();
alter table ledger_events enable always trigger append_only;
alter table command_log enable always trigger append_only;
alter table issue_number enable always trigger append_only;

-- Column by column: the application cannot choose a notification_id nor a recorded_at.
grant select on schema_migration to huiyin_app;
grant select on ledger_events, command_log, issue_number, village_counter to huiyin_app;
grant insert (originator_id, originator_version, topic, state) on ledger_events to huiyin_app;
grant insert (command_id, originator_id, version, digest) on command_log to huiyin_app;
grant insert on issue_number to huiyin_app;
grant insert, update (last) on village_counter to huiyin_app;
grant usage on sequence ledger_events_notification_id_seq to huiyin_app;
