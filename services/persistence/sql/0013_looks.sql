-- Who saw a household's words or data, in which post, when, and through which door? Only ever added to; the household
-- may read it. No word of what was seen.

create table look (
  look_id      bigint      generated always as identity primary key,
  looked_at    timestamptz not null default clock_timestamp(),
  subject      text        not null,
  user_name    text        not null,
  role         text        not null,
  place        text,
  on_behalf_of text,
  door         text        not null check (door in ('api', 'cli', 'export', 'receipt')),
  what         text        not null check (what in ('issue', 'history', 'ledger', 'household', 'search', 'copy')),
  issue_id     uuid,
  shown        text        not null check (shown in ('words', 'masked'))
);
create index on look (subject, look_id);
create index on look (user_name, looked_at);

create trigger look_is_append_only before update or delete or truncate on look
  for each statement execute function refuse_change();

grant select, insert on look to huiyin_app;
