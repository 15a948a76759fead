import { clockNow } from "../sync/clock.ts";
import { withBallast } from "./ballast.ts";
import { atomically, userOf, type FieldDatabase } from "./database.ts";
import type { Entity, OutboxItem, Photo, Visit } from "./records.ts";
import { countSaved } from "./tally.ts";

/** How long a saved visit waits before it may be sent, so that it can be taken back as if it had never been. */
export const UNDO_MS = 8_000;

export type Draft = {
  client_id: string;
  entity: Entity;
  payload: Readonly<Record<string, unknown>>;
  meter_id: string | null;
  title: string;
  detail: string;
};

/** The item as it will be sent, byte for byte, however often. */
export function freeze(draft: Draft, now: number, serverOffsetMs: number | null, undoMs = 0): OutboxItem {
  const body = JSON.stringify({
    client_id: draft.client_id,
    entity: draft.entity,
    op: "create",
    captured_at: new Date(now).toISOString(),
    clock: clockNow(serverOffsetMs, now),
    payload: draft.payload,
  });
  return {
    client_id: draft.client_id,
    entity: draft.entity,
    op: "create",
    body,
    state: "waiting",
    attempts: 0,
    not_before: now + undoMs,
    saved_at: now,
    meter_id: draft.meter_id,
    title: draft.title,
    detail: draft.detail,
    outcome: null,
    problem: null,
    receipt: null,
    server_id: null,
    epoch: null,
    safe_at: null,
  };
}

/**
 * Stores a visit with what is to be sent of it in one transaction: when this resolves, both are on the disk; when it rejects, neither is.
 * Photos that were stored before become the visit's.
 * @throws DOMException QuotaExceededError when the phone is full.
 */
export async function saveVisit(database: FieldDatabase, visit: Visit, draft: Draft): Promise<void> {
  const now = Date.now();
  await withBallast(database, () => atomically(database, ["visits", "outbox", "photos", "facts"], async (transaction) => {
    const item = freeze(draft, now, await offsetIn(transaction.objectStore("facts")), UNDO_MS);
    await Promise.all([
      transaction.objectStore("visits").put(visit),
      transaction.objectStore("outbox").put(item),
      count(transaction.objectStore("facts"), 1),
      ...visit.photo_ids.map(async (id) => {
        const photo = await transaction.objectStore("photos").get(id);
        if (photo) await transaction.objectStore("photos").put({ ...photo, visit_id: visit.client_id, subject: visit.kind, title: visit.title, not_before: item.not_before });
      }),
    ]);
  }));
  countSaved(userOf(database), 1);
}

/** Stores something to be sent that is no visit: a found meter, a proposal. */
export async function saveItem(database: FieldDatabase, draft: Draft, photoIds: readonly string[] = []): Promise<void> {
  const now = Date.now();
  await withBallast(database, () => atomically(database, ["outbox", "photos", "facts"], async (transaction) => {
    const item = freeze(draft, now, await offsetIn(transaction.objectStore("facts")));
    await Promise.all([
      transaction.objectStore("outbox").put(item),
      count(transaction.objectStore("facts"), 1),
      ...photoIds.map(async (id) => {
        const photo = await transaction.objectStore("photos").get(id);
        if (photo) await transaction.objectStore("photos").put({ ...photo, visit_id: draft.client_id, title: draft.title });
      }),
    ]);
  }));
  countSaved(userOf(database), 1);
}

/**
 * Takes a visit back, as long as nobody but this phone can know of it.
 * @returns false when it has been sent, or is being sent: then it can only be corrected.
 */
export async function undoVisit(database: FieldDatabase, clientId: string): Promise<boolean> {
  const undone = await atomically(database, ["visits", "outbox", "photos", "photo_files", "facts"], async (transaction) => {
    if (!isOurs((await transaction.objectStore("outbox").get(clientId)) ?? null)) return false;
    const photos = await transaction.objectStore("photos").index("visit_id").getAllKeys(clientId);
    await Promise.all([
      transaction.objectStore("visits").delete(clientId),
      transaction.objectStore("outbox").delete(clientId),
      count(transaction.objectStore("facts"), -1),
      ...photos.flatMap((id) => [transaction.objectStore("photos").delete(id), transaction.objectStore("photo_files").delete(id)]),
    ]);
    return true;
  });
  if (undone) countSaved(userOf(database), -1);
  return undone;
}

/** Whether the visit can still be changed as if it had never been saved. */
export function isOurs(item: OutboxItem | null): boolean {
  return item?.state === "waiting" && item.attempts === 0;
}

/** Stores a photo with its bytes; it waits for its visit to be saved. @throws DOMException QuotaExceededError */
export async function savePhoto(database: FieldDatabase, photo: Photo, blob: Blob): Promise<void> {
  await atomically(database, ["photos", "photo_files"], (transaction) =>
    Promise.all([transaction.objectStore("photos").put(photo), transaction.objectStore("photo_files").put({ id: photo.id, blob })]),
  );
}

export async function discardPhoto(database: FieldDatabase, id: string): Promise<void> {
  await atomically(database, ["photos", "photo_files"], (transaction) =>
    Promise.all([transaction.objectStore("photos").delete(id), transaction.objectStore("photo_files").delete(id)]),
  );
}

type Counting = { get(name: string): Promise<unknown>; put(value: number, name: string): Promise<string> };

/** How far the office's clock is from the phone's, milliseconds; null before it was heard of. */
async function offsetIn(facts: Pick<Counting, "get">): Promise<number | null> {
  return ((await facts.get("server_offset_ms")) as number | undefined) ?? null;
}

async function count(facts: Counting, by: number): Promise<void> {
  const saved = (await facts.get("saved_count")) as number | undefined;
  await facts.put(Math.max(0, (saved ?? 0) + by), "saved_count");
}
