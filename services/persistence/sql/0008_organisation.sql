-- Who is who is told by events now (domain/organisation): the reference tables go, and an account is only a login. Which role
-- somebody has, where and until when, follows from appointments.

drop table village;
drop table unit_head;
alter table account drop column role, drop column village, drop column unit;
