-- Built after the bulk load, as one does.
CREATE UNIQUE INDEX readings_client_id ON readings (client_id);
CREATE INDEX readings_meter ON readings (meter_id, reading_timestamp DESC, id DESC);
CREATE INDEX readings_time ON readings (reading_timestamp DESC, id DESC);
CREATE INDEX readings_state ON readings (state, reading_timestamp DESC, id DESC);
