-- What a receipt must name of the body that uses the data.
ALTER TABLE services ADD COLUMN address text, ADD COLUMN contact text;
