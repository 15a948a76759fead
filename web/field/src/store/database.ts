import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from "idb";

import type { Assignment, Facts, Meter, OfficeReading, OutboxItem, Photo, PhotoFile, Visit } from "./records.ts";

export interface FieldSchema extends DBSchema {
  meters: { key: string; value: Meter };
  assignments: { key: string; value: Assignment };
  office_readings: { key: string; value: OfficeReading };
  visits: { key: string; value: Visit; indexes: { meter_id: string } };
  outbox: { key: string; value: OutboxItem; indexes: { state: string; safe_at: number } };
  photos: { key: string; value: Photo; indexes: { state: string; visit_id: string; safe_at: number } };
  photo_files: { key: string; value: PhotoFile };
  facts: { key: string; value: Facts[keyof Facts] };
}

export type FieldDatabase = IDBPDatabase<FieldSchema>;
export type Upgrade = IDBPTransaction<FieldSchema, StoreNames<FieldSchema>[], "versionchange">;

/** Step n makes version n + 1 out of version n. What was shipped is never edited: phones carry unsent work through all of them. */
export const MIGRATIONS: readonly ((database: FieldDatabase, upgrade: Upgrade) => void)[] = [
  (database) => {
    database.createObjectStore("meters", { keyPath: "id" });
    database.createObjectStore("assignments", { keyPath: "id" });
    database.createObjectStore("office_readings", { keyPath: "id" });
    database.createObjectStore("visits", { keyPath: "client_id" }).createIndex("meter_id", "meter_id");
    database.createObjectStore("outbox", { keyPath: "client_id" }).createIndex("state", "state");
    const photos = database.createObjectStore("photos", { keyPath: "id" });
    photos.createIndex("state", "state");
    photos.createIndex("visit_id", "visit_id");
    database.createObjectStore("photo_files", { keyPath: "id" });
    database.createObjectStore("facts");
  },
  // What is safe goes after 30 days, the oldest first, without a look at the whole queue.
  (_database, upgrade) => {
    upgrade.objectStore("outbox").createIndex("safe_at", "safe_at");
    upgrade.objectStore("photos").createIndex("safe_at", "safe_at");
  },
];

const PREFIX = "metersync-field-";

/**
 * Opens the database of one person on this phone, and brings it to the newest schema in one transaction: either all of it or nothing.
 * @param onGone called when a newer program wants to change the schema; the connection is closed, and the page has to load again.
 * @throws DOMException VersionError when a newer program has been here.
 */
export function openFieldDatabase(userId: string, onGone: () => void = () => undefined, steps = MIGRATIONS): Promise<FieldDatabase> {
  return openDB<FieldSchema>(PREFIX + userId, steps.length, {
    upgrade(database, oldVersion, _newVersion, upgrade) {
      // What fails here is told by opening, which fails with it.
      upgrade.done.catch(() => undefined);
      for (const step of steps.slice(oldVersion)) step(database, upgrade);
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      onGone();
    },
    terminated: onGone,
  });
}

/** Whose database it is. */
export function userOf(database: FieldDatabase): string {
  return database.name.slice(PREFIX.length);
}

/**
 * Does all of `work` in one transaction, or nothing of it: what fails halfway takes back what went before. When this resolves, the bytes
 * are on the disk, not in a cache that a flat battery empties.
 * @throws what `work` throws; DOMException when the store cannot keep it, QuotaExceededError for instance.
 */
export async function atomically<Names extends StoreNames<FieldSchema>[], Result>(
  database: FieldDatabase,
  names: Names,
  work: (transaction: IDBPTransaction<FieldSchema, Names, "readwrite">) => Promise<Result>,
): Promise<Result> {
  const transaction = database.transaction(names, "readwrite", { durability: "strict" });
  const done = transaction.done.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  let result: Result;
  try {
    result = await work(transaction);
  } catch (error) {
    try {
      transaction.abort();
    } catch (late) {
      // It has ended by itself: a request that fails ends it.
      if (!(late instanceof DOMException)) throw late;
    }
    await done;
    throw error;
  }
  const failure = await done;
  if (failure !== null) throw failure.error;
  return result;
}
