-- Who reads what and until when: agents, cycles, routes, assignments, skips, approvals, and what each agent's devices have to hear of. Ids of agents are those of their users.
create table agents (
  id uuid not null primary key references users (id),
  location_id text,
  region_id uuid references regions (id),
  max_load integer not null check (max_load >= 0),
  status text not null check (status in ('available', 'busy', 'offline', 'on_break')),
  latitude double precision,
  longitude double precision,
  accuracy_metres double precision,
  position_at timestamptz,
  -- When the status was said, and under which client_id: the later one holds. Null before anybody said one.
  status_at timestamptz,
  status_client_id uuid,
  avatar_url text,
  -- The last number of its change log; taken under this row's lock.
  change_seq bigint not null,
  -- Its changes up to this one are forgotten.
  change_floor bigint not null,
  retired_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null
);
create index ix_agents_region_id on agents (region_id) where region_id is not null;

create table agent_positions (
  agent_id uuid not null references agents (id),
  at timestamptz not null,
  latitude double precision not null,
  longitude double precision not null,
  accuracy_metres double precision,
  primary key (agent_id, at)
);
create index ix_agent_positions_at on agent_positions (at);

create table agent_changes (
  agent_id uuid not null references agents (id),
  seq bigint not null,
  at timestamptz not null,
  entity text not null check (entity in ('assignment', 'meter', 'reading')),
  entity_id uuid not null,
  deleted boolean not null,
  primary key (agent_id, seq)
);
create index ix_agent_changes_at on agent_changes (at);

create table read_cycles (
  id uuid not null primary key,
  name text not null,
  status text not null check (status in ('planned', 'open', 'closed')),
  window_from timestamptz not null,
  window_to timestamptz not null,
  meter_type text check (meter_type in ('electric', 'water', 'gas', 'heat')),
  region_id uuid references regions (id),
  location_id text,
  repeats text not null check (repeats in ('never', 'monthly', 'quarterly', 'yearly')),
  previous_id uuid references read_cycles (id),
  opened_at timestamptz,
  opened_by uuid,
  closed_at timestamptz,
  closed_by uuid,
  meter_count integer not null,
  estimated_count integer not null,
  missed_count integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null,
  check (window_from < window_to)
);
create index ix_read_cycles_region_id on read_cycles (region_id) where region_id is not null;
create index ix_read_cycles_previous_id on read_cycles (previous_id) where previous_id is not null;
create index ix_read_cycles_status_window_from on read_cycles (status, window_from);

create table cycle_meters (
  cycle_id uuid not null references read_cycles (id),
  meter_id uuid not null references meters (id),
  -- The meter that an exchange put at its place, which is the one to be read; null while that is this one.
  successor_id uuid references meters (id),
  primary key (cycle_id, meter_id)
);
create index ix_cycle_meters_meter_id on cycle_meters (meter_id);
create index ix_cycle_meters_successor_id on cycle_meters (successor_id) where successor_id is not null;

create table routes (
  id uuid not null primary key,
  name text not null,
  name_key text not null,
  description text,
  region_id uuid references regions (id),
  agent_id uuid references agents (id),
  ordering text not null check (ordering in ('street', 'shortest', 'given')),
  start_latitude double precision,
  start_longitude double precision,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null
);
create unique index ix_routes_name_key on routes (name_key);
create index ix_routes_region_id on routes (region_id) where region_id is not null;
create index ix_routes_agent_id on routes (agent_id) where agent_id is not null;

create table route_stops (
  route_id uuid not null references routes (id),
  position integer not null,
  service_point_id uuid not null references service_points (id),
  primary key (route_id, position)
);
create unique index ix_route_stops_route_id_service_point_id on route_stops (route_id, service_point_id);
create index ix_route_stops_service_point_id on route_stops (service_point_id);

create table assignments (
  id uuid not null primary key,
  meter_id uuid not null references meters (id),
  agent_id uuid not null references agents (id),
  cycle_id uuid references read_cycles (id),
  route_id uuid references routes (id),
  -- Place in the agent's walk; null for the end.
  position integer,
  status text not null check (status in ('pending', 'in_progress', 'completed', 'cancelled', 'overdue')),
  estimated_minutes integer,
  due_at timestamptz,
  assigned_at timestamptz not null,
  -- When it was first given, before it was moved.
  given_at timestamptz not null,
  -- A visit at this instant or later ends the work.
  visits_from timestamptz not null,
  assigned_by uuid,
  started_at timestamptz,
  completed_at timestamptz,
  cancelled_at timestamptz,
  completion_notes text,
  reading_id uuid references readings (id),
  re_read_id uuid references re_reads (id),
  -- The assignment this one took over from: another agent's, or of the meter that stood at the place before.
  moved_from_id uuid references assignments (id),
  -- Until then the agent sees the meter.
  released_at timestamptz,
  updated_at timestamptz not null,
  version integer not null
);
create unique index ix_assignments_meter_id on assignments (meter_id) where status in ('pending', 'in_progress', 'overdue');
create index ix_assignments_meter_id_agent_id on assignments (meter_id, agent_id);
create index ix_assignments_agent_id_status on assignments (agent_id, status);
create index ix_assignments_agent_id_meter_id on assignments (agent_id, meter_id) where released_at is null;
create index ix_assignments_cycle_id_status_agent_id_completed_at on assignments (cycle_id, status, agent_id, completed_at) where cycle_id is not null;
create index ix_assignments_route_id on assignments (route_id) where route_id is not null;
create index ix_assignments_reading_id on assignments (reading_id) where reading_id is not null;
create index ix_assignments_re_read_id on assignments (re_read_id) where re_read_id is not null;
create index ix_assignments_moved_from_id on assignments (moved_from_id) where moved_from_id is not null;
create index ix_assignments_due_at on assignments (due_at) where status in ('pending', 'in_progress');
create index ix_assignments_assigned_at_id on assignments (assigned_at, id);

