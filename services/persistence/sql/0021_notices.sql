-- Where officers want their notices. The whole address is sealed under a key that is in no database (home/keys/notices.key):
-- it holds passwords and tokens. `channel` and `host` are shown; `sent_until`: up to which position of the inbox it was told.

create table notice_target (
  id         bigint      generated always as identity primary key,
  person     text        not null check (person ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  channel    text        not null,
  host       text        not null,
  sealed     bytea       not null check (octet_length(sealed) between 29 and 2000),
  added_at   timestamptz not null default clock_timestamp(),
  sent_until bigint      not null,
  sent_at    timestamptz,
  failures   integer     not null default 0 check (failures >= 0),
  try_after  timestamptz,
  gave_up_at timestamptz
) with (fillfactor = 70);
create index on notice_target (person);

grant select, insert, delete, update (sent_until, sent_at, failures, try_after, gave_up_at) on notice_target to huiyin_app;
