-- The households' keys, apart from everything else: only role huiyin_keys reads this schema. It may also stand in a
-- database of its own (docs/operations.md): this file needs nothing of the other tables.

do $$
begin
  if not exists (select from pg_roles where rolname = 'huiyin_keys') then
    create role huiyin_keys login;
  end if;
exception when duplicate_object or unique_violation then
  null;  -- another database of this cluster is being migrated at the same moment
end
$$;

create schema keys;
revoke all on schema keys from public;

-- One data key per household and generation, wrapped by the township's key, which is in no database. An erased one
-- keeps its row without the key, so that its words are known to be gone for good, and not just unreadable.
-- retired_at: nothing more is sealed with it. Vacuumed at once, lest a destroyed key lie about in the file.
create table keys.household_key (
  subject      text        not null check (subject ~ '^[A-Z][A-Z0-9]{0,15}/[A-Z0-9][A-Z0-9-]{0,31}$'),
  generation   integer     not null check (generation >= 1),
  wrapped      bytea       check (octet_length(wrapped) = 60),
  created_at   timestamptz not null default clock_timestamp(),
  retired_at   timestamptz,
  destroyed_at timestamptz check (destroyed_at >= created_at),
  primary key (subject, generation),
  check ((wrapped is null) = (destroyed_at is not null))
) with (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);

-- Exact search: the first eight bytes of HMAC-SHA-256 under a pepper that is in no database either.
create table keys.blind_index (
  kind    text  not null check (kind in ('phone')),
  token   bytea not null check (octet_length(token) = 8),
  subject text  not null,
  primary key (kind, token, subject)
) with (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
create index on keys.blind_index (subject);

grant usage on schema keys to huiyin_keys;
grant select, insert, update (wrapped, retired_at, destroyed_at) on keys.household_key to huiyin_keys;
grant select, insert, delete on keys.blind_index to huiyin_keys;
