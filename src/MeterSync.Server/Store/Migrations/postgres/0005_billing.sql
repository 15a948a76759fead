-- Frozen billing runs: lines are written once; what changes later is written beside them as numbered adjustments.
-- Lines point to their run at commit: the run is written last, when its counts are known.
create table billing_runs (
  id uuid not null primary key,
  job_id uuid not null,
  name text not null,
  period_from timestamptz not null,
  period_to timestamptz not null,
  location_id text,
  line_count integer not null,
  billable_count integer not null,
  held_count integer not null,
  missing_count integer not null,
  totals jsonb not null,
  created_by uuid,
  created_by_name text not null,
  created_at timestamptz not null,
  check (period_from < period_to)
);
create unique index ix_billing_runs_job_id on billing_runs (job_id);
create index ix_billing_runs_period_from on billing_runs (period_from);
create index ix_billing_runs_created_at_id on billing_runs (created_at, id);

create table billing_adjustments (
  run_id uuid not null references billing_runs (id),
  number integer not null check (number > 0),
  line_count integer not null,
  totals jsonb not null,
  created_by uuid,
  created_by_name text not null,
  created_at timestamptz not null,
  primary key (run_id, number)
);

create table billing_lines (
  run_id uuid not null references billing_runs (id) deferrable initially deferred,
  line_number integer not null,
  adjustment integer not null,
  meter_id uuid not null,
  register_id uuid not null,
  serial_number text not null,
  meter_status text not null,
  register_ordinal integer not null,
  register text not null,
  obis_code text,
  quantity text not null,
  register_kind text not null,
  direction text not null,
  unit text not null,
  multiplier numeric(18,6) not null,
  state text not null check (state in ('billable', 'missing', 'held')),
  previous_value_id uuid,
  previous_reading_id uuid,
  previous_value numeric(18,6),
  previous_at timestamptz,
  current_value_id uuid,
  current_reading_id uuid,
  current_value numeric(18,6),
  current_at timestamptz,
  days numeric(18,6),
  consumption numeric(18,6),
  billed_consumption numeric(18,6),
  quality text,
  flags text not null,
  value_count integer not null,
  held_count integer not null,
  remark text,
  reason text,
  inputs jsonb not null,
  address text,
  owner text,
  location_id text,
  external_id text,
  -- Only where the meter came or went within the period.
  installed_at timestamptz,
  removed_at timestamptz,
  primary key (run_id, line_number, adjustment)
);
create index ix_billing_lines_run_id_adjustment_line_number on billing_lines (run_id, adjustment, line_number);
create index ix_billing_lines_run_id_register_id on billing_lines (run_id, register_id);
