-- Who answers for a unit that is no village: township, county, department:<key>.

create table unit_head (
  unit   text primary key check (unit ~ '^(township|county|department:[a-z][a-z0-9_-]{0,63})$'),
  person text not null
);

grant select, insert, update, delete on unit_head to huiyin_app;
