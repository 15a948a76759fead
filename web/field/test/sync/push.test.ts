import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";

import { readFact } from "../../src/store/facts.ts";
import { undoVisit } from "../../src/store/saving.ts";
import { Office } from "./office.ts";
import { saveReading, TestPhone, there, type Page } from "./phone.ts";

let office: Office;
let phone: TestPhone;
let page: Page;
const item = async (id: string) => there(await page.database.get("outbox", id));
const save = async (count: number) => {
  const ids: string[] = [];
  for (let at = 0; at < count; at++) ids.push(await saveReading(page.database));
  return ids;
};

beforeEach(async () => {
  office = new Office();
  phone = new TestPhone(office);
  page = await phone.page();
});
afterEach(() => {
  phone.close();
});

test("What was saved is in the office once, byte for byte, and its receipt is on the phone", async () => {
  const id = await saveReading(page.database, [], "key at the janitor's – Tür 3");
  const { body } = await item(id);
  await page.drainer.run();
  expect(office.held.get(id)?.body).toBe(body);
  expect(await item(id)).toMatchObject({ state: "safe", outcome: "applied", receipt: office.held.get(id)?.receipt, server_id: office.held.get(id)?.server_id, epoch: office.epoch, attempts: 1 });
  expect(await readFact(page.database, "last_receipt")).toMatchObject({ client_id: id, server_seq: 1 });
});

test("Nothing is sent within the undo time, and nothing can be taken back once it was put on the wire", async () => {
  const id = await saveReading(page.database);
  phone.now = () => Date.now();
  await page.drainer.run();
  expect(office.of("/api/v1/readings/sync")).toHaveLength(0);
  phone.now = () => Date.now() + 10_000;
  office.fault = ({ path }) => (path === "/api/v1/readings/sync" ? { kind: "lost_request" } : null);
  await page.drainer.run();
  expect(await undoVisit(page.database, id)).toBe(false);
  expect(await item(id)).toMatchObject({ state: "waiting", attempts: 1 });
});

test("Batches have 200 items at most and go in the order of saving", async () => {
  const ids = await save(450);
  await page.drainer.run();
  const batches = office.of("/api/v1/readings/sync").map(({ body }) => (JSON.parse(Buffer.from(body).toString()) as { items: { client_id: string }[] }).items.map((one) => one.client_id));
  expect(batches.map((batch) => batch.length)).toEqual([200, 200, 50]);
  expect(batches.flat()).toEqual(ids);
});

test("A lost answer costs a duplicate, not a second reading", async () => {
  const [id = ""] = await save(1);
  let times = 0;
  office.fault = ({ path }) => (path === "/api/v1/readings/sync" && times++ === 0 ? { kind: "lost_answer" } : null);
  await page.drainer.run();
  expect(await item(id)).toMatchObject({ state: "waiting", attempts: 1 });
  await page.drainer.run();
  expect(await item(id)).toMatchObject({ state: "safe", outcome: "duplicate" });
  expect(office.applied.get(id)).toBe(1);
});

test("Each item is answered for itself: a refused one needs a person, its neighbours are safe", async () => {
  const ids = await save(3);
  office.refuse = ({ client_id }) => (client_id === ids[1] ? "reading.bad_value" : null);
  await page.drainer.run();
  expect(await Promise.all(ids.map(async (id) => (await item(id)).state))).toEqual(["safe", "needs_you", "safe"]);
  expect((await item(ids[1] ?? "")).problem?.code).toBe("reading.bad_value");
});

test("Other content under one id is a conflict that a person sees", async () => {
  const [id = ""] = await save(1);
  await page.drainer.run();
  await page.database.put("outbox", { ...(await item(id)), state: "waiting", body: (await item(id)).body.replace("12.50", "99.00") });
  await page.drainer.run();
  expect(await item(id)).toMatchObject({ state: "needs_you", outcome: "conflict" });
});

test("One item that spoils the whole batch is found by halving, and all others go", async () => {
  const ids = await save(37);
  const bad = ids[20] ?? "";
  office.fault = ({ path, body }) => (path === "/api/v1/readings/sync" && Buffer.from(body).includes(bad) ? { kind: "answer", status: 400, code: "request.malformed" } : null);
  await page.drainer.run();
  expect(await item(bad)).toMatchObject({ state: "needs_you", outcome: "rejected", problem: { code: "request.malformed" } });
  expect(office.held.size).toBe(36);
});

test("A server that takes less gets smaller batches", async () => {
  await save(30);
  office.most = 7;
  await page.drainer.run();
  expect(office.held.size).toBe(30);
  office.most = 1000;
  office.mostBytes = 3000;
  await save(30);
  await page.drainer.run();
  expect(office.held.size).toBe(60);
});

test("An item larger than any batch goes alone and holds nobody up", async () => {
  const large = await saveReading(page.database, [], "x".repeat(900_000));
  const small = await saveReading(page.database);
  await page.drainer.run();
  expect([office.held.has(large), office.held.has(small)]).toEqual([true, true]);
});

test.each([
  [403, "request.address_blocked", "server"],
  [400, "sync.no_person", "server"],
  [404, "resource.not_found", "server"],
  [429, "request.too_many", "server"],
  [503, "server.unavailable", "server"],
  [500, "server.error", "server"],
  [400, null, "server"],
  [403, "sync.device_revoked", "revoked"],
  [403, "auth.forbidden", "disabled"],
] as const)("After %i %s nothing is set aside, and the phone says %s", async (status, code, trouble) => {
  const ids = await save(3);
  office.fault = ({ path }) => (path === "/api/v1/readings/sync" ? { kind: "answer", status, code } : null);
  await page.drainer.run();
  expect(await Promise.all(ids.map(async (id) => (await item(id)).state))).toEqual(["waiting", "waiting", "waiting"]);
  expect(office.of("/api/v1/readings/sync")).toHaveLength(1);
  expect(await readFact(page.database, "trouble")).toBe(trouble);
});

test("An answer without a word about the items ends the run instead of asking for ever", async () => {
  await save(2);
  const fetchBefore = office.fetch;
  const silent: typeof fetchBefore = async (input, init) => {
    const response = await fetchBefore(input, init);
    if (!(input instanceof URL) || input.pathname !== "/api/v1/readings/sync") return response;
    const answer = (await response.json()) as { data: { results: unknown[] } };
    return Response.json({ ...answer, data: { ...answer.data, results: [] } });
  };
  globalThis.fetch = silent;
  await page.drainer.run();
  expect(office.of("/api/v1/readings/sync")).toHaveLength(1);
  expect(await readFact(page.database, "trouble")).toBe("server");
  globalThis.fetch = fetchBefore;
  await page.drainer.run();
  expect(await page.database.countFromIndex("outbox", "state", "safe")).toBe(2);
});

test("The office hears which phone it is and what it still holds", async () => {
  await save(3);
  await page.drainer.run();
  const [push] = office.of("/api/v1/readings/sync");
  expect(push?.headers.get("x-device-id")).toBe("phone-7");
  expect(push?.headers.get("x-unsent-count")).toBe("3");
  expect(push?.headers.get("x-device-name")).toBe("T?r 7");
  expect(office.of("/api/v1/sync/changes")[0]?.headers.get("x-unsent-count")).toBe("0");
});
