-- What came through the hub: under which delivery, so that an amendment or a cancellation finds it, and in which order. Of two rows with the same
-- effective day the one with the larger sequence counts, whichever arrived first; what was taken down here has none and comes before.
alter table declared_address
  add column delivery text,
  add column sequence text not null default '';
create index declared_address_of_delivery on declared_address (delivery) where delivery is not null;
drop index declared_address_in_force;
create index declared_address_in_force on declared_address (person_id, usage, effective_on desc, sequence desc, id desc);
