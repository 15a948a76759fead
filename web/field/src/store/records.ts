/** What the phone keeps, store by store. Instants of the phone are milliseconds of its own clock; those of the server are RFC 3339 text. */

export type MeterType = "electric" | "water" | "gas" | "heat";

export type Place = { latitude: number; longitude: number };

/** What a value read at `at` is to be expected to be: `device.limits` of samples/vectors/vee.json. An absent limit never fails. */
export type ExpectedLimits = {
  at: string;
  last_value?: number | null;
  last_at?: string | null;
  low_value?: number | null;
  high_value?: number | null;
  expected_value?: number | null;
  digits?: number | null;
  decimals?: number | null;
  maximum_use_per_day?: number | null;
  multiplier: number;
  runs_backwards: boolean;
};

export type Register = {
  id: string;
  ordinal: number;
  label: string;
  obis_code: string | null;
  quantity: string;
  unit: string;
  kind: "cumulative" | "maximum_demand" | "instantaneous";
  direction: string;
  /** Whole drums; null where nobody knows. */
  digits: number | null;
  decimals: number | null;
  multiplier: number;
  runs_backwards: boolean;
  maximum_use_per_day: number | null;
  limits: ExpectedLimits | null;
};

/** A meter as `GET /sync/changes` hands it out. */
export type Meter = {
  id: string;
  serial_number: string;
  meter_type: MeterType;
  status: string;
  priority: string;
  service_point_id: string | null;
  address: string | null;
  coordinates: Place | null;
  position_source: string;
  location_id: string | null;
  owner: string | null;
  time_zone: string | null;
  access_notes: string | null;
  hazard_notes: string | null;
  key_number: string | null;
  estimated_time: number | null;
  requires_photo: boolean;
  metadata: unknown;
  version: number;
  registers: readonly Register[];
};

export type AssignmentStatus = "pending" | "in_progress" | "completed" | "cancelled" | "overdue";

/** An assignment as `GET /sync/changes` hands it out; the part the phone uses. */
export type Assignment = {
  id: string;
  meter_id: string;
  serial_number: string;
  address: string | null;
  route_id: string | null;
  position: number | null;
  status: AssignmentStatus;
  estimated_time: number | null;
  due_at: string | null;
  visits_from: string;
  completed_at: string | null;
  reading_id: string | null;
  re_read_id: string | null;
  version: number;
};

/** What became of a reading this user brought, as `GET /sync/changes` hands it out. */
export type OfficeReading = {
  id: string;
  client_id: string | null;
  meter_id: string;
  reading_timestamp: string;
  received_at: string;
  state: "captured" | "held" | "accepted" | "rejected" | "superseded";
  flags: readonly string[];
  verified: boolean;
  evidence: "none" | "pending" | "complete" | "missing";
  decision_note: string | null;
  notes: string | null;
  version: number;
  values: readonly { id: string; register_id: string; value: number; state: string; quality: string; flags: readonly string[] }[];
};

export type Position = { latitude: number; longitude: number; accuracy_m: number; at: number; from: "device" | "photo" };

/** One register's value as typed: text with a decimal point, never a float. */
export type TypedValue = { register_id: string; text: string };

/** A visit of this phone's user, as it was saved: a reading, or a skip. Its outbox row has the same client_id. */
export type Visit = {
  client_id: string;
  kind: "reading" | "skip";
  meter_id: string;
  assignment_id: string | null;
  saved_at: number;
  /** When the meter was read, by the phone's clock. */
  read_at: number;
  values: readonly TypedValue[];
  double_entered: boolean;
  code: string | null;
  note: string | null;
  position: Position | null;
  photo_ids: readonly string[];
  /** Kept of the meter as it was, so that the visit can be shown after the meter was taken away. */
  title: string;
  serial_number: string;
  meter_type: MeterType;
  unit: string;
  /** The visit this one corrects. */
  corrects: string | null;
};

export type Entity = "reading" | "skip" | "assignment_status" | "approval" | "found_meter";

/**
 * waiting: to be sent, perhaps again. safe: the server holds it, `receipt` shows it. needs_you: the server answered, and a person has
 * to look. settled: a person did.
 */
export type OutboxState = "waiting" | "safe" | "needs_you" | "settled";

export type Receipt = { server_seq: number; chain: string; mac: string };

export type Problem = { code: string; message: string; details: Readonly<Record<string, readonly string[]>> | null };

/** What is to be sent. `body` is frozen at Save and sent byte for byte, however often. */
export type OutboxItem = {
  /** UUIDv7 made at the tap: also the order. */
  client_id: string;
  entity: Entity;
  op: "create" | "update";
  body: string;
  state: OutboxState;
  /** How often it was put on the wire; 0: nobody but this phone can know of it, so it may still be changed. */
  attempts: number;
  /** Not sent before, so that it can be undone. */
  not_before: number;
  saved_at: number;
  meter_id: string | null;
  title: string;
  detail: string;
  outcome: "applied" | "duplicate" | "conflict" | "rejected" | null;
  problem: Problem | null;
  receipt: Receipt | null;
  server_id: string | null;
  /** The server's data that hold it; another epoch: it is sent again. */
  epoch: string | null;
  safe_at: number | null;
};

/** A photo's facts; its bytes are in the store `photo_files`. */
export type Photo = {
  id: string;
  /** client_id of the visit it shows; null until the visit is saved (such photos are swept away after two days). */
  visit_id: string | null;
  subject: "reading" | "skip";
  state: OutboxState;
  attempts: number;
  not_before: number;
  saved_at: number;
  size: number;
  sha256: string;
  width: number;
  height: number;
  /** What the camera wrote into the file, read before compression; null where it did not. */
  taken_at: string | null;
  place: Place | null;
  /** A JPEG of at most 192 px, as a data URL: lists show it without opening the file. */
  thumbnail: string;
  title: string;
  photo_id: string | null;
  upload_url: string | null;
  resumable_url: string | null;
  headers: Readonly<Record<string, string>> | null;
  sent_bytes: number;
  problem: Problem | null;
  epoch: string | null;
  safe_at: number | null;
};

export type PhotoFile = { id: string; blob: Blob };

export type User = { id: string; name: string; username: string | null; email: string; role: string };

/** What keeps a phone from syncing. */
export type SyncTrouble = "offline" | "server" | "signed_out" | "disabled" | "revoked";

/** Single values of one person's database, by name. */
export type Facts = {
  /** Where `GET /sync/changes` goes on. */
  cursor: string;
  /** The life of the server's data that was last heard of. */
  epoch: string;
  /** The newest receipt of that epoch. */
  last_receipt: Receipt & { client_id: string };
  /** Server's clock minus the phone's, in milliseconds. */
  server_offset_ms: number;
  /** When the server was last heard of, by the phone's clock. */
  synced_at: number;
  offline_since: number;
  trouble: SyncTrouble;
  failures: number;
  /** When the next try comes by itself, after one that failed. */
  next_try_at: number;
  tidied_at: number;
  /** What was found missing when the phone's store was compared with the server's receipts. */
  eviction: { found_at: number; safe: number; lost: number };
  /** How many items this store has ever saved; the tally beside it (tally.ts) counts too, so that an emptied store is noticed. */
  saved_count: number;
};
