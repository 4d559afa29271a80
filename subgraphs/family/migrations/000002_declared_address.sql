-- What beneficiaries declared through the hub: the file's address from that day on, whatever the fund's last answer prints. Of two with the same
-- effective day the one with the larger sequence counts.
create table declared_address (
  id bigint generated always as identity primary key,
  file_id text not null references family_file (id),
  delivery text not null,
  sequence text not null,
  declared_on date not null,
  effective_on date not null,
  recipient text,
  additional_info text,
  street_line text,
  locality text,
  post_code text,
  city text,
  insee_code text,
  country text
);
create index declared_address_in_force on declared_address (file_id, effective_on desc, sequence desc);
create index declared_address_of_delivery on declared_address (delivery);
