-- How people come in: passwords, sessions, what API tokens may do, and whom an identity provider vouches for.
-- Secrets are stored only as hashes: argon2id for passwords, SHA-256 for what is 256 random bits anyway.

-- must_change: given by somebody else, good for nothing but choosing one's own.
-- demonstration: printed by `huiyin up`; outside the demonstration it counts like must_change.
create table password (
  account       text        primary key references account (name),
  hash          text        not null check (hash like '$argon2id$%'),
  must_change   boolean     not null,
  demonstration boolean     not null default false,
  changed_at    timestamptz not null default clock_timestamp()
);

-- Wrong passwords in a row, by account. The row '' stands for all names that nobody has: a log-in under such a name
-- does the same work as any other, so that its time tells nothing.
create table log_in_failure (
  account      text        primary key check (account ~ '^([a-z0-9][a-z0-9._-]{0,63})?$'),
  failures     integer     not null default 0 check (failures >= 0),
  last_at      timestamptz not null default clock_timestamp(),
  locked_until timestamptz
) with (fillfactor = 50);

create table session (
  session_hash bytea       primary key check (octet_length(session_hash) = 32),
  account      text        not null references account (name),
  come_by      text        not null check (come_by in ('password', 'oidc')),
  created_at   timestamptz not null default clock_timestamp(),
  last_used_at timestamptz not null default clock_timestamp(),
  expires_at   timestamptz not null check (expires_at > created_at)
) with (fillfactor = 70);
create index on session (account);

alter table api_token add column id bigint generated always as identity;
alter table api_token add column scopes text[] not null default '{read,write,manage}'
  check (cardinality(scopes) > 0 and scopes <@ array['read', 'write', 'manage']);
alter table api_token alter column scopes drop default;

-- Whom an identity provider means by its subject. Made by an administrator, never by a log-in.
create table vouched_identity (
  issuer     text        not null check (issuer ~ '^https?://'),
  subject    text        not null check (subject <> '' and length(subject) <= 255),
  account    text        not null references account (name),
  created_at timestamptz not null default clock_timestamp(),
  primary key (issuer, subject)
);
create index on vouched_identity (account);

-- Log-ins on their way to the identity provider and back: each may come back once, to the browser that set out.
create table oidc_attempt (
  attempt_hash  bytea       primary key check (octet_length(attempt_hash) = 32),
  state         text        not null,
  nonce         text        not null,
  code_verifier text        not null,
  expires_at    timestamptz not null
);

grant select, insert, delete, update (hash, must_change, demonstration, changed_at) on password to huiyin_app;
grant select, insert, delete, update (account, failures, last_at, locked_until) on log_in_failure to huiyin_app;
grant select, insert, delete, update (last_used_at) on session to huiyin_app;
grant select, insert, delete on vouched_identity, oidc_attempt to huiyin_app;
