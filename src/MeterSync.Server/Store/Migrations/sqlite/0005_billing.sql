-- Frozen billing runs: lines are written once; what changes later is written beside them as numbered adjustments.
-- Lines point to their run at commit: the run is written last, when its counts are known.
create table billing_runs (
  id blob not null primary key,
  job_id blob not null,
  name text not null,
  period_from integer not null,
  period_to integer not null,
  location_id text,
  line_count integer not null,
  billable_count integer not null,
  held_count integer not null,
  missing_count integer not null,
  totals text not null,
  created_by blob,
  created_by_name text not null,
  created_at integer not null,
  check (period_from < period_to)
) strict;
create unique index ix_billing_runs_job_id on billing_runs (job_id);
create index ix_billing_runs_period_from on billing_runs (period_from);
create index ix_billing_runs_created_at_id on billing_runs (created_at, id);

create table billing_adjustments (
  run_id blob not null references billing_runs (id),
  number integer not null check (number > 0),
  line_count integer not null,
  totals text not null,
  created_by blob,
  created_by_name text not null,
  created_at integer not null,
  primary key (run_id, number)
) strict;

create table billing_lines (
  run_id blob not null references billing_runs (id) deferrable initially deferred,
  line_number integer not null,
  adjustment integer not null,
  meter_id blob not null,
  register_id blob not null,
  serial_number text not null,
  meter_status text not null,
  register_ordinal integer not null,
  register text not null,
  obis_code text,
  quantity text not null,
  register_kind text not null,
  direction text not null,
  unit text not null,
  multiplier integer not null,
  state text not null check (state = 'billable' or state = 'missing' or state = 'held'),
  previous_value_id blob,
  previous_reading_id blob,
  previous_value integer,
  previous_at integer,
  current_value_id blob,
  current_reading_id blob,
  current_value integer,
  current_at integer,
  days integer,
  consumption integer,
  billed_consumption integer,
  quality text,
  flags text not null,
  value_count integer not null,
  held_count integer not null,
  remark text,
  reason text,
  inputs text not null,
  address text,
  owner text,
  location_id text,
  external_id text,
  -- Only where the meter came or went within the period.
  installed_at integer,
  removed_at integer,
  primary key (run_id, line_number, adjustment)
) strict;
create index ix_billing_lines_run_id_adjustment_line_number on billing_lines (run_id, adjustment, line_number);
create index ix_billing_lines_run_id_register_id on billing_lines (run_id, register_id);
