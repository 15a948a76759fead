import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";

import { readFact } from "../../src/store/facts.ts";
import { Office, type HeldPhoto } from "./office.ts";
import { photoOf, saveReading, takePhoto, TestPhone, there, type Page } from "./phone.ts";

const PIECE = 1_048_576;

let office: Office;
let phone: TestPhone;
let page: Page;
const photo = async (id: string) => there(await page.database.get("photos", id));
const heldOf = (visit: string) => [...office.photos.values()].filter(({ of }) => of === visit);
const isWhole = (held: HeldPhoto | undefined, bytes: Uint8Array) => held?.isComplete === true && Buffer.compare(held.upload.bytes, bytes) === 0;
const isPatch = ({ method }: { method: string }) => method === "PATCH";

beforeEach(async () => {
  office = new Office();
  phone = new TestPhone(office);
  page = await phone.page();
});
afterEach(() => {
  phone.close();
});

test("A photo goes in pieces after its reading, and is whole in the office", async () => {
  const { id, bytes } = await takePhoto(page.database, PIECE * 2 + 5);
  const visit = await saveReading(page.database, [id]);
  await page.drainer.run();
  expect(isWhole(heldOf(visit)[0], bytes)).toBe(true);
  expect(await photo(id)).toMatchObject({ state: "safe", sent_bytes: bytes.length, epoch: office.epoch });
  const order = office.asked.map(({ path }) => path);
  expect(order.indexOf("/api/v1/readings/sync")).toBeLessThan(order.indexOf("/api/v1/photos/presigned-url"));
  expect(office.asked.filter(isPatch).map(({ body }) => body.length)).toEqual([PIECE, PIECE, 5]);
});

test("A photo of a visit without a value says which one it belongs to", async () => {
  const { id } = await takePhoto(page.database, 10);
  const visit = await saveReading(page.database, [id], "", "skip");
  await page.drainer.run();
  expect(JSON.parse(Buffer.from(office.of("/api/v1/photos/presigned-url")[0]?.body ?? []).toString())).toMatchObject({ skip_client_id: visit });
});

test("A photo that breaks off in a piece goes on at the byte that arrived", async () => {
  const { id, bytes } = await takePhoto(page.database, PIECE + 1000);
  const visit = await saveReading(page.database, [id]);
  let pieces = 0;
  office.fault = (asked) => (isPatch(asked) && ++pieces === 2 ? { kind: "cut" } : null);
  await page.drainer.run();
  expect(await readFact(page.database, "trouble")).toBe("offline");
  expect(await photo(id)).toMatchObject({ state: "waiting", sent_bytes: PIECE });
  await page.drainer.run();
  expect(isWhole(heldOf(visit)[0], bytes)).toBe(true);
  expect(office.asked.filter(isPatch).map(({ headers }) => headers.get("upload-offset"))).toEqual(["0", String(PIECE), String(PIECE + 500)]);
  expect(heldOf(visit)).toHaveLength(1);
});

test("Where the office stands elsewhere than the phone thinks, the office is right", async () => {
  const { id, bytes } = await takePhoto(page.database, 1000);
  const visit = await saveReading(page.database, [id]);
  office.fault = (asked) => (isPatch(asked) && office.asked.filter(isPatch).length === 1 ? { kind: "answer", status: 423, code: "upload.locked" } : null);
  await page.drainer.run();
  expect(isWhole(heldOf(visit)[0], bytes)).toBe(true);
});

test("An upload that stays locked is tried later, and no person is bothered", async () => {
  const { id } = await takePhoto(page.database, 1000);
  await saveReading(page.database, [id]);
  office.fault = (asked) => (isPatch(asked) ? { kind: "answer", status: 423, code: "upload.locked" } : null);
  await page.drainer.run();
  expect(await photo(id)).toMatchObject({ state: "waiting" });
  expect(await readFact(page.database, "trouble")).toBe("server");
});

test("A photo that the office has forgotten half-way begins anew", async () => {
  const { id, bytes } = await takePhoto(page.database, PIECE * 2);
  const visit = await saveReading(page.database, [id]);
  let pieces = 0;
  office.fault = (asked) => (isPatch(asked) && ++pieces === 2 ? { kind: "lost_request" } : null);
  await page.drainer.run();
  office.photos.clear();
  await page.drainer.run();
  expect(isWhole(heldOf(visit)[0], bytes)).toBe(true);
});

