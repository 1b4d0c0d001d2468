-- Who may come in: accounts with one role each, and the hashes of their API tokens. No personal data but a display name.

-- The role `process` is nobody's account: only the issue's workflow acts in it, and never through the API.
-- village: what a field officer is limited to; unit: what a department answers for. Null: no limit, or none of its own.
create table account (
  name       text        primary key check (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  role       text        not null check (role in (
               'case_handler', 'station_lead', 'committee_member', 'finance', 'department', 'auditor', 'administrator',
               'household')),
  display_zh text        not null check (display_zh <> ''),
  display_en text        not null check (display_en <> ''),
  village    text        check (village ~ '^[A-Z][A-Z0-9]{0,15}$'),
  unit       text        check (unit ~ '^(township|county|department:[a-z][a-z0-9_-]{0,63})$'),
  active     boolean     not null default true,
  created_at timestamptz not null default clock_timestamp()
);

-- Only the SHA-256 of a token is kept: 256 random bits need no slow hash. hint: its last characters, to tell them apart.
create table api_token (
  token_hash bytea       primary key check (octet_length(token_hash) = 32),
  account    text        not null references account (name),
  hint       text        not null check (length(hint) = 4),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null check (expires_at > created_at)
);
create index on api_token (account);

grant select, insert, update (role, display_zh, display_en, village, unit, active) on account to huiyin_app;
grant select, insert, delete on api_token to huiyin_app;
