import "fake-indexeddb/auto";
import { expect, test } from "vitest";

import { holdBallast, withBallast } from "../../src/store/ballast.ts";
import { openFieldDatabase } from "../../src/store/database.ts";
import { uuidv7 } from "../../src/store/identity.ts";

const full = () => new DOMException("full", "QuotaExceededError");

test("A full phone gives the ballast's place to a reading, and only then", async () => {
  const database = await openFieldDatabase(uuidv7());
  expect(await holdBallast(database)).toBe(true);
  expect(await holdBallast(database)).toBe(true);
  expect(await database.count("photo_files")).toBe(1);
  await withBallast(database, () => Promise.resolve());
  expect(await database.count("photo_files")).toBe(1);
  let tries = 0;
  await withBallast(database, async () => {
    tries++;
    if ((await database.count("photo_files")) > 0 || tries < 3) throw full();
  });
  expect(tries).toBe(3);
  expect(await database.count("photo_files")).toBe(0);
  await expect(withBallast(database, () => Promise.reject(full()))).rejects.toThrow("full");
  database.close();
});

test("Other faults leave the ballast alone", async () => {
  const database = await openFieldDatabase(uuidv7());
  await holdBallast(database);
  await expect(withBallast(database, () => Promise.reject(new Error("another fault")))).rejects.toThrow("another fault");
  expect(await database.count("photo_files")).toBe(1);
  database.close();
});
