import { hearServerTime } from "./clock.ts";
import type { Facts, OutboxItem, Photo } from "../store/records.ts";

type Stores = {
  outbox: { index(name: "state"): { getAll(state: string): Promise<OutboxItem[]> }; put(item: OutboxItem): Promise<string> };
  photos: PhotoStore;
  facts: FactStore;
};
type PhotoStore = { index(name: "state"): { getAll(state: string): Promise<Photo[]> }; put(photo: Photo): Promise<string> };
type FactStore = { get(name: string): Promise<Facts[keyof Facts] | undefined>; put(value: Facts[keyof Facts], name: string): Promise<string>; delete(name: string): Promise<void> };

/**
 * Another life of the server's data may not hold what an earlier one did: all that is kept goes again, and idempotency sorts it out.
 * @returns the items that wait again
 */
export async function keepEpoch({ outbox, photos, facts }: Stores, epoch: string): Promise<readonly string[]> {
  if ((await facts.get("epoch")) === epoch) return [];
  const [items, shots] = await Promise.all([outbox.index("state").getAll("safe"), photos.index("state").getAll("safe")]);
  const again = items.filter((item) => item.epoch !== epoch);
  await Promise.all([
    ...again.map((item) => outbox.put({ ...item, state: "waiting", not_before: 0, receipt: null, safe_at: null })),
    ...shots.filter((photo) => photo.epoch !== epoch).map((photo) => photos.put({ ...photo, state: "waiting", not_before: 0, photo_id: null, upload_url: null, resumable_url: null, headers: null, sent_bytes: 0, safe_at: null })),
  ]);
  const isFirst = (await facts.get("epoch")) === undefined;
  await facts.put(epoch, "epoch");
  // A place in the life before is none in this one, and shown in this one a receipt of then would say that something is missing.
  if (!isFirst) await Promise.all([facts.delete("cursor"), facts.delete("last_receipt")]);
  return again.map((item) => item.client_id);
}

/** The server was heard of: how far its clock is from the phone's, and that nothing is wrong. */
export async function noteContact(facts: FactStore, serverTime: string, sentAt: number, heardAt: number): Promise<void> {
  const server = Date.parse(serverTime);
  if (!Number.isNaN(server) && heardAt >= sentAt) {
    hearServerTime(server);
    await facts.put(Math.round(server - (sentAt + heardAt) / 2), "server_offset_ms");
  }
  await facts.put(heardAt, "synced_at");
}