-- Who was given which meter, for scopes: as the module of the meters sees it.
create view meter_agents as select meter_id, agent_id, status, released_at from assignments;

create table skips (
  id uuid not null primary key,
  client_id uuid,
  content_hash bytea,
  meter_id uuid not null references meters (id),
  service_point_id uuid references service_points (id),
  agent_id uuid,
  cycle_id uuid references read_cycles (id),
  assignment_id uuid references assignments (id),
  code text not null check (code in ('no_access', 'dog', 'meter_missing', 'damaged', 'unreadable', 'unsafe', 'customer_refused', 'vacant', 'other')),
  note text,
  photo_url text,
  latitude double precision,
  longitude double precision,
  accuracy_metres double precision,
  skipped_at timestamptz not null,
  received_at timestamptz not null
);
create unique index ix_skips_client_id on skips (client_id) where client_id is not null;
create index ix_skips_meter_id_skipped_at on skips (meter_id, skipped_at);
create index ix_skips_skipped_at_id on skips (skipped_at, id);
create index ix_skips_agent_id_skipped_at on skips (agent_id, skipped_at) where agent_id is not null;
create index ix_skips_service_point_id on skips (service_point_id) where service_point_id is not null;
create index ix_skips_cycle_id_meter_id on skips (cycle_id, meter_id) where cycle_id is not null;
create index ix_skips_assignment_id on skips (assignment_id) where assignment_id is not null;

-- Places somebody has to look after: skipped two cycles running, estimated three cycles running.
create table follow_ups (
  id uuid not null primary key,
  meter_id uuid not null references meters (id),
  reason text not null check (reason in ('skipped_twice', 'estimated_repeatedly')),
  opened_at timestamptz not null,
  closed_at timestamptz,
  closed_by uuid,
  note text
);
create unique index ix_follow_ups_meter_id_reason on follow_ups (meter_id, reason) where closed_at is null;
create index ix_follow_ups_meter_id on follow_ups (meter_id);
create index ix_follow_ups_opened_at_id on follow_ups (opened_at, id);

create table visits (
  reading_id uuid not null primary key references readings (id),
  agent_id uuid not null,
  meter_id uuid not null references meters (id),
  at timestamptz not null,
  score integer not null check (score between 0 and 100),
  distance_metres double precision,
  speed_kmh double precision,
  dwell_seconds integer,
  is_mocked boolean not null,
  reasons jsonb not null
);
create index ix_visits_agent_id_at on visits (agent_id, at);
create index ix_visits_meter_id on visits (meter_id);
create index ix_visits_at_reading_id on visits (at, reading_id);

create table approval_requests (
  id uuid not null primary key,
  client_id uuid,
  content_hash bytea,
  kind text not null check (kind in ('meter_change', 'held_reading', 'found_meter')),
  -- Null for a meter that was found, until it is made.
  meter_id uuid,
  reading_id uuid references readings (id),
  agent_id uuid not null,
  -- What is proposed, and what stood there when it was.
  meter_data jsonb,
  before_data jsonb,
  photos jsonb,
  meter_version integer,
  status text not null check (status in ('pending', 'under_review', 'approved', 'rejected')),
  -- Names of roles, in order; the step that is next.
  steps text not null,
  step integer not null,
  submission_notes text,
  review_notes text,
  reviewer_id uuid,
  submitted_at timestamptz not null,
  reviewed_at timestamptz,
  updated_at timestamptz not null,
  version integer not null
);
create unique index ix_approval_requests_client_id on approval_requests (client_id) where client_id is not null;
create index ix_approval_requests_status_submitted_at on approval_requests (status, submitted_at);
create index ix_approval_requests_meter_id on approval_requests (meter_id) where meter_id is not null;
create index ix_approval_requests_agent_id on approval_requests (agent_id);
create index ix_approval_requests_submitted_at_id on approval_requests (submitted_at, id);
create unique index ix_approval_requests_reading_id on approval_requests (reading_id) where status in ('pending', 'under_review');

create table approval_decisions (
  request_id uuid not null references approval_requests (id),
  step integer not null,
  decision text not null check (decision in ('review', 'approve', 'reject')),
  note text,
  decided_by uuid,
  decided_at timestamptz not null,
  primary key (request_id, step, decided_at)
);
