-- The order of the log: each committed event gets one dense position, counted from 0, by the one elected sealer.

create table seal (
  position        bigint primary key check (position >= 0),
  notification_id bigint not null unique
);

-- Every notification_id up to low_watermark is settled: sealed, or never to come. After a kill the sealer looks for
-- gaps above it only, and for all of them.
create table seal_progress (
  only_row      boolean primary key default true check (only_row),
  low_watermark bigint  not null default 0
) with (fillfactor = 50);
insert into seal_progress default values;

create trigger append_only before update or delete or truncate on seal
  for each statement execute function refuse_change();
alter table seal enable always trigger append_only;

grant select, insert on seal to huiyin_app;
grant select, update (low_watermark) on seal_progress to huiyin_app;
