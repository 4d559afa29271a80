-- Whose data an entry is about, by whom it was asked and on which reading of civil status; null = the person's own, asked for themself.
ALTER TABLE consent_events ADD COLUMN subjects json;
