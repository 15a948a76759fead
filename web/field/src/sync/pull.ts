import { MeterSyncError } from "@metersync/api";

import { atomically } from "../store/database.ts";
import { readFact, writeFact } from "../store/facts.ts";
import type { News } from "../store/news.ts";
import type { Assignment, Meter, OfficeReading } from "../store/records.ts";
import { keepEpoch, noteContact } from "./epoch.ts";
import { phoneHeaders, type Ground, type Progress } from "./ground.ts";
import { Halted, haltOf, type Change, type ChangesAnswer } from "./server.ts";

/** Changes in a page: more would hold the page up on a slow phone. */
const PAGE = 500;

const STORES = { meter: "meters", assignment: "assignments", reading: "office_readings" } as const;

/**
 * Fetches what is new, page by page; each page and its cursor are kept in one transaction. What is unsent is never touched.
 * @returns whether things wait again, because the server's data began another life. @throws Halted
 */
export async function pull(ground: Ground, progress: Progress): Promise<boolean> {
  const { database, client, now } = ground;
  const unsent = await database.countFromIndex("outbox", "state", "waiting");
  let cursor = await readFact(database, "cursor");
  let requeued = false;
  for (;;) {
    ground.signal.throwIfAborted();
    const sentAt = now();
    let page: ChangesAnswer;
    try {
      page = await client.call<ChangesAnswer>("GET", "/api/v1/sync/changes", { query: { cursor, limit: PAGE }, headers: phoneHeaders(ground, unsent), signal: ground.signal });
    } catch (error) {
      const halted = haltOf(error);
      if (halted !== null) throw halted;
      if (!(error instanceof MeterSyncError) || error.code !== "sync.cursor_invalid" || cursor === null) throw new Halted("server", error);
      await writeFact(database, "cursor", null);
      cursor = null;
      continue;
    }
    if (page.changes.length > 0) progress.set({ phase: progress.activity.phase === "sending" ? "sending" : "fetching" });
    requeued = (await keepPage(ground, page, sentAt)) || requeued;
    if (!page.has_more) return requeued;
    cursor = page.cursor;
  }
}

async function keepPage({ database, tell, now }: Ground, page: ChangesAnswer, sentAt: number): Promise<boolean> {
  const ids: Record<(typeof STORES)[keyof typeof STORES], string[]> = { meters: [], assignments: [], office_readings: [] };
  const requeued = await atomically(database, ["meters", "assignments", "office_readings", "outbox", "photos", "facts"], async (transaction) => {
    const facts = transaction.objectStore("facts");
    const again = await keepEpoch({ outbox: transaction.objectStore("outbox"), photos: transaction.objectStore("photos"), facts }, page.epoch);
    if (page.reset) await Promise.all(Object.values(STORES).map((store) => transaction.objectStore(store).clear()));
    await Promise.all(
      page.changes.map(async (change) => {
        const store = storeOf(change);
        // A kind of thing that this version knows nothing of.
        if (store === null) return;
        ids[store].push(change.id);
        if (change.deleted) await transaction.objectStore(store).delete(change.id);
        else if (store === "meters") await transaction.objectStore("meters").put(change.data as Meter);
        else if (store === "assignments") await transaction.objectStore("assignments").put(change.data as Assignment);
        else await transaction.objectStore("office_readings").put(change.data as OfficeReading);
      }),
    );
    await facts.put(page.cursor, "cursor");
    await noteContact(facts, page.server_time, sentAt, now());
    return again;
  });
  for (const news of newsOf(page, ids)) tell(news);
  if (requeued.length > 0) tell({ kind: "outbox", ids: requeued });
  return requeued.length > 0;
}

function storeOf(change: Change): (typeof STORES)[keyof typeof STORES] | null {
  return change.entity in STORES ? STORES[change.entity as keyof typeof STORES] : null;
}

function newsOf(page: ChangesAnswer, ids: Readonly<Record<"meters" | "assignments" | "office_readings", string[]>>): readonly News[] {
  if (page.reset) return [{ kind: "all" }];
  return (["meters", "assignments", "office_readings"] as const).filter((kind) => ids[kind].length > 0).map((kind) => ({ kind, ids: ids[kind] }));
}
