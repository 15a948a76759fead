import { MeterSyncError } from "@metersync/api";

import { readFact, writeFact } from "../store/facts.ts";
import { readTally } from "../store/tally.ts";
import type { Ground } from "./ground.ts";
import { Halted, haltOf } from "./server.ts";

type ReceiptsAnswer = { items: readonly { server_seq: number }[]; next: number | null };

const PAGE = 1000;

/**
 * Whether the browser threw the store away: more was saved on this phone than the store remembers. Then the server's receipts say what
 * of it is safe, and what is lost. @throws Halted
 */
export async function checkEviction(ground: Ground): Promise<void> {
  const { database, userId } = ground;
  const remembered = (await readFact(database, "saved_count")) ?? 0;
  const saved = readTally()?.saved[userId] ?? 0;
  if (saved <= remembered) return;
  const [held, safe] = await Promise.all([countHeld(ground), database.countFromIndex("outbox", "state", "safe")]);
  // Nothing can be said of what was lost without the office's word; it stays to be found out.
  if (held === null) return;
  // What the emptied store got since then is no part of what was lost with the old one.
  const missing = saved - remembered;
  const safeBefore = Math.min(missing, Math.max(0, held - safe));
  await writeFact(database, "eviction", { found_at: ground.now(), safe: safeBefore, lost: missing - safeBefore });
  await writeFact(database, "saved_count", saved);
  ground.tell({ kind: "facts" });
}

/** How many items of this phone and person the server holds, by its receipts; null where this person may not ask. */
async function countHeld({ client, device, signal }: Ground): Promise<number | null> {
  let count = 0;
  let after = 0;
  for (;;) {
    let page: ReceiptsAnswer;
    try {
      page = await client.call<ReceiptsAnswer>("GET", "/api/v1/sync/receipts", { query: { device_id: device.id, after, limit: PAGE }, signal });
    } catch (error) {
      if (error instanceof MeterSyncError && error.code === "auth.forbidden") return null;
      throw haltOf(error) ?? new Halted("server", error);
    }
    count += page.items.length;
    if (page.next === null) return count;
    after = page.next;
  }
}
