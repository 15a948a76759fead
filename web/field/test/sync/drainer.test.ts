import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { readFact, writeFact } from "../../src/store/facts.ts";
import { pauseAfter } from "../../src/sync/drainer.ts";
import { Office } from "./office.ts";
import { saveReading, TestPhone, type Page } from "./phone.ts";

let office: Office;
let phone: TestPhone;
let page: Page;
const syncs = () => office.of("/api/v1/readings/sync").length;
const fetches = () => office.of("/api/v1/sync/changes").length;

beforeEach(async () => {
  office = new Office();
  phone = new TestPhone(office);
  page = await phone.page();
});
afterEach(() => {
  phone.close();
  expect(phone.reported).toEqual([]);
});

test("Pauses double up to 15 minutes, are spread from nothing to all of it, and give the server its time", () => {
  expect([0, 1, 2, 3].map((failures) => pauseAfter(failures, 1, null))).toEqual([5000, 10_000, 20_000, 40_000]);
  expect(pauseAfter(500, 1, null)).toBe(900_000);
  expect(pauseAfter(10, 0, null)).toBe(500);
  expect(pauseAfter(0, 0.5, 60_000)).toBe(60_000);
  expect(pauseAfter(0, 0.5, 86_400_000)).toBe(900_000);
});

test("An access token that ran out is renewed in the middle of a run", async () => {
  await page.drainer.run();
  office.token = "t2";
  const id = await saveReading(page.database);
  await page.drainer.run();
  expect(office.held.has(id)).toBe(true);
});

test.each([
  ["ended", "signed_out"],
  ["withdrawn", "revoked"],
] as const)("A session that is %s leaves the work on the phone and says %s", async (session, trouble) => {
  await page.drainer.run();
  const id = await saveReading(page.database);
  office.session = session;
  office.token = "t2";
  await page.drainer.run();
  expect(await readFact(page.database, "trouble")).toBe(trouble);
  expect(await readFact(page.database, "next_try_at")).toBeNull();
  expect(await page.database.get("outbox", id)).toMatchObject({ state: "waiting" });
});

test("A phone that was shut out goes on saying so when its session is gone", async () => {
  office.session = "withdrawn";
  await page.drainer.run();
  office.session = "ended";
  await page.drainer.run();
  expect(await readFact(page.database, "trouble")).toBe("revoked");
});

test("Without network the phone notes since when, and forgets it when it is back", async () => {
  office.fault = () => ({ kind: "lost_request" });
  await page.drainer.run();
  const since = await readFact(page.database, "offline_since");
  await page.drainer.run();
  expect(await readFact(page.database, "trouble")).toBe("offline");
  expect(await readFact(page.database, "failures")).toBe(2);
  expect(await readFact(page.database, "offline_since")).toBe(since);
  office.fault = () => null;
  await page.drainer.run();
  for (const name of ["trouble", "failures", "offline_since", "next_try_at"] as const) expect(await readFact(page.database, name)).toBeNull();
});

test.each([
  ["in seconds", () => "120"],
  ["as a date", () => new Date(Date.now() + 121_000).toUTCString()],
])("Retry-After %s is kept to", async (_, header) => {
  office.fault = ({ path }) => (path === "/api/v1/sync/changes" ? { kind: "answer", status: 503, code: "server.overloaded", headers: { "retry-after": header() } } : null);
  phone.now = () => Date.now();
  await page.drainer.run();
  const pause = ((await readFact(page.database, "next_try_at")) ?? 0) - Date.now();
  expect(pause).toBeGreaterThan(110_000);
  expect(pause).toBeLessThan(125_000);
});

test("Two pages at once send everything once, one after the other", async () => {
  const other = await phone.page();
  for (let at = 0; at < 5; at++) await saveReading(page.database);
  await Promise.all([page.drainer.run(), other.drainer.run(), page.drainer.run(), other.drainer.run()]);
  expect([...office.applied.values()]).toEqual([1, 1, 1, 1, 1]);
  expect(syncs()).toBe(1);
});

test("However often a run is asked for during one, one more follows", async () => {
  const first = page.drainer.run();
  await vi.waitFor(() => {
    expect(office.asked.length).toBeGreaterThan(0);
  });
  const more = Array.from({ length: 5 }, () => page.drainer.run());
  expect(new Set(more).size).toBe(1);
  await Promise.all([first, ...more]);
  expect(fetches()).toBe(2);
});

test("Stopped in the middle of a request, it lets go of the lock, and the next page finishes", async () => {
  const id = await saveReading(page.database);
  office.fault = ({ path }) => {
    if (path === "/api/v1/readings/sync" && syncs() === 1) page.die();
    return null;
  };
  await page.drainer.run();
  const next = await phone.page();
  await next.drainer.run();
  expect(await next.database.get("outbox", id)).toMatchObject({ state: "safe" });
  expect(office.applied.get(id)).toBe(1);
});

test("Started, it goes when the network comes, and leaves a server that asked for time alone when it is looked at", async () => {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible", cookie: "" });
  vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
  vi.stubGlobal("removeEventListener", window.removeEventListener.bind(window));
  vi.stubGlobal("document", document);
  office.fault = () => ({ kind: "answer", status: 503, code: "server.unavailable", headers: { "retry-after": "300" } });
  page.drainer.start();
  const toldOf = (trouble: string | null) => vi.waitFor(async () => {
    expect(await readFact(page.database, "trouble")).toBe(trouble);
  });
  await toldOf("server");
  office.fault = () => null;
  const before = office.asked.length;
  document.dispatchEvent(new Event("visibilitychange"));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(office.asked.length).toBe(before);
  window.dispatchEvent(new Event("online"));
  await toldOf(null);
  window.dispatchEvent(new Event("offline"));
  await toldOf("offline");
  expect(await readFact(page.database, "failures")).toBe(0);
  document.dispatchEvent(new Event("visibilitychange"));
  await toldOf(null);

  await writeFact(page.database, "trouble", "signed_out");
  const signedOut = office.asked.length;
  window.dispatchEvent(new Event("online"));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(office.asked.length).toBe(signedOut);
  await page.drainer.demand();
  await toldOf(null);
});

test("News of a saved visit wake it when the undo time is over", async () => {
  const window = new EventTarget();
  for (const name of ["addEventListener", "removeEventListener"] as const) vi.stubGlobal(name, window[name].bind(window));
  vi.stubGlobal("document", Object.assign(new EventTarget(), { cookie: "" }));
  let offset = 0;
  phone.now = () => Date.now() + offset;
  page.drainer.start();
  await vi.waitFor(() => {
    expect(fetches()).toBe(1);
  });
  const id = await saveReading(page.database);
  offset = 7_900;
  page.newsroom.tell({ kind: "outbox", ids: [id] });
  await vi.waitFor(async () => {
    expect(await page.database.get("outbox", id)).toMatchObject({ state: "safe" });
  });
});
