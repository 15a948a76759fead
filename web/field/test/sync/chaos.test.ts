import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";

import type { FieldDatabase } from "../../src/store/database.ts";
import { Office, type Asked, type Fault, type Held } from "./office.ts";
import { saveReading, seeded, takePhoto, TestPhone, there, type Page } from "./phone.ts";

const SEEDS = Array.from({ length: 12 }, (_, at) => at + 1);
const FAULTS: readonly Fault[] = [
  { kind: "lost_request" },
  { kind: "lost_answer" },
  { kind: "lost_answer" },
  { kind: "cut" },
  { kind: "answer", status: 401, code: "auth.required" },
  { kind: "answer", status: 403, code: "request.address_blocked" },
  { kind: "answer", status: 413, code: "request.too_large" },
  { kind: "answer", status: 429, code: "request.too_many", headers: { "retry-after": "1" } },
  { kind: "answer", status: 500, code: "server.error" },
  { kind: "answer", status: 503, code: "server.unavailable" },
  { kind: "answer", status: 200, code: null },
];

let phone: TestPhone;
afterEach(() => {
  phone.close();
});

/** A whole-batch 413 of a batch of one sets that item aside, as it should: somebody looks at it and sends it again. */
async function sendAllAgain(database: FieldDatabase): Promise<void> {
  for (const item of await database.getAllFromIndex("outbox", "state", "needs_you")) await database.put("outbox", { ...item, state: "waiting" });
  for (const photo of await database.getAllFromIndex("photos", "state", "needs_you")) await database.put("photos", { ...photo, state: "waiting" });
}

test.each(SEEDS)("With seed %i, whatever is lost, cut, refused, killed and restored, the office ends with exactly what was saved", async (seed) => {
  const random = seeded(seed);
  const pick = <One>(among: readonly One[]) => there(among[Math.floor(random() * among.length)]);
  const office = new Office();
  phone = new TestPhone(office);
  let pages: readonly Page[] = [await phone.page(), await phone.page()];
  const saved = new Map<string, string>();
  const shots = new Map<string, Buffer>();
  let backup: ReadonlyMap<string, Held> = new Map();
  let isCalm = false;
  office.fault = (asked: Asked) => {
    if (isCalm) return null;
    const chance = random();
    if (chance < 0.03) pages[0]?.die();
    if (chance > 0.97) office.token = `t${chance}`;
    return random() < 0.3 && asked.path !== "/api/v1/auth/refresh" ? pick(FAULTS) : null;
  };
  const alive = async () => {
    pages = await Promise.all(pages.map((page) => (isClosed(page.database) ? phone.page() : Promise.resolve(page))));
    return pick(pages).database;
  };

  for (let round = 0; round < 25; round++) {
    const database = await alive();
    for (let at = Math.floor(random() * 6); at > 0; at--) {
      const photos = random() < 0.3 ? [await takePhoto(database, 1 + Math.floor(random() * 1_500_000))] : [];
      const id = await saveReading(database, photos.map((shot) => shot.id), `reading ${round}-${at}`);
      saved.set(id, (await database.get("outbox", id))?.body ?? "");
      for (const shot of photos) shots.set(id, shot.bytes);
    }
    if (random() < 0.1) backup = new Map(office.held);
    if (random() < 0.06) office.restore(new Map([...backup].filter(([id]) => office.held.has(id))));
    await Promise.all(pages.map((page) => page.drainer.demand().catch(() => undefined)));
  }

  isCalm = true;
  office.session = "lives";
  const database = await alive();
  for (let run = 0; run < 4; run++) {
    await sendAllAgain(database);
    await Promise.all(pages.map((page) => page.drainer.demand()));
  }
  expect(new Map([...office.held].map(([id, { body }]) => [id, body]))).toEqual(saved);
  const items = await database.getAll("outbox");
  expect(items.map((item) => item.client_id)).toEqual([...saved.keys()].sort());
  for (const item of items) expect(item).toMatchObject({ state: "safe", epoch: office.epoch, receipt: office.held.get(item.client_id)?.receipt });
  for (const [visit, bytes] of shots) {
    const held = [...office.photos.values()].filter(({ of, isComplete }) => of === visit && isComplete);
    expect(held.map(({ upload }) => Buffer.compare(upload.bytes, bytes))).toEqual([0]);
  }
  expect(await database.countFromIndex("photos", "state", "safe")).toBe(shots.size);
});

function isClosed(database: FieldDatabase): boolean {
  try {
    database.transaction("facts");
    return false;
  } catch (error) {
    if (error instanceof DOMException && error.name === "InvalidStateError") return true;
    throw error;
  }
}

test("A day of 3,000 readings and 100 photos goes in few runs of the loop each, and all of it is safe", async () => {
  const office = new Office();
  phone = new TestPhone(office);
  const page = await phone.page();
  const first = await saveReading(page.database);
  const model = await page.database.get("outbox", first);
  if (model === undefined) throw new Error("It was saved.");
  const store = page.database.transaction("outbox", "readwrite");
  for (let at = 1; at < 3000; at++) {
    const client_id = `${first.slice(0, 24)}${String(at).padStart(12, "0")}`;
    void store.store.put({ ...model, client_id, body: model.body.replace(first, client_id) });
  }
  await store.done;
  for (let at = 0; at < 100; at++) await saveReading(page.database, [(await takePhoto(page.database, 2000)).id]);
  await page.drainer.run();
  expect(await page.database.countFromIndex("outbox", "state", "safe")).toBe(3100);
  expect(await page.database.countFromIndex("photos", "state", "safe")).toBe(100);
  expect(office.of("/api/v1/readings/sync")).toHaveLength(16);
  // What pages hear grows with the batches and photos, not with the items.
  expect(page.news.filter(({ kind }) => kind === "outbox")).toHaveLength(16);
  expect(page.news.filter(({ kind }) => kind === "photos").length).toBeLessThanOrEqual(300);
}, 30_000);
