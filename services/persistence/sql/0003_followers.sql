-- How far each follower has read: the position of the last event it has taken in, -1 before the first.

create table follower_position (
  name     text   primary key,
  position bigint not null default -1 check (position >= -1)
) with (fillfactor = 50);

grant select, insert, update, delete on follower_position to huiyin_app;
