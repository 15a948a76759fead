import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { openFieldDatabase, type FieldDatabase } from "../../src/store/database.ts";
import { readFact, writeFact } from "../../src/store/facts.ts";
import { uuidv7 } from "../../src/store/identity.ts";
import type { Visit } from "../../src/store/records.ts";
import { discardPhoto, freeze, saveItem, saveVisit, UNDO_MS, undoVisit } from "../../src/store/saving.ts";
import { keepTally, readTally } from "../../src/store/tally.ts";
import { saveReading, takePhoto, there } from "../sync/phone.ts";

let database: FieldDatabase;
let userId: string;

beforeEach(async () => {
  userId = uuidv7();
  database = await openFieldDatabase(userId);
});
afterEach(() => {
  database.close();
  vi.unstubAllGlobals();
});

test("A saved visit is there with what is to be sent of it and its photos, and waits for the undo time", async () => {
  const photo = await takePhoto(database, 10);
  await writeFact(database, "server_offset_ms", -1500);
  const id = await saveReading(database, [photo.id]);
  const item = there(await database.get("outbox", id));
  expect(JSON.parse(item.body)).toMatchObject({ client_id: id, entity: "reading", op: "create", clock: { server_offset_ms: -1500 }, payload: { values: [{ value: "12.50" }] } });
  expect(item.not_before - item.saved_at).toBe(UNDO_MS);
  expect(await database.get("photos", photo.id)).toMatchObject({ visit_id: id, not_before: item.not_before });
  expect(await readFact(database, "saved_count")).toBe(1);
});

test("A visit that cannot be stored leaves nothing behind", async () => {
  const id = await saveReading(database);
  const visit = there(await database.get("visits", id));
  const broken = { ...visit, client_id: uuidv7(), note: (() => "no text") as unknown as string } satisfies Visit;
  await expect(saveVisit(database, broken, { client_id: broken.client_id, entity: "reading", payload: {}, meter_id: null, title: "", detail: "" })).rejects.toThrow();
  expect(await database.getAllKeys("outbox")).toEqual([id]);
  expect(await readFact(database, "saved_count")).toBe(1);
});

test("A visit can be taken back with its photos until somebody else may know of it", async () => {
  const photo = await takePhoto(database, 10);
  const [kept, undone] = [await saveReading(database), await saveReading(database, [photo.id])];
  await database.put("outbox", { ...there(await database.get("outbox", kept)), attempts: 1 });
  expect(await undoVisit(database, undone)).toBe(true);
  expect(await undoVisit(database, kept)).toBe(false);
  expect(await undoVisit(database, undone)).toBe(false);
  expect(await database.getAllKeys("visits")).toEqual([kept]);
  expect([await database.count("photos"), await database.count("photo_files"), await readFact(database, "saved_count")]).toEqual([0, 0, 1]);
});

test("What is no visit is kept likewise, with its photos and no undo time", async () => {
  const photo = await takePhoto(database, 10);
  const client_id = uuidv7();
  await saveItem(database, { client_id, entity: "found_meter", payload: { serial_number: "9" }, meter_id: null, title: "9", detail: "" }, [photo.id]);
  const item = there(await database.get("outbox", client_id));
  expect(item.not_before).toBe(item.saved_at);
  expect(await database.get("photos", photo.id)).toMatchObject({ visit_id: client_id });
});

test("A discarded photo leaves no bytes", async () => {
  const photo = await takePhoto(database, 10);
  await discardPhoto(database, photo.id);
  expect([await database.count("photos"), await database.count("photo_files")]).toEqual([0, 0]);
});

test("The tally beside the store counts what is saved and taken back", async () => {
  vi.stubGlobal("document", { cookie: "" });
  vi.stubGlobal("location", { protocol: "https:" });
  keepTally({ device_id: "d", saved: {} });
  const id = await saveReading(database);
  await saveReading(database);
  expect(readTally()?.saved[userId]).toBe(2);
  await undoVisit(database, id);
  expect(readTally()).toEqual({ device_id: "d", saved: { [userId]: 1 } });
});

test.each(["", "other=1", "metersync-phone=%7Bbroken", "metersync-phone=5", "metersync-phone=%E0%A4%A"])("A tally written as '%s' is none", (cookie) => {
  expect(readTally({ cookie })).toBeNull();
});

test("An item is frozen with its instants, and without an offset nobody has learnt", () => {
  const item = freeze({ client_id: "c", entity: "reading", payload: {}, meter_id: null, title: "", detail: "" }, 0, null);
  expect(JSON.parse(item.body)).toMatchObject({ captured_at: "1970-01-01T00:00:00.000Z", clock: { wall: "1970-01-01T00:00:00.000Z" } });
  expect(item.body).not.toContain("server_offset_ms");
});

test("Ids sort in the order they are made, also when the clock is set back", () => {
  const now = Date.now() + 60_000;
  const ids = Array.from({ length: 9000 }, (_, at) => uuidv7(at % 3 === 0 ? now - 3_600_000 : now));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(9000);
  for (const id of ids.slice(0, 5)) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});
