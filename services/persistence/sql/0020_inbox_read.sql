-- Up to which position somebody has read their inbox. Not in the log: whether a message was read changes nothing in any
-- case, and the office does not watch how its people read (docs/decisions/0020-inbox.md).

create table inbox_read (
  person     text        primary key check (person ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  read_until bigint      not null,
  read_at    timestamptz not null default clock_timestamp()
) with (fillfactor = 70);

grant select, insert, update (read_until, read_at) on inbox_read to huiyin_app;
