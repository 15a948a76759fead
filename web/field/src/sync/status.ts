import type { FieldDatabase } from "../store/database.ts";
import { readFact } from "../store/facts.ts";
import { IDLE, type Activity, type Newsroom } from "../store/news.ts";
import type { SyncTrouble } from "../store/records.ts";

/** What the sync bar says, the most urgent first. */
export type SyncKind = "needs_you" | "signed_out" | "sending" | "offline" | "waiting" | "safe";

export type SyncStatus = {
  kind: SyncKind;
  /** Items not yet at the office, photos apart. */
  waiting: number;
  photosWaiting: number;
  needsYou: number;
  /** Of what is being sent now. */
  done: number;
  total: number;
  /** Since when the office was not reached; null: it was. */
  since: number | null;
  /** When the office was last heard of. */
  syncedAt: number | null;
  trouble: SyncTrouble | null;
};

const APART_MS = 250;

/** Tells what the bar says, now and after each change; counts by index, at most four times a second. @returns stops it */
export function watchStatus(database: FieldDatabase, news: Newsroom, listener: (status: SyncStatus) => void, onFailure: (error: unknown) => void = reportError): () => void {
  let activity: Activity = IDLE;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = -Infinity;
  const look = async () => {
    timer = undefined;
    lastAt = performance.now();
    const status = await readStatus(database, activity);
    if (!isStopped()) listener(status);
  };
  const isStopped = () => stopped;
  const soon = () => {
    timer ??= setTimeout(() => {
      look().catch((error: unknown) => {
        if (!stopped) onFailure(error);
      });
    }, Math.max(0, APART_MS - (performance.now() - lastAt)));
  };
  const leave = news.listen((one) => {
    if (one.kind === "sync") activity = one.activity;
    if (one.kind === "sync" || one.kind === "outbox" || one.kind === "photos" || one.kind === "facts" || one.kind === "all") soon();
  });
  soon();
  return () => {
    stopped = true;
    clearTimeout(timer);
    leave();
  };
}

export async function readStatus(database: FieldDatabase, activity: Activity): Promise<SyncStatus> {
  const [waiting, itemsNeed, photosNeed, photos, loose, trouble, since, syncedAt] = await Promise.all([
    database.countFromIndex("outbox", "state", "waiting"),
    database.countFromIndex("outbox", "state", "needs_you"),
    database.countFromIndex("photos", "state", "needs_you"),
    database.countFromIndex("photos", "state", "waiting"),
    database.count("photos").then((count) => (count === 0 ? 0 : countLoose(database))),
    readFact(database, "trouble"),
    readFact(database, "offline_since"),
    readFact(database, "synced_at"),
  ]);
  const needsYou = itemsNeed + photosNeed;
  const photosWaiting = photos - loose;
  const facts = { waiting, photosWaiting, needsYou, done: activity.done, total: activity.total, since, syncedAt, trouble };
  return { kind: kindOf(facts, activity), ...facts };
}

function kindOf({ waiting, photosWaiting, needsYou, trouble }: Omit<SyncStatus, "kind">, activity: Activity): SyncKind {
  if (needsYou > 0) return "needs_you";
  if (trouble === "signed_out" || trouble === "revoked" || trouble === "disabled") return "signed_out";
  if (activity.phase === "sending" && waiting + photosWaiting > 0) return "sending";
  if (trouble === "offline" || trouble === "server") return "offline";
  return waiting + photosWaiting > 0 ? "waiting" : "safe";
}

/** Photos without a visit stand outside the index by visit: what is in it is bound. */
async function countLoose(database: FieldDatabase): Promise<number> {
  const [all, bound] = await Promise.all([database.count("photos"), database.countFromIndex("photos", "visit_id")]);
  return all - bound;
}
