import type { Assignment, Meter, OfficeReading, OutboxState, Visit } from "../store/records.ts";

export type StopState = "todo" | "done" | "skipped" | "problem";

/** A meter of this person's round, with what is known of today's visit. */
export type Stop = {
  /** The meter's id. */
  id: string;
  meter: Meter;
  /** The work that brings the person here; null: only known, found by search or scan. */
  assignment: Assignment | null;
  /** Place in the walk, from 1. */
  number: number | null;
  state: StopState;
  /** Saved here, and not yet at the office. */
  pending: boolean;
  visit: Visit | null;
  office: OfficeReading | null;
};

/** What a stop is made of. `item` is the state of the visit's outbox row. */
export type StopParts = { meter: Meter; assignments: readonly Assignment[]; visits: readonly Visit[]; itemOf: (clientId: string) => OutboxState | null; officeOf: (visit: Visit | null, assignment: Assignment | null) => OfficeReading | null };

const OPEN: ReadonlySet<string> = new Set(["pending", "in_progress", "overdue"]);

/**
 * The one stop of a meter: of several pieces of work the open one that comes first, else the one that ended last.
 * @param today Midnight of this day, by the phone's clock; work that ended before is no part of the round.
 */
export function makeStop(parts: StopParts, today: number): Stop {
  const { meter } = parts;
  const assignment = chooseAssignment(parts.assignments);
  const visit = chooseVisit(parts.visits, assignment, today);
  const item = visit === null ? null : parts.itemOf(visit.client_id);
  const office = parts.officeOf(visit, assignment);
  return {
    id: meter.id,
    meter,
    assignment: isOfToday(assignment, visit, today) ? assignment : null,
    number: assignment?.position ?? null,
    state: stateOf(assignment, visit, item, office),
    pending: item === "waiting",
    visit,
    office,
  };
}

function chooseAssignment(assignments: readonly Assignment[]): Assignment | null {
  let best: Assignment | null = null;
  for (const one of assignments) {
    if (one.status === "cancelled") continue;
    if (best === null || isBefore(one, best)) best = one;
  }
  return best;
}

function isBefore(one: Assignment, other: Assignment): boolean {
  const [mine, theirs] = [OPEN.has(one.status), OPEN.has(other.status)];
  if (mine !== theirs) return mine;
  if (!mine) return (one.completed_at ?? "") > (other.completed_at ?? "");
  return (one.position ?? Infinity) < (other.position ?? Infinity) || (one.position === other.position && one.id < other.id);
}

/** The newest visit for this piece of work; without work, the newest of today. */
function chooseVisit(visits: readonly Visit[], assignment: Assignment | null, today: number): Visit | null {
  let newest: Visit | null = null;
  for (const visit of visits) {
    const isForIt = assignment === null ? visit.saved_at >= today : visit.assignment_id === assignment.id || (visit.assignment_id === null && visit.saved_at >= today);
    if (isForIt && (newest === null || visit.client_id > newest.client_id)) newest = visit;
  }
  return newest;
}

function isOfToday(assignment: Assignment | null, visit: Visit | null, today: number): boolean {
  if (assignment === null) return false;
  if (visit !== null && visit.saved_at >= today) return true;
  if (!OPEN.has(assignment.status)) return assignment.completed_at !== null && Date.parse(assignment.completed_at) >= today;
  return visit === null || visit.saved_at >= today;
}

function stateOf(assignment: Assignment | null, visit: Visit | null, item: OutboxState | null, office: OfficeReading | null): StopState {
  if (item === "needs_you") return "problem";
  if (office !== null && (office.state === "held" || office.state === "rejected")) return "problem";
  if (visit !== null) return visit.kind === "skip" ? "skipped" : "done";
  if (assignment?.status === "completed") return assignment.reading_id === null ? "skipped" : "done";
  return office === null ? "todo" : "done";
}

/** The walk: route after route, each in its order; then what has no place in one, by address. */
export function inWalkingOrder(stops: Iterable<Stop>): Stop[] {
  return [...stops].sort((one, other) => {
    const [mine, theirs] = [one.assignment, other.assignment];
    return (
      compareText(mine?.route_id ?? "~", theirs?.route_id ?? "~") ||
      compareNumbers(one.number, other.number) ||
      compareAddresses(one.meter.address ?? "", other.meter.address ?? "") ||
      compareText(one.meter.serial_number, other.meter.serial_number)
    );
  });
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

// One collator for all: making one per comparison takes seconds over a long list.
const addresses = new Intl.Collator(undefined, { numeric: true });

function compareAddresses(one: string, other: string): number {
  return one === other ? 0 : addresses.compare(one, other);
}

function compareNumbers(one: number | null, other: number | null): number {
  return one === other ? 0 : (one ?? Infinity) - (other ?? Infinity);
}
