-- Which follower stands still because of an event that it cannot take in. The row goes when it gets past the event.
-- Never the event's content: only where it is, what kind it is, and which error came where in the program.

create table follower_fault (
  name     text primary key,
  position bigint not null,
  topic    text,
  error    text not null,
  since    timestamptz not null default clock_timestamp(),
  tries    integer not null default 1
);

grant select, insert, update, delete on follower_fault to huiyin_app;
