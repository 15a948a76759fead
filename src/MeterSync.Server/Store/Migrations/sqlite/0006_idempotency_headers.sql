-- A replayed answer has the headers of the first one.
alter table idempotency_keys add column entity_tag text;
alter table idempotency_keys add column location text;
