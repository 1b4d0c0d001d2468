-- Which lists an officer looks at again and again: a name, a ledger and its filters, as in the address. Not in the log: how
-- somebody likes to look at cases changes nothing in any case. What was typed into a search is never kept here.

create table saved_view (
  person   text        not null check (person ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  name     text        not null check (length(name) between 1 and 60),
  ledger   text        not null,
  query    jsonb       not null,
  saved_at timestamptz not null default clock_timestamp(),
  primary key (person, name)
);

grant select, insert, delete, update (ledger, query, saved_at) on saved_view to huiyin_app;
