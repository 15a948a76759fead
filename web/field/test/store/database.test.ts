import "fake-indexeddb/auto";
import { expect, test } from "vitest";

import { atomically, MIGRATIONS, openFieldDatabase } from "../../src/store/database.ts";
import { uuidv7 } from "../../src/store/identity.ts";
import { saveReading, takePhoto } from "../sync/phone.ts";

async function fullOldDatabase(userId: string): Promise<readonly string[]> {
  const old = await openFieldDatabase(userId, undefined, MIGRATIONS.slice(0, 1));
  const ids: string[] = [];
  for (let at = 0; at < 500; at++) ids.push(await saveReading(old, at % 10 === 0 ? [(await takePhoto(old, 300)).id] : []));
  old.close();
  return ids;
}

test("A full queue of the first version opens at the newest one, with every item, photo and byte", async () => {
  const userId = uuidv7();
  const ids = await fullOldDatabase(userId);
  const database = await openFieldDatabase(userId);
  expect(database.version).toBe(MIGRATIONS.length);
  expect(await database.getAllKeysFromIndex("outbox", "state", "waiting")).toEqual(ids);
  expect(await database.count("visits")).toBe(500);
  const photos = await database.getAllFromIndex("photos", "state", "waiting");
  expect(photos).toHaveLength(50);
  for (const photo of photos) expect((await database.get("photo_files", photo.id))?.blob.size).toBe(photo.size);
  const [first = ""] = ids;
  const item = await database.get("outbox", first);
  if (item === undefined) throw new Error("It was saved.");
  await database.put("outbox", { ...item, state: "safe", safe_at: 5 });
  expect(await database.getAllKeysFromIndex("outbox", "safe_at")).toEqual([first]);
  database.close();
});

test("A step that fails leaves the old version whole, and a mended one takes it up", async () => {
  const userId = uuidv7();
  const ids = await fullOldDatabase(userId);
  const broken = () => {
    throw new Error("A fault in the step.");
  };
  const halfway: typeof MIGRATIONS = [...MIGRATIONS, (_database, upgrade) => void upgrade.objectStore("outbox").clear().catch(() => undefined), broken];
  await expect(openFieldDatabase(userId, undefined, halfway)).rejects.toThrow();
  const old = await openFieldDatabase(userId, undefined, MIGRATIONS.slice(0, 1));
  expect(await old.getAllKeysFromIndex("outbox", "state", "waiting")).toEqual(ids);
  old.close();
  const mended = await openFieldDatabase(userId);
  expect(await mended.count("outbox")).toBe(500);
  mended.close();
});

test("A page that stands in the way of a new version lets go and is told", async () => {
  const userId = uuidv7();
  let gone = 0;
  await openFieldDatabase(userId, () => gone++, MIGRATIONS.slice(0, 1));
  const database = await openFieldDatabase(userId);
  expect(gone).toBe(1);
  database.close();
});

test("What fails halfway takes back what went before, by its own doing or the store's", async () => {
  const database = await openFieldDatabase(uuidv7());
  await database.put("facts", 0, "taken");
  await expect(
    atomically(database, ["facts"], async (transaction) => {
      await transaction.objectStore("facts").put(1, "failures");
      throw new Error("changed my mind");
    }),
  ).rejects.toThrow("changed my mind");
  await expect(
    atomically(database, ["facts"], async (transaction) => {
      await transaction.objectStore("facts").put(1, "failures");
      await transaction.objectStore("facts").add(1, "taken");
    }),
  ).rejects.toThrow();
  expect(await database.get("facts", "failures")).toBeUndefined();
  expect(await database.get("facts", "taken")).toBe(0);
  database.close();
});