test("A photo whose visit needs a person waits, and goes once the visit is taken", async () => {
  const { id } = await takePhoto(page.database, 10);
  const visit = await saveReading(page.database, [id]);
  office.refuse = () => "reading.meter_not_found";
  await page.drainer.run();
  expect(await photo(id)).toMatchObject({ state: "waiting" });
  expect(office.photos.size).toBe(0);
  office.refuse = () => null;
  const item = await page.database.get("outbox", visit);
  if (item !== undefined) await page.database.put("outbox", { ...item, state: "waiting" });
  await page.drainer.run();
  expect(await photo(id)).toMatchObject({ state: "safe" });
});

test("A refused photo needs a person, and the next one goes", async () => {
  const [one, two] = [await takePhoto(page.database, 10), await takePhoto(page.database, 20)];
  await saveReading(page.database, [one.id, two.id]);
  office.fault = ({ path, body }) => (path === "/api/v1/photos/presigned-url" && Buffer.from(body).includes(one.id) ? { kind: "answer", status: 413, code: "photo.too_large" } : null);
  await page.drainer.run();
  expect(await photo(one.id)).toMatchObject({ state: "needs_you", problem: { code: "photo.too_large" } });
  expect(await photo(two.id)).toMatchObject({ state: "safe" });
});

test("Whoever may send no photos goes on sending readings", async () => {
  const { id } = await takePhoto(page.database, 10);
  const visit = await saveReading(page.database, [id]);
  office.fault = ({ path }) => (path === "/api/v1/photos/presigned-url" ? { kind: "answer", status: 403, code: "auth.forbidden" } : null);
  await page.drainer.run();
  expect(await page.database.get("outbox", visit)).toMatchObject({ state: "safe" });
  expect(await photo(id)).toMatchObject({ state: "needs_you", problem: { code: "auth.forbidden" } });
  expect(await readFact(page.database, "trouble")).toBeNull();
});

test("A photo over which the server stumbles lets the others go first, and is tried again", async () => {
  const [one, two] = [await takePhoto(page.database, 10), await takePhoto(page.database, 20)];
  await saveReading(page.database, [one.id, two.id]);
  let stumbles = true;
  office.fault = ({ path }) => (path === "/api/v1/photos/complete" && stumbles && ![...office.photos.values()].some(({ isComplete }) => isComplete) && office.of("/api/v1/photos/complete").length === 1 ? { kind: "answer", status: 503, code: "photo.worker_failed" } : null);
  await page.drainer.run();
  expect(await photo(one.id)).toMatchObject({ state: "waiting" });
  expect(await photo(two.id)).toMatchObject({ state: "safe" });
  expect(await readFact(page.database, "trouble")).toBe("server");
  stumbles = false;
  await page.drainer.run();
  expect(await photo(one.id)).toMatchObject({ state: "safe" });
});

test("A photo whose bytes are gone from the phone, or changed, says so instead of going up for ever", async () => {
  const [lost, changed] = [await takePhoto(page.database, 10), await takePhoto(page.database, 2000)];
  await page.database.delete("photo_files", lost.id);
  await page.database.put("photos", { ...photoOf(changed.id, changed.bytes), sha256: "ab".repeat(32) });
  await saveReading(page.database, [lost.id, changed.id]);
  await page.drainer.run();
  expect((await photo(lost.id)).problem?.code).toBe("field.photo_lost");
  expect(await photo(changed.id)).toMatchObject({ state: "needs_you", problem: { code: "field.photo_unreadable" } });
});

test("A reading saved while photos go up goes before the next photos", async () => {
  const shots = await Promise.all([10, 20, 30, 40, 50].map((size) => takePhoto(page.database, size)));
  await saveReading(page.database, shots.map(({ id }) => id));
  let late = "";
  let firstHeldAt = -1;
  office.fault = ({ path }) => {
    if (path === "/api/v1/photos/complete" && late === "") {
      late = "saving";
      void saveReading(page.database).then((id) => (late = id));
    }
    if (path === "/api/v1/photos/presigned-url" && late !== "" && late !== "saving") firstHeldAt = office.held.size;
    return null;
  };
  await page.drainer.run();
  expect(firstHeldAt).toBe(2);
  expect(office.held.has(late)).toBe(true);
});

test("After a restore the photos go again", async () => {
  const { id, bytes } = await takePhoto(page.database, 3000);
  const visit = await saveReading(page.database, [id]);
  await page.drainer.run();
  office.restore(new Map());
  await page.drainer.run();
  expect(isWhole(heldOf(visit)[0], bytes)).toBe(true);
  expect(await photo(id)).toMatchObject({ state: "safe", epoch: office.epoch });
});
