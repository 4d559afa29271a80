-- Where a declarant says to live, from the day of the move on. The notices' address on 1 January is another fact and is not touched. Of two with
-- the same effective day the one with the larger sequence counts.
create table declared_residence (
  id bigint generated always as identity primary key,
  household text not null,
  position smallint not null,
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
  country text,
  foreign key (household, position) references declarant (household, position)
);
create index declared_residence_in_force on declared_residence (household, position, effective_on desc, sequence desc);
create index declared_residence_of_delivery on declared_residence (delivery);
