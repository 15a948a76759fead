import { createHash, randomBytes } from "node:crypto";
import { MemoryTokens, MeterSyncClient } from "@metersync/api";
import { vi } from "vitest";

import { openFieldDatabase, type FieldDatabase } from "../../src/store/database.ts";
import { uuidv7 } from "../../src/store/identity.ts";
import { Newsroom, type News } from "../../src/store/news.ts";
import type { Photo, Visit } from "../../src/store/records.ts";
import { savePhoto, saveVisit } from "../../src/store/saving.ts";
import { Drainer } from "../../src/sync/drainer.ts";
import { FakeLocks } from "./locks.ts";
import type { Office } from "./office.ts";

/** Undo times are over for a drainer that looks at this clock. */
export const LATER_MS = 10_000;

export type Page = { database: FieldDatabase; drainer: Drainer; news: News[]; newsroom: Newsroom; client: MeterSyncClient; die: () => void };

/** One phone of one person, with pages that come and go. */
export class TestPhone {
  readonly userId = uuidv7();
  readonly locks = new FakeLocks();
  random = () => 0.5;
  now = () => Date.now() + LATER_MS;
  /** What would have reached the app's own report of faults. */
  readonly reported: unknown[] = [];
  readonly #pages: Page[] = [];

  constructor(office: Office) {
    vi.stubGlobal("fetch", office.fetch);
    vi.stubGlobal("reportError", (error: unknown) => this.reported.push(error));
  }

  async page(): Promise<Page> {
    const { locks, die } = this.locks.page();
    const database = await openFieldDatabase(this.userId);
    const newsroom = new Newsroom(this.userId);
    const news: News[] = [];
    newsroom.listen((one) => news.push(one));
    const client = new MeterSyncClient({ baseUrl: "http://office.test", tokens: new MemoryTokens(), exclusively: (renew) => locks.request("metersync-session", renew) as ReturnType<typeof renew> });
    const drainer = new Drainer({ userId: this.userId, client, database, news: newsroom, device: { id: "phone-7", name: "Tür 7" }, appVersion: "1.0", locks, now: () => this.now(), random: () => this.random() });
    const page: Page = {
      database,
      drainer,
      news,
      newsroom,
      client,
      die: () => {
        drainer.stop();
        newsroom.close();
        database.close();
        die();
      },
    };
    this.#pages.push(page);
    return page;
  }

  close(): void {
    for (const page of this.#pages) page.die();
    vi.unstubAllGlobals();
  }
}

/** Saves a reading as the screens do. @returns its client_id */
export async function saveReading(database: FieldDatabase, photoIds: readonly string[] = [], note = "", kind: Visit["kind"] = "reading"): Promise<string> {
  const client_id = uuidv7();
  const visit: Visit = { client_id, kind, meter_id: "m", assignment_id: null, saved_at: Date.now(), read_at: Date.now(), values: [], double_entered: false, code: null, note, position: null, photo_ids: photoIds, title: "Flat 3", serial_number: "1", meter_type: "water", unit: "m³", corrects: null };
  await saveVisit(database, visit, { client_id, entity: kind, payload: { meter_id: "m", note, values: [{ register_id: "r", value: "12.50" }] }, meter_id: "m", title: "Flat 3", detail: "12.50" });
  return client_id;
}

export async function takePhoto(database: FieldDatabase, size: number): Promise<{ id: string; bytes: Buffer }> {
  const bytes = randomBytes(size);
  const id = uuidv7();
  await savePhoto(database, photoOf(id, bytes), new Blob([bytes], { type: "image/jpeg" }));
  return { id, bytes };
}

export function photoOf(id: string, bytes: Uint8Array): Photo {
  return {
    id, visit_id: null, subject: "reading", state: "waiting", attempts: 0, not_before: 0, saved_at: Date.now(), size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"), width: 1, height: 1, taken_at: null, place: null, thumbnail: "", title: "",
    photo_id: null, upload_url: null, resumable_url: null, headers: null, sent_bytes: 0, problem: null, epoch: null, safe_at: null,
  };
}

/** @throws where the test expects something that is not there */
export function there<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error("It is not there.");
  return value;
}

/** Numbers that look random and are the same in every run of the test. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
