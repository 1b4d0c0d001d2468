-- Copies of ledgers that are made in the background (docs/decisions/0033-exports.md). Not in the log: that somebody took a copy
-- changes nothing in any case; whose words were in it stands in `look`. What was made is sealed under a key that is in no
-- database (home/keys/exports.key) and goes after a day; filters and scope go as soon as it is made.

create table export_job (
  job_id    uuid        primary key,
  person    text        not null check (person ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  post      text        not null,
  asked     bytea       not null,
  account   jsonb       not null,
  wanted    jsonb       not null,
  format    text        not null check (format in ('csv', 'json', 'xlsx', 'html', 'pdf')),
  asked_at  timestamptz not null default clock_timestamp(),
  state     text        not null default 'waiting' check (state in ('waiting', 'making', 'done', 'failed', 'cancelled')),
  attempts  integer     not null default 0,
  rows_done bigint      not null default 0,
  row_count bigint,
  title     text,
  bytes     bigint,
  problem   text,
  ended_at  timestamptz
) with (fillfactor = 70);
create index on export_job (person, asked_at);
create index on export_job (asked_at) where state in ('waiting', 'making');

create table export_piece (
  job_id uuid    not null references export_job on delete cascade,
  nth    integer not null,
  sealed bytea   not null,
  primary key (job_id, nth)
);

grant select, insert, delete, update (account, wanted, state, attempts, rows_done, row_count, title, bytes, problem, ended_at)
  on export_job to huiyin_app;
grant select, insert, delete on export_piece to huiyin_app;
