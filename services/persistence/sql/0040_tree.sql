-- The tree of hashes over the log (domain/proof): tiles, and the checkpoints that were signed. A tile only ever grows, a
-- checkpoint never changes. Triggers stop accidents; what a superuser does to them, proofs show (docs/for-auditors.md).

create table tree_tile (
  hashing text     not null check (hashing in ('sha256', 'sm3')),
  level   smallint not null check (level between 0 and 7),
  number  bigint   not null check (number >= 0),
  hashes  bytea    not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
  primary key (hashing, level, number)
);
alter table tree_tile alter column hashes set storage external;  -- hashes do not compress

create function refuse_other_hashes() returns trigger language plpgsql as $$
begin
  if row(new.hashing, new.level, new.number) is distinct from row(old.hashing, old.level, old.number)
     or substr(new.hashes, 1, octet_length(old.hashes)) <> old.hashes then
    raise exception 'a tile is only added to' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger only_grows before update on tree_tile for each row execute function refuse_other_hashes();
create trigger append_only before delete or truncate on tree_tile for each statement execute function refuse_change();
alter table tree_tile enable always trigger only_grows;
alter table tree_tile enable always trigger append_only;

create table checkpoint (
  hashing   text        not null check (hashing in ('sha256', 'sm3')),
  size      bigint      not null check (size > 0),
  note      text        not null,
  signed_at timestamptz not null default clock_timestamp(),
  primary key (hashing, size)
);
create trigger append_only before update or delete or truncate on checkpoint
  for each statement execute function refuse_change();
alter table checkpoint enable always trigger append_only;

grant select on tree_tile, checkpoint to huiyin_app, huiyin_follower;
grant insert, update (hashes) on tree_tile to huiyin_follower;
grant insert (hashing, size, note) on checkpoint to huiyin_follower;
