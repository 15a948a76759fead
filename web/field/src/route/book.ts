import type { FieldDatabase } from "../store/database.ts";
import type { News, Newsroom } from "../store/news.ts";
import type { Assignment, Meter, OfficeReading, OutboxState, Visit } from "../store/records.ts";
import { inWalkingOrder, makeStop, type Stop, type StopState } from "./stop.ts";

export type RouteView = {
  /** False until the phone's store was read once. */
  loaded: boolean;
  /** Today's round in walking order. */
  stops: readonly Stop[];
  counts: Readonly<Record<StopState, number>>;
  /** Where to go now: the first stop to do after the one that was visited last. */
  next: Stop | null;
};

const EMPTY: RouteView = { loaded: false, stops: [], counts: { todo: 0, done: 0, skipped: 0, problem: 0 }, next: null };
/** News that come in a flood, as those of a drain, are worked in this often. */
const APART_MS = 250;

type Wanted = { meters: Set<string>; assignments: Set<string>; office_readings: Set<string>; visits: Set<string>; outbox: Set<string> };

/** Today's round in memory, kept in step with the store: a page draws from it without asking the store again. */
export class RouteBook {
  readonly #database: FieldDatabase;
  readonly #listeners = new Set<() => void>();
  readonly #meters = new Map<string, Meter>();
  readonly #assignments = new Map<string, Assignment>();
  readonly #assignmentsOfMeter = new Map<string, Set<string>>();
  readonly #visits = new Map<string, Visit>();
  readonly #visitsOfMeter = new Map<string, Set<string>>();
  readonly #items = new Map<string, OutboxState>();
  readonly #office = new Map<string, OfficeReading>();
  readonly #officeOfClient = new Map<string, string>();
  readonly #stops = new Map<string, Stop>();
  readonly #leave: () => void;
  #view = EMPTY;
  #today = midnight();
  #wanted = nothingWanted();
  #everything = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tellFailure: (error: unknown) => void;
  #working: Promise<void> = Promise.resolve();
  #closed = false;
  #lastWork = 0;

  constructor(database: FieldDatabase, news: Newsroom, onFailure: (error: unknown) => void) {
    this.#database = database;
    this.#tellFailure = onFailure;
    this.#leave = news.listen((one) => {
      this.#hear(one);
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  view = (): RouteView => this.#view;

  /** A stop of the round or any meter this phone knows. */
  stop(meterId: string): Stop | null {
    return this.#stops.get(meterId) ?? null;
  }

  /** Every meter this phone knows, those of the round first and in its order. */
  all(): readonly Stop[] {
    const ofRound = new Set(this.#view.stops.map((stop) => stop.id));
    return [...this.#view.stops, ...[...this.#stops.values()].filter((stop) => !ofRound.has(stop.id))];
  }

  visit(clientId: string): Visit | null {
    return this.#visits.get(clientId) ?? null;
  }

  /** Reads the whole store. @throws DOMException */
  load(): Promise<void> {
    this.#everything = true;
    return this.#work();
  }

  close(): void {
    this.#closed = true;
    this.#leave();
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #hear(one: News): void {
    if (one.kind === "sync" || one.kind === "facts" || one.kind === "photos") return;
    if (one.kind === "all") this.#everything = true;
    else for (const id of one.ids) this.#wanted[one.kind].add(id);
    this.#timer ??= setTimeout(() => {
      this.#work().catch(this.#tellFailure);
    }, this.#isQuiet() ? 0 : APART_MS);
  }

  #isQuiet(): boolean {
    return performance.now() - this.#lastWork > APART_MS;
  }

  /** One after the other: what an older read brings never covers what a newer one did. */
  #work(): Promise<void> {
    this.#working = this.#working.catch(() => undefined).then(() => this.#catchUp());
    return this.#working;
  }

