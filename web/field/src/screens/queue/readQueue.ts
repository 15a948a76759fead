import type { FieldDatabase } from "../../store/database.ts";
import { readFact } from "../../store/facts.ts";
import type { Facts, OutboxItem, Photo, SyncTrouble, Visit } from "../../store/records.ts";

export type QueueRow = { item: OutboxItem; visit: Visit | null; photos: number };
export type Need = { kind: "item"; row: QueueRow } | { kind: "photo"; photo: Photo };

export type Queue = {
  needs: readonly Need[];
  /** The newest few of what waits. */
  waiting: readonly QueueRow[];
  waitingCount: number;
  photosWaiting: number;
  photoBytes: number;
  safeCount: number;
  trouble: SyncTrouble | null;
  eviction: Facts["eviction"] | null;
  nextTryAt: number | null;
};

const NEWEST = 6;

/** What the queue page shows, of a store that may hold thousands: counts by index, and the newest few rows. */
export async function readQueue(database: FieldDatabase): Promise<Queue> {
  const transaction = database.transaction(["outbox", "photos", "visits"]);
  const outbox = transaction.objectStore("outbox").index("state");
  const photos = transaction.objectStore("photos");
  const [needed, photosNeeded, waitingCount, safeCount, photosWaiting, newest] = await Promise.all([
    outbox.getAll("needs_you"),
    photos.index("state").getAll("needs_you"),
    outbox.count("waiting"),
    outbox.count("safe"),
    photos.index("state").getAll("waiting"),
    newestOf("waiting"),
  ]);
  const rowOf = async (item: OutboxItem): Promise<QueueRow> => {
    const [visit, count] = await Promise.all([transaction.objectStore("visits").get(item.client_id), photos.index("visit_id").count(item.client_id)]);
    return { item, visit: visit ?? null, photos: count };
  };
  const [needs, waiting] = await Promise.all([Promise.all(needed.map(rowOf)), Promise.all(newest.map(rowOf))]);
  const [trouble, eviction, nextTryAt] = await Promise.all([readFact(database, "trouble"), readFact(database, "eviction"), readFact(database, "next_try_at")]);
  const bound = photosWaiting.filter((photo) => photo.visit_id !== null);
  return {
    needs: [...needs.map((row): Need => ({ kind: "item", row })), ...photosNeeded.map((photo): Need => ({ kind: "photo", photo }))],
    waiting,
    waitingCount,
    photosWaiting: bound.length,
    photoBytes: bound.reduce((sum, photo) => sum + photo.size - photo.sent_bytes, 0),
    safeCount,
    trouble,
    eviction,
    nextTryAt: nextTryAt !== null && nextTryAt > Date.now() ? nextTryAt : null,
  };

  async function newestOf(state: "waiting"): Promise<OutboxItem[]> {
    const found: OutboxItem[] = [];
    let cursor = await outbox.openCursor(state, "prev");
    while (cursor !== null && found.length < NEWEST) {
      found.push(cursor.value);
      cursor = await cursor.continue();
    }
    return found;
  }
}

/** All items of one state, the newest first. */
export async function readItems(database: FieldDatabase, state: "waiting" | "safe"): Promise<readonly OutboxItem[]> {
  const items = await database.getAllFromIndex("outbox", "state", state);
  return items.sort((one, other) => other.saved_at - one.saved_at);
}
