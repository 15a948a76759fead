-- Who reads what and until when: agents, cycles, routes, assignments, skips, approvals, and what each agent's devices have to hear of. Ids of agents are those of their users.
create table agents (
  id blob not null primary key references users (id),
  location_id text,
  region_id blob references regions (id),
  max_load integer not null check (max_load >= 0),
  status text not null check (status = 'available' or status = 'busy' or status = 'offline' or status = 'on_break'),
  latitude real,
  longitude real,
  accuracy_metres real,
  position_at integer,
  -- When the status was said, and under which client_id: the later one holds. Null before anybody said one.
  status_at integer,
  status_client_id blob,
  avatar_url text,
  -- The last number of its change log; taken under this row's lock.
  change_seq integer not null,
  -- Its changes up to this one are forgotten.
  change_floor integer not null,
  retired_at integer,
  created_at integer not null,
  updated_at integer not null,
  version integer not null
) strict;
create index ix_agents_region_id on agents (region_id) where region_id is not null;

create table agent_positions (
  agent_id blob not null references agents (id),
  at integer not null,
  latitude real not null,
  longitude real not null,
  accuracy_metres real,
  primary key (agent_id, at)
) strict, without rowid;
create index ix_agent_positions_at on agent_positions (at);

create table agent_changes (
  agent_id blob not null references agents (id),
  seq integer not null,
  at integer not null,
  entity text not null check (entity = 'assignment' or entity = 'meter' or entity = 'reading'),
  entity_id blob not null,
  deleted integer not null,
  primary key (agent_id, seq)
) strict, without rowid;
create index ix_agent_changes_at on agent_changes (at);

create table read_cycles (
  id blob not null primary key,
  name text not null,
  status text not null check (status = 'planned' or status = 'open' or status = 'closed'),
  window_from integer not null,
  window_to integer not null,
  meter_type text check (meter_type = 'electric' or meter_type = 'water' or meter_type = 'gas' or meter_type = 'heat'),
  region_id blob references regions (id),
  location_id text,
  repeats text not null check (repeats = 'never' or repeats = 'monthly' or repeats = 'quarterly' or repeats = 'yearly'),
  previous_id blob references read_cycles (id),
  opened_at integer,
  opened_by blob,
  closed_at integer,
  closed_by blob,
  meter_count integer not null,
  estimated_count integer not null,
  missed_count integer not null,
  created_at integer not null,
  updated_at integer not null,
  version integer not null,
  check (window_from < window_to)
) strict;
create index ix_read_cycles_region_id on read_cycles (region_id) where region_id is not null;
create index ix_read_cycles_previous_id on read_cycles (previous_id) where previous_id is not null;
create index ix_read_cycles_status_window_from on read_cycles (status, window_from);

create table cycle_meters (
  cycle_id blob not null references read_cycles (id),
  meter_id blob not null references meters (id),
  -- The meter that an exchange put at its place, which is the one to be read; null while that is this one.
  successor_id blob references meters (id),
  primary key (cycle_id, meter_id)
) strict, without rowid;
create index ix_cycle_meters_meter_id on cycle_meters (meter_id);
create index ix_cycle_meters_successor_id on cycle_meters (successor_id) where successor_id is not null;

create table routes (
  id blob not null primary key,
  name text not null,
  name_key text not null,
  description text,
  region_id blob references regions (id),
  agent_id blob references agents (id),
  ordering text not null check (ordering = 'street' or ordering = 'shortest' or ordering = 'given'),
  start_latitude real,
  start_longitude real,
  created_at integer not null,
  updated_at integer not null,
  version integer not null
) strict;
create unique index ix_routes_name_key on routes (name_key);
create index ix_routes_region_id on routes (region_id) where region_id is not null;
create index ix_routes_agent_id on routes (agent_id) where agent_id is not null;

create table route_stops (
  route_id blob not null references routes (id),
  position integer not null,
  service_point_id blob not null references service_points (id),
  primary key (route_id, position)
) strict, without rowid;
create unique index ix_route_stops_route_id_service_point_id on route_stops (route_id, service_point_id);
create index ix_route_stops_service_point_id on route_stops (service_point_id);

create table assignments (
  id blob not null primary key,
  meter_id blob not null references meters (id),
  agent_id blob not null references agents (id),
  cycle_id blob references read_cycles (id),
  route_id blob references routes (id),
  -- Place in the agent's walk; null for the end.
  position integer,
  status text not null check (status = 'pending' or status = 'in_progress' or status = 'completed' or status = 'cancelled' or status = 'overdue'),
  estimated_minutes integer,
  due_at integer,
  assigned_at integer not null,
  -- When it was first given, before it was moved.
  given_at integer not null,
  -- A visit at this instant or later ends the work.
  visits_from integer not null,
  assigned_by blob,
  started_at integer,
  completed_at integer,
  cancelled_at integer,
  completion_notes text,
  reading_id blob references readings (id),
  re_read_id blob references re_reads (id),
  -- The assignment this one took over from: another agent's, or of the meter that stood at the place before.
  moved_from_id blob references assignments (id),
  -- Until then the agent sees the meter.
  released_at integer,
  updated_at integer not null,
  version integer not null
) strict;
create unique index ix_assignments_meter_id on assignments (meter_id) where status = 'pending' or status = 'in_progress' or status = 'overdue';
create index ix_assignments_meter_id_agent_id on assignments (meter_id, agent_id);
create index ix_assignments_agent_id_status on assignments (agent_id, status);
create index ix_assignments_agent_id_meter_id on assignments (agent_id, meter_id) where released_at is null;
create index ix_assignments_cycle_id_status_agent_id_completed_at on assignments (cycle_id, status, agent_id, completed_at) where cycle_id is not null;
create index ix_assignments_route_id on assignments (route_id) where route_id is not null;
create index ix_assignments_reading_id on assignments (reading_id) where reading_id is not null;
create index ix_assignments_re_read_id on assignments (re_read_id) where re_read_id is not null;
create index ix_assignments_moved_from_id on assignments (moved_from_id) where moved_from_id is not null;
create index ix_assignments_due_at on assignments (due_at) where status = 'pending' or status = 'in_progress';
create index ix_assignments_assigned_at_id on assignments (assigned_at, id);

