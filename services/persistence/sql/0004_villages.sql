-- Reference data until the organisation becomes events: villages, and who answers for them.

create table village (
  code     text primary key check (code ~ '^[A-Z][A-Z0-9]{0,15}$'),
  name     text not null,
  township text not null,
  handler  text not null,
  lead     text not null
);

grant select, insert, update, delete on village to huiyin_app;
