-- What was declared goes when it has been applied and some time has passed; that it was received, and the digest by which it is known again, stay.
alter table inbox_event alter column data drop not null;
create index inbox_event_to_erase on inbox_event (received_at) where data is not null;
