import { MeterSyncError } from "@metersync/api";

import { atomically, type FieldDatabase } from "../store/database.ts";
import type { Facts, OutboxItem } from "../store/records.ts";
import { UNDO_MS } from "../store/saving.ts";
import { clockNow } from "./clock.ts";
import { keepEpoch, noteContact } from "./epoch.ts";
import { phoneHeaders, type Ground, type Progress } from "./ground.ts";
import { Halted, haltOf, isAboutItems, problemOf, type PushAnswer, type PushResult } from "./server.ts";

/** The server takes more; these are soon told to be safe, and a lost answer costs little. */
const BATCH_ITEMS = 200;
const BATCH_BYTES = 700_000;

/**
 * Sends what is due, the oldest first, until nothing is. What the server answers is kept in one transaction with the receipts; what it
 * does not answer stays as it was. @throws Halted
 */
export async function push(ground: Ground, progress: Progress): Promise<void> {
  let size = BATCH_ITEMS;
  for (;;) {
    ground.signal.throwIfAborted();
    const batch = await takeDue(ground.database, ground.now(), size);
    if (batch.length === 0) return;
    const waiting = await ground.database.countFromIndex("outbox", "state", "waiting");
    const { done, total } = progress.activity;
    progress.set({ phase: "sending", total: Math.max(total, done + waiting) });
    try {
      await sendBatch(ground, batch, waiting);
      progress.set({ done: done + batch.length });
      size = Math.min(BATCH_ITEMS, size * 2);
    } catch (error) {
      const halted = haltOf(error);
      if (halted !== null) throw halted;
      const refusal = error as MeterSyncError;
      // Nothing that a phone sends could go: no item is to blame, and none is set aside.
      if (!isAboutItems(refusal)) throw new Halted("server", refusal);
      // The batch as a whole was refused. One item is at fault: halves find it, and the others go.
      const [only] = batch;
      if (batch.length > 1) size = Math.ceil(batch.length / 2);
      else if (only !== undefined) await setAside(ground, only, refusal);
    }
  }
}

/** Marks and returns what is to be sent now. From the mark on nobody can take an item back: the server may have it. */
async function takeDue(database: FieldDatabase, now: number, most: number): Promise<readonly OutboxItem[]> {
  return atomically(database, ["outbox"], async (transaction) => {
    const store = transaction.objectStore("outbox");
    const taken: OutboxItem[] = [];
    let bytes = 0;
    // A few more than fit: those not yet due stand at the end, but for clocks that were set back.
    for (const item of await store.index("state").getAll("waiting", most + 50)) {
      // One that is too large by itself goes alone, for the server to judge.
      if (taken.length === most || (taken.length > 0 && bytes + item.body.length > BATCH_BYTES)) break;
      if (!isDue(item.not_before, now)) continue;
      bytes += item.body.length;
      taken.push({ ...item, attempts: item.attempts + 1 });
    }
    await Promise.all(taken.map((item) => store.put(item)));
    return taken;
  });
}

/** The undo time is over. Farther ahead than any undo lies only what a clock wrote that was wrong then. */
export function isDue(notBefore: number, now: number): boolean {
  return notBefore <= now || notBefore > now + UNDO_MS;
}

async function sendBatch(ground: Ground, batch: readonly OutboxItem[], unsent: number): Promise<void> {
  const { client, database, now } = ground;
  const lastReceipt = (await database.get("facts", "last_receipt")) as Facts["last_receipt"] | undefined;
  const epoch = (await database.get("facts", "epoch")) as string | undefined;
  const head = {
    device_id: ground.device.id,
    ...(ground.device.name === "" ? {} : { device_name: ground.device.name }),
    ...(ground.appVersion === "" ? {} : { app_version: ground.appVersion }),
    unsent_count: unsent,
    batch_id: crypto.randomUUID(),
    ...(epoch === undefined ? {} : { epoch }),
    ...(lastReceipt === undefined ? {} : { last_receipt: lastReceipt }),
    clock: clockNow(null, now()),
  };
  // Items go byte for byte as they were frozen.
  const text = `${JSON.stringify(head).slice(0, -1)},"items":[${batch.map((item) => item.body).join(",")}]}`;
  const sentAt = now();
  const answer = await client.call<PushAnswer>("POST", "/api/v1/readings/sync", {
    body: new Blob([text], { type: "application/json" }),
    headers: phoneHeaders(ground, unsent),
    signal: ground.signal,
  });
  await keepAnswer(ground, batch, answer, sentAt);
}

async function keepAnswer({ database, tell, now }: Ground, batch: readonly OutboxItem[], answer: PushAnswer, sentAt: number): Promise<void> {
  const heardAt = now();
  const ids = await atomically(database, ["outbox", "photos", "facts"], async (transaction) => {
    const [outbox, photos, facts] = [transaction.objectStore("outbox"), transaction.objectStore("photos"), transaction.objectStore("facts")];
    const requeued = await keepEpoch({ outbox, photos, facts }, answer.epoch);
    const changed: string[] = [];
    let last = ((await facts.get("last_receipt")) as Facts["last_receipt"] | undefined) ?? null;
    const told = answer.results.flatMap((result) => {
      const sent = batch[result.index];
      // An answer about something else is no answer to this.
      return sent === undefined || (result.client_id !== null && result.client_id !== sent.client_id) ? [] : [{ result, id: sent.client_id }];
    });
    // Asked for all at once: one after the other, the way to the store and back would take longer than the office does.
    const items = await Promise.all(told.map(({ id }) => outbox.get(id)));
    const kept: Promise<unknown>[] = [];
    const seen = new Set<string>();
    for (const [at, { result, id }] of told.entries()) {
      const item = items[at];
      if (item?.state !== "waiting" || seen.has(id)) continue;
      seen.add(id);
      kept.push(outbox.put(answered(item, result, answer.epoch, heardAt)));
      changed.push(id);
      if (result.receipt !== null && (last === null || result.receipt.server_seq > last.server_seq)) last = { ...result.receipt, client_id: id };
    }
    await Promise.all(kept);
    if (last !== null) await facts.put(last, "last_receipt");
    await noteContact(facts, answer.server_time, sentAt, heardAt);
    return { changed, requeued };
  });
  tell({ kind: "outbox", ids: [...ids.changed, ...ids.requeued] });
  if (ids.changed.length === 0) throw new Halted("server", "A batch was answered without a word about its items.");
}

function answered(item: OutboxItem, result: PushResult, epoch: string, at: number): OutboxItem {
  const isHeld = result.status === "applied" || result.status === "duplicate";
  return {
    ...item,
    state: isHeld ? "safe" : "needs_you",
    outcome: result.status,
    problem: result.problem,
    receipt: result.receipt,
    server_id: result.server_id,
    epoch: isHeld ? epoch : null,
    safe_at: isHeld ? at : null,
  };
}

async function setAside({ database, tell }: Ground, item: OutboxItem, error: MeterSyncError): Promise<void> {
  await atomically(database, ["outbox"], async (transaction) => {
    const outbox = transaction.objectStore("outbox");
    const now = await outbox.get(item.client_id);
    if (now?.state === "waiting") await outbox.put({ ...now, state: "needs_you", outcome: "rejected", problem: problemOf(error) });
  });
  tell({ kind: "outbox", ids: [item.client_id] });
}
