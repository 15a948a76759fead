import "fake-indexeddb/auto";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";

import { openFieldDatabase, type FieldDatabase } from "../../src/store/database.ts";
import { exportUnsent } from "../../src/store/export.ts";
import { uuidv7 } from "../../src/store/identity.ts";
import type { OutboxState, User } from "../../src/store/records.ts";
import { saveItem } from "../../src/store/saving.ts";
import { saveReading, takePhoto, there } from "../sync/phone.ts";

type Line = Record<string, unknown> & { photo?: { data: string; sha256: string } & Record<string, unknown> };

let database: FieldDatabase;
const user: User = { id: uuidv7(), name: "Ann", username: null, email: "a@b.test", role: "agent" };

beforeEach(async () => {
  database = await openFieldDatabase(uuidv7());
});
afterEach(() => {
  database.close();
});

async function lines(): Promise<{ raw: readonly string[]; read: readonly Line[]; count: number }> {
  const { blob, count } = await exportUnsent(database, "phone-7", user);
  const text = await blob.text();
  expect(text.endsWith("\n")).toBe(true);
  const raw = text.trimEnd().split("\n");
  return { raw, read: raw.map((line) => JSON.parse(line) as Line), count };
}

async function become(id: string, state: OutboxState): Promise<void> {
  await database.put("outbox", { ...there(await database.get("outbox", id)), state });
}

test("The file says whose it is, and has the items byte for byte as they would have been pushed, in their order", async () => {
  const ids = [await saveReading(database, [], "with „quotes“"), await saveReading(database), await saveReading(database, [], "", "skip")];
  await become(there(ids[1]), "needs_you");
  const bodies = await Promise.all(ids.map(async (id) => there(await database.get("outbox", id)).body));
  const { raw, read, count } = await lines();
  expect(read[0]).toEqual({ format: "metersync.field-export", version: 1, user_id: user.id, device_id: "phone-7" });
  expect(raw.slice(1)).toEqual(bodies);
  expect(count).toBe(3);
});

test("Photos are whole, whatever their size, begin their line with the photo, and name what they show", async () => {
  const sizes = [1, 2, 3, 196_608, 196_609, 500_000];
  const shots = await Promise.all(sizes.map((size) => takePhoto(database, size)));
  const reading = await saveReading(database, shots.slice(0, 5).map(({ id }) => id));
  const skip = await saveReading(database, [there(shots[5]).id], "", "skip");
  const { raw, read } = await lines();
  const photos = read.flatMap(({ photo }) => photo ?? []);
  expect(raw.filter((line) => line.startsWith('{"photo":'))).toHaveLength(6);
  for (const photo of photos) expect(createHash("sha256").update(Buffer.from(photo.data, "base64")).digest("hex")).toBe(photo.sha256);
  expect(photos.map((photo) => photo["reading_client_id"] ?? null)).toEqual([reading, reading, reading, reading, reading, null]);
  expect(photos[5]).toMatchObject({ skip_client_id: skip, content_type: "image/jpeg", filename: `${there(shots[5]).id}.jpg` });
});

test("What the office has, what a person has settled and photos of no visit are not in it; photos of a reading that is safe are", async () => {
  const [loose, late] = [await takePhoto(database, 5), await takePhoto(database, 6)];
  await become(await saveReading(database), "safe");
  await become(await saveReading(database), "settled");
  const safe = await saveReading(database, [late.id]);
  await become(safe, "safe");
  const { read, count } = await lines();
  expect(read.slice(1).map(({ photo }) => photo?.["reading_client_id"])).toEqual([safe]);
  expect(count).toBe(1);
  expect(await database.get("photos", loose.id)).toBeDefined();
});

test("A photo of a found meter is in it without a reading it would belong to", async () => {
  const shot = await takePhoto(database, 5);
  await saveItem(database, { client_id: uuidv7(), entity: "found_meter", payload: {}, meter_id: null, title: "", detail: "" }, [shot.id]);
  const { read } = await lines();
  expect(Object.keys(there(read[2]?.photo))).toEqual(["filename", "content_type", "sha256", "data"]);
});

test("A photo whose bytes are gone does not spoil the file", async () => {
  const shot = await takePhoto(database, 5);
  await saveReading(database, [shot.id]);
  await database.delete("photo_files", shot.id);
  const { read, count } = await lines();
  expect([read.length, count]).toEqual([2, 1]);
});
