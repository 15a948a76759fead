import { atomically, type FieldDatabase } from "../store/database.ts";
import type { Newsroom } from "../store/news.ts";
import type { Problem } from "../store/records.ts";
import type { Say } from "../words/index.ts";

export type SaidProblem = {
  /** What happened. */
  title: string;
  /** What to do; "" where the title says it all. */
  text: string;
  /** Whether the same may go through later. */
  canSendAgain: boolean;
};

/** By the server's problem codes (docs/problems.md) and our own `field.*`. */
const SAYINGS = {
  "sync.client_id_conflict": { key: "conflict", again: false },
  "reading.client_id_conflict": { key: "conflict", again: false },
  "skip.client_id_conflict": { key: "conflict", again: false },
  "approval.client_id_conflict": { key: "conflict", again: false },
  "reading.meter_not_found": { key: "meter_gone", again: true },
  "skip.meter_not_found": { key: "meter_gone", again: true },
  "reading.unknown_register": { key: "register_gone", again: true },
  "reading.bad_value": { key: "bad_value", again: false },
  "reading.register_twice": { key: "bad_value", again: false },
  "reading.source_not_allowed": { key: "not_allowed", again: true },
  "reading.not_editable": { key: "not_editable", again: false },
  "skip.in_future": { key: "in_future", again: true },
  "approval.meter_known": { key: "meter_known", again: false },
  "approval.nothing_to_change": { key: "invalid", again: false },
  "auth.forbidden": { key: "not_allowed", again: true },
  "auth.scope_too_narrow": { key: "not_allowed", again: true },
  "request.invalid": { key: "invalid", again: false },
  "request.malformed": { key: "malformed", again: false },
  "request.too_large": { key: "malformed", again: false },
  "server.error": { key: "unknown", again: true },
  "sync.item_malformed": { key: "malformed", again: false },
  "sync.unknown_entity": { key: "too_new", again: true },
  "photo.not_an_image": { key: "photo_broken", again: false },
  "photo.unreadable": { key: "photo_broken", again: false },
  "photo.hash_differs": { key: "photo_broken", again: true },
  "photo.size_differs": { key: "photo_broken", again: true },
  "photo.type_not_accepted": { key: "photo_broken", again: false },
  "photo.too_large": { key: "photo_too_large", again: false },
  "photo.too_many_pixels": { key: "photo_too_large", again: false },
  "photo.reading_not_found": { key: "unknown", again: true },
  "upload.beyond_length": { key: "photo_broken", again: true },
  "upload.too_large": { key: "photo_too_large", again: false },
  "field.photo_lost": { key: "photo_lost", again: false },
  "field.photo_unreadable": { key: "photo_lost", again: true },
} as const;

/** What a refusal says to the person. A code that has no words here is said with the server's own. */
export function sayProblem(words: Say, problem: Problem | null): SaidProblem {
  if (problem === null) return { title: words("sync.unknown"), text: words("sync.unknown_todo"), canSendAgain: true };
  const saying = problem.code in SAYINGS ? SAYINGS[problem.code as keyof typeof SAYINGS] : null;
  if (saying === null) return { title: problem.message, text: words("sync.unknown_todo"), canSendAgain: true };
  const details = problem.details === null ? [] : Object.values(problem.details).flat();
  const said = saying.key === "invalid" ? details.join(" ") || problem.message : "";
  return { title: words(`sync.${saying.key}`), text: [said, words(`sync.${saying.key}_todo`)].filter((part) => part !== "").join(" "), canSendAgain: saying.again };
}

/** Somebody has seen it, and nothing more is to be done here. With an item its photos rest. */
export async function settle(database: FieldDatabase, news: Newsroom, id: string): Promise<void> {
  const shown = await atomically(database, ["outbox", "photos"], async (transaction) => {
    const [outbox, photos] = [transaction.objectStore("outbox"), transaction.objectStore("photos")];
    const photo = await photos.get(id);
    if (photo?.state === "needs_you") await photos.put({ ...photo, state: "settled" });
    const item = await outbox.get(id);
    // What waits, or is safe, has photos that are still to go.
    if (item?.state !== "needs_you") return [id];
    await outbox.put({ ...item, state: "settled" });
    const shots = (await photos.index("visit_id").getAll(id)).filter(({ state }) => state !== "safe");
    await Promise.all(shots.map((shot) => photos.put({ ...shot, state: "settled" })));
    return shots.map((shot) => shot.id);
  });
  news.tell({ kind: "outbox", ids: [id] });
  news.tell({ kind: "photos", ids: shown });
}

/** The cause may be mended: it goes again, as it was. */
export async function sendAgain(database: FieldDatabase, news: Newsroom, id: string): Promise<void> {
  await atomically(database, ["outbox", "photos"], async (transaction) => {
    const [outbox, photos] = [transaction.objectStore("outbox"), transaction.objectStore("photos")];
    const item = await outbox.get(id);
    if (item?.state === "needs_you") await outbox.put({ ...item, state: "waiting", not_before: 0 });
    const photo = await photos.get(id);
    if (photo?.state === "needs_you") await photos.put({ ...photo, state: "waiting", not_before: 0 });
  });
  news.tell({ kind: "outbox", ids: [id] });
  news.tell({ kind: "photos", ids: [id] });
}