-- Who was given which meter, for scopes: as the module of the meters sees it.
create view meter_agents as select meter_id, agent_id, status, released_at from assignments;

create table skips (
  id blob not null primary key,
  client_id blob,
  content_hash blob,
  meter_id blob not null references meters (id),
  service_point_id blob references service_points (id),
  agent_id blob,
  cycle_id blob references read_cycles (id),
  assignment_id blob references assignments (id),
  code text not null check (code = 'no_access' or code = 'dog' or code = 'meter_missing' or code = 'damaged' or code = 'unreadable' or code = 'unsafe' or code = 'customer_refused' or code = 'vacant' or code = 'other'),
  note text,
  photo_url text,
  latitude real,
  longitude real,
  accuracy_metres real,
  skipped_at integer not null,
  received_at integer not null
) strict;
create unique index ix_skips_client_id on skips (client_id) where client_id is not null;
create index ix_skips_meter_id_skipped_at on skips (meter_id, skipped_at);
create index ix_skips_skipped_at_id on skips (skipped_at, id);
create index ix_skips_agent_id_skipped_at on skips (agent_id, skipped_at) where agent_id is not null;
create index ix_skips_service_point_id on skips (service_point_id) where service_point_id is not null;
create index ix_skips_cycle_id_meter_id on skips (cycle_id, meter_id) where cycle_id is not null;
create index ix_skips_assignment_id on skips (assignment_id) where assignment_id is not null;

-- Places somebody has to look after: skipped two cycles running, estimated three cycles running.
create table follow_ups (
  id blob not null primary key,
  meter_id blob not null references meters (id),
  reason text not null check (reason = 'skipped_twice' or reason = 'estimated_repeatedly'),
  opened_at integer not null,
  closed_at integer,
  closed_by blob,
  note text
) strict;
create unique index ix_follow_ups_meter_id_reason on follow_ups (meter_id, reason) where closed_at is null;
create index ix_follow_ups_meter_id on follow_ups (meter_id);
create index ix_follow_ups_opened_at_id on follow_ups (opened_at, id);

create table visits (
  reading_id blob not null primary key references readings (id),
  agent_id blob not null,
  meter_id blob not null references meters (id),
  at integer not null,
  score integer not null check (score between 0 and 100),
  distance_metres real,
  speed_kmh real,
  dwell_seconds integer,
  is_mocked integer not null,
  reasons text not null
) strict;
create index ix_visits_agent_id_at on visits (agent_id, at);
create index ix_visits_meter_id on visits (meter_id);
create index ix_visits_at_reading_id on visits (at, reading_id);

create table approval_requests (
  id blob not null primary key,
  client_id blob,
  content_hash blob,
  kind text not null check (kind = 'meter_change' or kind = 'held_reading' or kind = 'found_meter'),
  -- Null for a meter that was found, until it is made.
  meter_id blob,
  reading_id blob references readings (id),
  agent_id blob not null,
  -- What is proposed, and what stood there when it was.
  meter_data text,
  before_data text,
  photos text,
  meter_version integer,
  status text not null check (status = 'pending' or status = 'under_review' or status = 'approved' or status = 'rejected'),
  -- Names of roles, in order; the step that is next.
  steps text not null,
  step integer not null,
  submission_notes text,
  review_notes text,
  reviewer_id blob,
  submitted_at integer not null,
  reviewed_at integer,
  updated_at integer not null,
  version integer not null
) strict;
create unique index ix_approval_requests_client_id on approval_requests (client_id) where client_id is not null;
create index ix_approval_requests_status_submitted_at on approval_requests (status, submitted_at);
create index ix_approval_requests_meter_id on approval_requests (meter_id) where meter_id is not null;
create index ix_approval_requests_agent_id on approval_requests (agent_id);
create index ix_approval_requests_submitted_at_id on approval_requests (submitted_at, id);
create unique index ix_approval_requests_reading_id on approval_requests (reading_id) where status = 'pending' or status = 'under_review';

create table approval_decisions (
  request_id blob not null references approval_requests (id),
  step integer not null,
  decision text not null check (decision = 'review' or decision = 'approve' or decision = 'reject'),
  note text,
  decided_by blob,
  decided_at integer not null,
  primary key (request_id, step, decided_at)
) strict, without rowid;