  async #catchUp(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closed) return;
    const [wanted, everything] = [this.#wanted, this.#everything];
    [this.#wanted, this.#everything] = [nothingWanted(), false];
    const today = midnight();
    const isNewDay = today !== this.#today;
    this.#today = today;
    const touched = everything ? await this.#readAll() : await this.#readSome(wanted);
    for (const id of everything || isNewDay ? new Set([...this.#meters.keys(), ...this.#stops.keys()]) : touched) this.#remake(id);
    this.#lastWork = performance.now();
    this.#draw();
  }

  async #readAll(): Promise<ReadonlySet<string>> {
    const transaction = this.#database.transaction(["meters", "assignments", "office_readings", "visits", "outbox"]);
    const [meters, assignments, office, visits, items] = await Promise.all([
      transaction.objectStore("meters").getAll(),
      transaction.objectStore("assignments").getAll(),
      transaction.objectStore("office_readings").getAll(),
      transaction.objectStore("visits").getAll(),
      transaction.objectStore("outbox").getAll(),
    ]);
    for (const map of [this.#meters, this.#assignments, this.#assignmentsOfMeter, this.#visits, this.#visitsOfMeter, this.#items, this.#office, this.#officeOfClient]) map.clear();
    for (const meter of meters) this.#meters.set(meter.id, meter);
    for (const assignment of assignments) this.#keepAssignment(assignment);
    for (const reading of office) this.#keepOffice(reading);
    for (const visit of visits) this.#keepVisit(visit);
    for (const item of items) this.#items.set(item.client_id, item.state);
    return new Set();
  }

  async #readSome(wanted: Wanted): Promise<ReadonlySet<string>> {
    const transaction = this.#database.transaction(["meters", "assignments", "office_readings", "visits", "outbox"]);
    const touched = new Set<string>(wanted.meters);
    await Promise.all([
      ...[...wanted.meters].map(async (id) => {
        const meter = await transaction.objectStore("meters").get(id);
        if (meter) this.#meters.set(id, meter);
        else this.#meters.delete(id);
      }),
      ...[...wanted.assignments].map(async (id) => {
        const was = this.#assignments.get(id);
        if (was) {
          touched.add(was.meter_id);
          this.#assignments.delete(id);
          this.#assignmentsOfMeter.get(was.meter_id)?.delete(id);
        }
        const now = await transaction.objectStore("assignments").get(id);
        if (now) touched.add(this.#keepAssignment(now));
      }),
      ...[...wanted.office_readings].map(async (id) => {
        const was = this.#office.get(id);
        if (was) touched.add(was.meter_id);
        const now = await transaction.objectStore("office_readings").get(id);
        if (now) touched.add(this.#keepOffice(now));
        else this.#office.delete(id);
      }),
      ...[...wanted.visits].map(async (id) => {
        const was = this.#visits.get(id);
        const now = await transaction.objectStore("visits").get(id);
        if (was) {
          touched.add(was.meter_id);
          this.#visits.delete(id);
          this.#visitsOfMeter.get(was.meter_id)?.delete(id);
        }
        if (now) touched.add(this.#keepVisit(now));
      }),
      ...[...wanted.outbox].map(async (id) => {
        const item = await transaction.objectStore("outbox").get(id);
        if (item) this.#items.set(id, item.state);
        else this.#items.delete(id);
        if (item?.meter_id != null) touched.add(item.meter_id);
      }),
    ]);
    return touched;
  }

  #keepAssignment(assignment: Assignment): string {
    this.#assignments.set(assignment.id, assignment);
    join(this.#assignmentsOfMeter, assignment.meter_id, assignment.id);
    return assignment.meter_id;
  }

  #keepVisit(visit: Visit): string {
    this.#visits.set(visit.client_id, visit);
    join(this.#visitsOfMeter, visit.meter_id, visit.client_id);
    return visit.meter_id;
  }

  #keepOffice(reading: OfficeReading): string {
    this.#office.set(reading.id, reading);
    if (reading.client_id !== null) this.#officeOfClient.set(reading.client_id, reading.id);
    return reading.meter_id;
  }

  #remake(meterId: string): void {
    const meter = this.#meters.get(meterId);
    if (meter === undefined) {
      this.#stops.delete(meterId);
      return;
    }
    const stop = makeStop(
      {
        meter,
        assignments: gather(this.#assignmentsOfMeter.get(meterId), this.#assignments),
        visits: gather(this.#visitsOfMeter.get(meterId), this.#visits),
        itemOf: (clientId) => this.#items.get(clientId) ?? null,
        officeOf: (visit, assignment) => {
          const id = (visit === null ? undefined : this.#officeOfClient.get(visit.client_id)) ?? assignment?.reading_id;
          return (id == null ? undefined : this.#office.get(id)) ?? null;
        },
      },
      this.#today,
    );
    this.#stops.set(meterId, stop);
  }

  #draw(): void {
    const ofRound: Stop[] = [];
    for (const stop of this.#stops.values()) if (stop.assignment !== null) ofRound.push(stop);
    const stops = inWalkingOrder(ofRound);
    const counts = { todo: 0, done: 0, skipped: 0, problem: 0 };
    let lastVisited = -1;
    let lastAt = 0;
    stops.forEach((stop, index) => {
      counts[stop.state]++;
      if (stop.visit !== null && stop.visit.saved_at > lastAt) [lastAt, lastVisited] = [stop.visit.saved_at, index];
    });
    const next = stops.slice(lastVisited + 1).find((stop) => stop.state === "todo") ?? stops.find((stop) => stop.state === "todo") ?? null;
    this.#view = { loaded: true, stops, counts, next };
    for (const listener of this.#listeners) listener();
  }
}

function nothingWanted(): Wanted {
  return { meters: new Set(), assignments: new Set(), office_readings: new Set(), visits: new Set(), outbox: new Set() };
}

function join(map: Map<string, Set<string>>, key: string, id: string): void {
  const ids = map.get(key);
  if (ids) ids.add(id);
  else map.set(key, new Set([id]));
}

function gather<Value>(ids: ReadonlySet<string> | undefined, from: ReadonlyMap<string, Value>): readonly Value[] {
  return ids === undefined ? [] : [...ids].flatMap((id) => from.get(id) ?? []);
}

function midnight(): number {
  return new Date().setHours(0, 0, 0, 0);
}
