-- What witnesses of other offices vouched for (docs/decisions/0041-witnesses.md): a line under a checkpoint never changes; how each
-- witness stands does. `witness` is the name and the id of its key; `size` what it saw last, as far as is known here.

create table cosignature (
  size        bigint      not null check (size > 0),
  witness     text        not null,
  line        text        not null check (length(line) between 1 and 8000),
  cosigned_at timestamptz not null,
  primary key (size, witness)
);
create trigger append_only before update or delete or truncate on cosignature
  for each statement execute function refuse_change();
alter table cosignature enable always trigger append_only;

create table witness_state (
  witness     text        primary key,
  size        bigint      not null default 0 check (size >= 0),
  cosigned_at timestamptz,
  refusal     text check (refusal in ('ahead', 'other-root', 'inconsistent', 'not-signed', 'unknown-log')),
  refused_at  timestamptz
);

grant select on cosignature, witness_state to huiyin_app, huiyin_follower;
grant insert on cosignature to huiyin_follower;
grant insert, update (size, cosigned_at, refusal, refused_at) on witness_state to huiyin_follower;
