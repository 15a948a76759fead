import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";

import { readFact, writeFact } from "../../src/store/facts.ts";
import { Office } from "./office.ts";
import { saveReading, TestPhone, there, type Page } from "./phone.ts";

let office: Office;
let phone: TestPhone;
let page: Page;
const meter = (id: string, serial = id) => ({ entity: "meter", id, version: 1, deleted: false, data: { id, serial_number: serial } });
const gone = (entity: string, id: string) => ({ entity, id, version: null, deleted: true, data: null });

beforeEach(async () => {
  office = new Office();
  phone = new TestPhone(office);
  page = await phone.page();
});
afterEach(() => {
  phone.close();
});

test("Changes come page by page, each with its cursor, and the next fetch asks for what is new only", async () => {
  office.changes = Array.from({ length: 1201 }, (_, at) => meter(`m${at}`));
  await page.drainer.run();
  expect(await page.database.count("meters")).toBe(1201);
  expect(office.of("/api/v1/sync/changes").map(({ query }) => query.get("cursor"))).toEqual([null, `${office.epoch}!500`, `${office.epoch}!1000`]);
  office.changes.push(meter("m7", "mended"), gone("meter", "m8"), { entity: "assignment", id: "a", version: 1, deleted: false, data: { id: "a" } }, { entity: "weather", id: "w", version: 1, deleted: false, data: {} });
  await page.drainer.run();
  expect((await page.database.get("meters", "m7"))?.serial_number).toBe("mended");
  expect(await page.database.get("meters", "m8")).toBeUndefined();
  expect(await page.database.count("assignments")).toBe(1);
  expect(page.news).toContainEqual({ kind: "meters", ids: ["m7", "m8"] });
});

test("After a reset only what the office tells is there, and what is unsent is untouched", async () => {
  office.changes = [meter("old"), meter("kept")];
  await page.drainer.run();
  office.changes = [meter("kept"), meter("new")];
  office.oldest = 99;
  office.fault = ({ path }) => (path === "/api/v1/readings/sync" ? { kind: "answer", status: 403, code: "auth.forbidden" } : null);
  const id = await saveReading(page.database);
  await page.drainer.run();
  expect(await page.database.get("meters", "old")).toBeDefined();
  office.fault = () => null;
  await page.database.put("outbox", { ...there(await page.database.get("outbox", id)), not_before: phone.now() + 4000 });
  await writeFact(page.database, "trouble", null);
  await page.drainer.run();
  expect(await page.database.getAllKeys("meters")).toEqual(["kept", "new"]);
  expect(await page.database.get("outbox", id)).toMatchObject({ state: "waiting" });
  expect(await page.database.get("visits", id)).toBeDefined();
});

test("A page that cannot be kept is not kept by half", async () => {
  office.changes = [meter("first")];
  await page.drainer.run();
  const cursor = await readFact(page.database, "cursor");
  office.changes.push(meter("good"), { entity: "meter", id: "bad", version: 1, deleted: false, data: { serial_number: "without id" } });
  await expect(page.drainer.run()).rejects.toThrow();
  expect(await page.database.getAllKeys("meters")).toEqual(["first"]);
  expect(await readFact(page.database, "cursor")).toBe(cursor);
});

test("A cursor that is none of the office's is forgotten, and all comes anew", async () => {
  office.changes = [meter("a")];
  await writeFact(page.database, "cursor", "broken");
  await page.drainer.run();
  expect(await page.database.getAllKeys("meters")).toEqual(["a"]);
  expect(await readFact(page.database, "trouble")).toBeNull();
});

test("The clock's distance from the office's is learnt", async () => {
  const ahead = 3 * 86_400_000;
  phone.now = () => Date.now() + ahead;
  await page.drainer.run();
  expect(Math.abs(((await readFact(page.database, "server_offset_ms")) ?? 0) + ahead)).toBeLessThan(5000);
});

test("A restored office gets everything again, and nothing twice", async () => {
  const ids = [await saveReading(page.database), await saveReading(page.database)];
  await page.drainer.run();
  const backup = new Map(office.held);
  ids.push(await saveReading(page.database), await saveReading(page.database));
  await page.drainer.run();
  office.restore(backup);
  await page.drainer.run();
  expect([...office.held.keys()].sort()).toEqual(ids);
  for (const id of ids) expect(await page.database.get("outbox", id)).toMatchObject({ state: "safe", epoch: office.epoch, receipt: office.held.get(id)?.receipt });
  expect(await readFact(page.database, "epoch")).toBe(office.epoch);
});

test("A receipt of an earlier life is not shown in a later one", async () => {
  await saveReading(page.database);
  await page.drainer.run();
  const [lost] = await page.database.getAll("outbox");
  await page.database.delete("outbox", lost?.client_id ?? "");
  office.restore(new Map());
  await page.drainer.run();
  const epoch = office.epoch;
  await saveReading(page.database);
  await page.drainer.run();
  expect(office.epoch).toBe(epoch);
});

test("A phone's receipt tells an office that lost the end of its data, and brings it back", async () => {
  const first = await saveReading(page.database);
  await page.drainer.run();
  office.held.delete(first);
  const epoch = office.epoch;
  await saveReading(page.database);
  await page.drainer.run();
  expect(office.epoch).not.toBe(epoch);
  expect(office.held.has(first)).toBe(true);
  expect(await page.database.countFromIndex("outbox", "state", "safe")).toBe(2);
});
